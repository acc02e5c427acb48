/** What the API server refuses of Deployments (`pkg/apis/apps/validation/validation.go`, ValidateDeployment…). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { integer, mapping, text } from "../fields.ts"
import { amountOf, notMoreThan100Percent, positiveIntOrPercent } from "../intOrPercent.ts"
import { type FieldError, fieldForbidden, invalid, notSupported, required } from "../status.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"
import { atMost, nonNegative, sameSelector, validatePods } from "./validateReplicaSet.ts"

const rollingUpdateErrors = (rolling: JsonObject, path: string): ReadonlyArray<FieldError> => {
  const { maxSurge, maxUnavailable } = rolling
  const stuck = amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0
  return [
    ...positiveIntOrPercent(maxUnavailable, `${path}.maxUnavailable`),
    ...positiveIntOrPercent(maxSurge, `${path}.maxSurge`),
    ...(stuck
      ? [invalid(`${path}.maxUnavailable`, maxUnavailable as number | string, "may not be 0 when `maxSurge` is 0")]
      : []),
    ...notMoreThan100Percent(maxUnavailable, `${path}.maxUnavailable`)
  ]
}

const strategyErrors = (strategy: JsonObject): ReadonlyArray<FieldError> => {
  const [type, path] = [text(strategy, "type"), "spec.strategy.rollingUpdate"]
  const { rollingUpdate } = strategy
  if (type === "RollingUpdate")
    return isJsonObject(rollingUpdate)
      ? rollingUpdateErrors(rollingUpdate, path)
      : [required(path, "this should be defaulted and never be nil")]
  if (type === "Recreate")
    return isJsonObject(rollingUpdate)
      ? [fieldForbidden(path, "may not be specified when strategy `type` is 'Recreate'")]
      : []
  // As Go writes what has no names for JSON, and no numbers for nothing.
  const { maxSurge, maxUnavailable } = mapping(strategy, "rollingUpdate")
  const shown = isJsonObject(rollingUpdate) ? { MaxUnavailable: maxUnavailable ?? 0, MaxSurge: maxSurge ?? 0 } : null
  return [notSupported("spec.strategy", { Type: type, RollingUpdate: shown }, ["Recreate", "RollingUpdate"])]
}

const deadlineErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const deadline = integer(spec, "progressDeadlineSeconds")
  if (deadline === undefined || deadline > (integer(spec, "minReadySeconds") ?? 0)) return []
  return [invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")]
}

const validateSpec = (object: KubernetesObject): ReadonlyArray<FieldError> => {
  const spec = mapping(object, "spec")
  return [
    ...nonNegative(spec, ["replicas"], "spec"),
    ...validatePods(spec),
    ...strategyErrors(mapping(spec, "strategy")),
    ...nonNegative(spec, ["minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"], "spec"),
    ...deadlineErrors(spec)
  ]
}

export const validateDeployment = (object: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(object.metadata),
  ...validateSpec(object)
]

export const validateDeploymentUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateSpec(next),
  ...sameSelector(next, old)
]

const counts = ["updatedReplicas", "readyReplicas", "availableReplicas"]
const others = ["unavailableReplicas", "terminatingReplicas", "collisionCount"]

export const validateDeploymentStatus = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => {
  const status = mapping(next, "status")
  const [after, before] = [status, mapping(old, "status")].map((one) => integer(one, "collisionCount"))
  return [
    ...nonNegative(status, ["observedGeneration", "replicas", ...counts, ...others], "status"),
    ...atMost(status, counts),
    ...(before !== undefined && (after === undefined || after < before)
      ? [invalid("status.collisionCount", after ?? 0, "cannot be decremented")]
      : [])
  ]
}
