/** L24: readiness comes after initialization. */
import { implies } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { pod } from "../slice/pod.ts"
import { condition } from "../vocabulary/pod.ts"

export const readyMeansInitialized = property(
  "L24",
  {
    name: "pod/ready-means-initialized",
    says: "A pod that is Ready is Initialized",
    source: "kubernetes.io/docs/concepts/workloads/pods/init-containers/#detailed-behavior",
    each: pod
  },
  () => implies(condition("Ready"), condition("Initialized"))
)
