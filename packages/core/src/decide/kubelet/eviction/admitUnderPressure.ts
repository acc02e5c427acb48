/** A node under pressure takes no more pods (`pkg/kubelet/eviction/eviction_manager.go`, Admit; K-302). */
import { qosClass } from "../../apiserver/qosClass.ts"
import { tolerationsTolerateTaint } from "../../scheduler/taintToleration.ts"
import { isCriticalPod } from "../criticalPod.ts"
import { type PodAdmitHandler, refusal } from "../lifecycle/PodAdmitHandler.ts"

const MEMORY_PRESSURE = { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" }

/** Memory alone is refused only to pods that ask for nothing; any other pressure to all but critical pods. */
export const admitUnderPressure: PodAdmitHandler = ({ pod, pressure }) => {
  if (pressure.length === 0 || isCriticalPod(pod)) return undefined
  if (pressure.length === 1 && pressure[0] === "MemoryPressure") {
    if (qosClass(pod.spec) !== "BestEffort") return undefined
    if (tolerationsTolerateTaint(pod.spec.tolerations, MEMORY_PRESSURE)) return undefined
  }
  return refusal("Evicted", `The node had condition: [${pressure.join(" ")}]. `)
}
