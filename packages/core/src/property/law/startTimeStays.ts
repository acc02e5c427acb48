/** K-210: the pod's start is a moment, not a state. */
import { because, transition } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"

export const startTimeStays = property(
  "K-210",
  {
    name: "pod/start-time-stays",
    says: "status.startTime, once set, stays",
    source: "pkg/kubelet/status/status_manager.go, updateStatusInternal",
    each: pod,
    clock: "node"
  },
  () =>
    transition("startTime kept", ({ before, pod: { status } }: PodSeen) => {
      const was = before?.pod.status.startTime
      return because(was === undefined || was === status.startTime, () => `startTime ${was} → ${status.startTime}`)
    })
)
