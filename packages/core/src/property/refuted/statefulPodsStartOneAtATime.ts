/** R17. */
import { isPodReady } from "../../decide/controller/podAvailability.ts"
import { isJsonObject } from "../../event/Json.ts"
import { isPod } from "../../event/KubernetesObject.ts"
import { and, because, implies, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type WorkloadSeen, workload } from "../slice/workload.ts"

const ordered = when(
  "OrderedReady",
  ({ object: { spec } }: WorkloadSeen) => isJsonObject(spec) && spec.podManagementPolicy !== "Parallel"
)

const makesOne = when(
  "a pod is made",
  ({ change: { before, isDeleted, object } }: WorkloadSeen) => isPod(object) && before === undefined && !isDeleted
)

const othersAreReady = when("its other pods are ready", ({ change: { object }, pods }: WorkloadSeen) => {
  const other = pods.find((pod) => pod.metadata.uid !== object.metadata.uid && !isPodReady(pod))
  return because(other === undefined, () => `${other?.metadata.name ?? "none"} is not ready`)
})

export const statefulPodsStartOneAtATime = refuted(
  "R17",
  {
    name: "belief/stateful-pods-start-one-at-a-time",
    says: "A StatefulSet that keeps order starts one pod when all its others are ready",
    why: "It waits for those that come before in the order alone: when several are taken away, or one of them fails, they start together",
    insteadUse: ["L91"],
    source: "pkg/controller/statefulset/stateful_set_control.go, processReplica",
    each: workload.of("StatefulSet")
  },
  () => implies(and(makesOne, ordered), othersAreReady)
)
