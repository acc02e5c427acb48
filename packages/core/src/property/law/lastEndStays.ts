/** O4: how the instance before ended is known until the next one ends. */
import { noStateLoss } from "../language/assumptions.ts"
import { because, implies, previously, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

const hasLastEnd = when("lastState.terminated", ({ status }: ContainerSeen) =>
  because(status?.lastState?.terminated !== undefined, () => `lastState ${JSON.stringify(status?.lastState ?? {})}`)
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
  () => implies(previously(hasLastEnd), hasLastEnd)
)
