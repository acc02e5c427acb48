/** L65: where no kubelet has to end anything, a deletion needs no grace: K-240. */

import { isTerminalPhase } from "../../decide/kubelet/podPhase.ts"
import { and, because, leadsTo, rose, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { deleted, finalizers, terminating } from "../vocabulary/pod.ts"

const nothingRuns = when("unscheduled, or had ended", ({ before, pod: object }: PodSeen) => {
  const { spec, status } = before?.pod ?? object
  return because(
    spec.nodeName === undefined || isTerminalPhase(status.phase),
    () => `nodeName ${spec.nodeName ?? "(none)"}, phase ${status.phase ?? "(none)"}`
  )
})

export const nothingToWaitForIsGoneAtOnce = property(
  "L65",
  {
    name: "pod/nothing-to-wait-for-is-gone-at-once",
    says: "A pod without a node, or one that has ended, is gone as soon as it is deleted",
    source: "pkg/registry/core/pod/strategy.go, CheckGracefulDelete",
    each: pod,
    params: { slack: "5 s" }
  },
  ({ params }) =>
    leadsTo(and(rose(terminating), nothingRuns), deleted)
      .within(params.slack)
      .unless(finalizers)
)
