/** The status of a ReplicaSet (`pkg/controller/replicaset/replica_set_utils.go`; C-271, C-272). */
import { type Instant, toTime } from "../../../event/Instant.ts"
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { integer, mapping } from "../../apiserver/fields.ts"
import { selects } from "../../client/labelSelector.ts"
import { isPodAvailable, isPodReady } from "../podAvailability.ts"

export interface Observed {
  readonly active: ReadonlyArray<PodObject>
  /** `undefined`: nobody counts them (gate DeploymentReplicaSetTerminatingReplicas). */
  readonly terminating: ReadonlyArray<PodObject> | undefined
  /** Why pods could not be made or deleted. */
  readonly failure: string | undefined
  readonly now: Instant
}

const FAILURE = "ReplicaFailure"

const conditionsOf = (status: JsonObject): ReadonlyArray<Json> =>
  Array.isArray(status["conditions"]) ? status["conditions"] : []

const isFailure = (condition: Json): boolean => isJsonObject(condition) && condition["type"] === FAILURE

const conditions = (old: JsonObject, wanted: number, { active, failure, now }: Observed): ReadonlyArray<Json> => {
  const before = conditionsOf(old)
  const has = before.some(isFailure)
  if (failure === undefined) return has ? before.filter((condition) => !isFailure(condition)) : before
  if (has) return before
  const reason = active.length < wanted ? "FailedCreate" : "FailedDelete"
  const condition = { type: FAILURE, status: "True", lastTransitionTime: toTime(now), reason, message: failure }
  return [...before, condition]
}

/** The status to write; `undefined`: what is there says it already. */
export const calculateStatus = (replicaSet: KubernetesObject, observed: Observed): JsonObject | undefined => {
  const { active, now, terminating } = observed
  const [spec, old] = [mapping(replicaSet, "spec"), mapping(replicaSet, "status")]
  const full = { matchLabels: mapping(mapping(mapping(spec, "template"), "metadata"), "labels") }
  const ready = active.filter(isPodReady)
  const available = ready.filter((pod) => isPodAvailable(pod, integer(spec, "minReadySeconds") ?? 0, now))
  const told = conditions(old, integer(spec, "replicas") ?? 1, observed)
  const status = {
    replicas: active.length,
    fullyLabeledReplicas: active.filter(({ metadata }) => selects(full, metadata.labels)).length,
    readyReplicas: ready.length,
    availableReplicas: available.length,
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating.length }),
    observedGeneration: replicaSet.metadata.generation ?? 0,
    conditions: told
  }
  const numbers = [
    "replicas",
    "fullyLabeledReplicas",
    "readyReplicas",
    "availableReplicas",
    "observedGeneration"
  ] as const
  const same =
    numbers.every((key) => (integer(old, key) ?? 0) === status[key]) &&
    integer(old, "terminatingReplicas") === terminating?.length &&
    jsonEqual(conditionsOf(old), told)
  return same ? undefined : status
}
