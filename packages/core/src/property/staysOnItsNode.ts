/** L3: a pod is never rescheduled. */
import { lifeOf, type PodLaw, step } from "./PodLaw.ts"

const on = (nodeName: string) => ({ spec: { containers: [], nodeName } })

export const staysOnItsNode: PodLaw = {
  id: "L3",
  sentence: "a pod that has a node keeps it",
  source: "docs/concepts/workloads/pods/pod-lifecycle: Pods are only scheduled once in their lifetime",
  violatedAt: step(
    ({ spec: { nodeName: before } }, { spec: { nodeName: after } }) => before === undefined || before === after
  ),
  counterexample: lifeOf(on("a"), on("b"))
}
