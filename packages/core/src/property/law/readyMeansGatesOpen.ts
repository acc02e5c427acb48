/**
 * L21: somebody else says whether a gate is open; the kubelet takes Ready back when it has seen that one is not. One that stops the
 * pod is past that (R5).
 */

import { isJsonObject } from "../../event/Json.ts"
import { kubeletRuns, nodeReachable } from "../language/assumptions.ts"
import { and, because, leadsTo, not, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { condition, conditionOf, terminal, terminating } from "../vocabulary/pod.ts"

const closedGateOf = ({ pod }: PodSeen): string | undefined => {
  const gates = pod.spec.readinessGates
  if (!Array.isArray(gates)) return undefined
  const types = gates.map((gate) => (isJsonObject(gate) ? String(gate.conditionType) : ""))
  return types.find((type) => conditionOf(pod, type) !== "True")
}

const gateClosed = when("a readiness gate is closed", (seen: PodSeen) => {
  const closed = closedGateOf(seen)
  return because(closed !== undefined, () => (closed === undefined ? "all are open" : `${closed} is not True`))
})

export const readyMeansGatesOpen = property(
  "L21",
  {
    name: "pod/ready-means-gates-open",
    says: "A pod with a closed readiness gate is not Ready, or no longer when its kubelet has seen it",
    source: "pkg/kubelet/status/generate.go, GeneratePodReadyCondition",
    each: pod,
    assume: [nodeReachable, kubeletRuns],
    params: { slack: "10 s" }
  },
  ({ params }) => {
    const ready = condition("Ready")
    return leadsTo(and(ready, gateClosed), or(not(ready), not(gateClosed)))
      .within(params.slack)
      .unless(or(terminating, terminal))
  }
)
