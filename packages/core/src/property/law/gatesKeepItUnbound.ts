/** L70: a pod that waits for somebody's leave is not scheduled. */
import { because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"

const gated = when("has scheduling gates", ({ pod: { spec } }: PodSeen) => {
  const gates = spec.schedulingGates
  return Array.isArray(gates) && gates.length > 0
})

const unbound = when("has no node", ({ nodeName }: PodSeen) =>
  because(nodeName === undefined, () => `nodeName ${nodeName ?? "(none)"}`)
)

export const gatesKeepItUnbound = property(
  "L70",
  {
    name: "pod/gates-keep-it-unbound",
    says: "A pod with scheduling gates has no node",
    source: "kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/",
    each: pod
  },
  () => implies(gated, unbound)
)
