/** R18. Of two things of which it is known which came first: a pod is made before its containers start, and they start before they end. */
import type { ContainerStateJson } from "../../event/KubernetesObject.ts"
import { because, implies, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

const EPOCH = "1970-01-01T00:00:00Z"

const isBefore = (one: unknown, other: unknown): boolean =>
  typeof one !== "string" || typeof other !== "string" || one === EPOCH || one < other

/** What is out of order, or at once. */
const wrong = (state: ContainerStateJson | undefined, made: string | undefined): string | undefined => {
  const { finishedAt, startedAt } = state?.terminated ?? state?.running ?? {}
  if (typeof startedAt !== "string" || startedAt === EPOCH) return undefined
  if (made !== undefined && startedAt < made) return `started at ${startedAt}, its pod was made at ${made}`
  return isBefore(startedAt, finishedAt) ? undefined : `started and finished at ${startedAt}`
}

const inOrder = when("stamps in the order of what happened", ({ pod: { metadata }, status }: ContainerSeen) => {
  const found = wrong(status?.state, metadata.creationTimestamp)
  return found === undefined || because(false, () => found)
})

const hasRun = when("it has run", ({ status }: ContainerSeen) => status?.containerID !== undefined)

export const stampsOrderWhatHappened = refuted(
  "R18",
  {
    name: "belief/stamps-order-what-happened",
    says: "Of two stamps the earlier one is of what happened first",
    why: "Stamps are whole seconds, and each machine has a clock of its own: what happened in one second is not told apart, and a kubelet can be ahead of the API server, or behind",
    insteadUse: ["L96"],
    source: "k8s.io/apimachinery pkg/apis/meta/v1/time.go, MarshalJSON",
    each: container,
    clock: "node"
  },
  () => implies(hasRun, inOrder)
)
