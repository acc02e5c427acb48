/** O4: how the instance before ended is known until the next one ends; of one that never ran it is said that it waits (L40). */
import { noStateLoss } from "../language/assumptions.ts"
import { because, implies, or, previously, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

const hasLastEnd = when("lastState.terminated", ({ status }: ContainerSeen) =>
  because(status?.lastState?.terminated !== undefined, () => `lastState ${JSON.stringify(status?.lastState ?? {})}`)
)

const neverRan = when(
  "the instance before never ran",
  ({ status }: ContainerSeen) => status?.lastState?.waiting !== undefined
)

export const lastEndStays = property(
  "O4",
  {
    name: "container/last-end-stays",
    says: "How a container's instance before ended is not forgotten",
    source: "openshift/origin pkg/monitortests/node/watchpods/collection.go",
    each: container,
    assume: [noStateLoss]
  },
  () => implies(previously(hasLastEnd), or(hasLastEnd, neverRan))
)
