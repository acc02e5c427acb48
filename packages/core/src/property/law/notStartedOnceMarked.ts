/**
 * L62: what is to be stopped is not started. A kubelet that has seen the deletion says so by the generation that it reports; what it
 * was doing goes on to its end before (K-013), and what was started then may be told a little later.
 */
import { and, because, implies, once, or, rose, transition, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

const app = when("app container", ({ role }: ContainerSeen) => role === "app")

const markSeen = when("its kubelet has seen the deletion", ({ pod: { metadata, status } }: ContainerSeen) => {
  if (metadata.deletionTimestamp === undefined || metadata.generation === undefined) return false
  return because(
    metadata.generation === status.observedGeneration,
    () => `generation ${metadata.generation}, observed ${status.observedGeneration ?? "(none)"}`
  )
})

const none = transition("no other instance", ({ before, status }: ContainerSeen) => {
  const [was, is] = [before?.status?.containerID, status?.containerID]
  return because(is === undefined || is === was, () => `${was ?? "(no instance)"} → ${is ?? "(no instance)"}`)
})

export const notStartedOnceMarked = property(
  "L62",
  {
    name: "container/not-started-once-marked",
    says: "A kubelet that has seen a pod's deletion starts no app container of it",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow",
    each: container,
    params: { slack: "5 s" }
  },
  ({ params }) => {
    const lately = once(rose(markSeen)).within(params.slack)
    return implies(and(app, markSeen), or(none, lately))
  }
)
