/** L3: a pod is never rescheduled. */
import { because, transition } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"

export const staysOnItsNode = property(
  "L3",
  {
    name: "pod/stays-on-its-node",
    says: "A pod that has a node keeps it",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-lifetime",
    each: pod
  },
  () =>
    transition("node kept", ({ before, nodeName }: PodSeen) => {
      const was = before?.nodeName
      return because(
        was === undefined || was === nodeName,
        () => `nodeName ${was ?? "(none)"} → ${nodeName ?? "(none)"}`
      )
    })
)
