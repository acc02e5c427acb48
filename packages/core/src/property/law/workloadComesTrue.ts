/**
 * L95: what is wanted comes true, and again after whatever disturbs it (Anvil's eventually stable reconciliation, with a time). The
 * controllers say which version of the wish they have seen; a ReplicaSet has as many pods as it wants, where the API server lets it make
 * them; and a StatefulSet whose pods are all ready has no more than it wants.
 */
import { isPodActive, isPodReady } from "../../decide/controller/podAvailability.ts"
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { isPod, type KubernetesObject } from "../../event/KubernetesObject.ts"
import { and, because, leadsTo, not, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type WorkloadSeen, workload } from "../slice/workload.ts"

const EMPTY: JsonObject = {}
const part = (object: KubernetesObject, field: "spec" | "status"): JsonObject => {
  const found = object[field]
  return isJsonObject(found) ? found : EMPTY
}

const counting = new Set(["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController"])

const unseen = when("another version is wanted than its controller has seen", ({ object }: WorkloadSeen) => {
  const { generation } = object.metadata
  const { observedGeneration } = part(object, "status")
  const isBehind = counting.has(object.kind) && generation !== undefined && observedGeneration !== generation
  return because(isBehind, () => `generation ${generation}, observed ${String(observedGeneration ?? "(none)")}`)
})

const leaves = when(
  "is to be deleted",
  ({ isDeleted, object }: WorkloadSeen) => isDeleted || object.metadata.deletionTimestamp !== undefined
)

/** One more that counts, or one fewer. */
const moves = when("a pod comes or goes", ({ change: { before, isDeleted, object } }: WorkloadSeen) => {
  if (!isPod(object)) return false
  const was = before !== undefined && isPod(before) && isPodActive(before)
  return was !== (isPodActive(object) && !isDeleted)
})

const differs = when("has another number of pods than it wants", (seen: WorkloadSeen) => {
  if (seen.object.kind !== "ReplicaSet") return false
  const [count, wanted] = [seen.pods.filter(isPodActive).length, part(seen.object, "spec").replicas]
  return because(count !== wanted, () => `${count} pods, ${String(wanted)} wanted`)
})

/** The API server does not let it: its quota is used up, its pods are not allowed. */
const refused = when("may not make pods", ({ object }: WorkloadSeen) => {
  const { conditions } = part(object, "status")
  if (!Array.isArray(conditions)) return false
  return (conditions as ReadonlyArray<JsonObject>).some(
    ({ status, type }) => type === "ReplicaFailure" && status === "True"
  )
})

const hasTooMany = when("all its pods are ready, and more than it wants", (seen: WorkloadSeen) => {
  if (seen.object.kind !== "StatefulSet") return false
  const wanted = Number(part(seen.object, "spec").replicas ?? 1)
  const { pods } = seen
  const isOver = pods.length > wanted && pods.every((pod) => isPodActive(pod) && isPodReady(pod))
  return because(isOver, () => `${pods.length} ready pods, ${wanted} wanted`)
})

export const workloadComesTrue = property(
  "L95",
  {
    name: "workload/comes-true",
    says: "What is wanted of a workload is soon seen by its controller, and its pods are as many as it wants",
    source: "kubernetes.io/docs/concepts/architecture/controller/",
    each: workload,
    params: { seen: "1m", soon: "2m" }
  },
  ({ params }) =>
    and(
      leadsTo(unseen, or(not(unseen), leaves)).within(params.seen),
      leadsTo(and(moves, differs), or(not(differs), leaves))
        .within(params.soon)
        .unless(refused),
      leadsTo(hasTooMany, or(not(hasTooMany), leaves)).within(params.soon)
    )
)
