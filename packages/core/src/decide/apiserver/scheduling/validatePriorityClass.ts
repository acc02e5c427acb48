/** What the API server refuses of PriorityClasses (`pkg/apis/scheduling/validation/validation.go`). */
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { integer, text } from "../fields.ts"
import { systemPriorityClasses } from "../podAdmission.ts"
import { type FieldError, fieldForbidden, invalid, notSupported } from "../status.ts"
import { IMMUTABLE } from "../validateMetadataUpdate.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"

/** HighestUserDefinablePriority. */
const HIGHEST = 1_000_000_000
const SYSTEM = "system-"

/** IsKnownSystemPriorityClass: why it is none. */
const unknown = (object: KubernetesObject): string | undefined => {
  const { name } = object.metadata
  const known = Object.hasOwn(systemPriorityClasses, name) ? systemPriorityClasses[name] : undefined
  if (known === undefined) return `${name} is not a known system priority class`
  if (known.value !== integer(object, "value")) return `value of ${name} PriorityClass must be ${known.value}`
  return object["globalDefault"] === true ? `globalDefault of ${name} PriorityClass must be false` : undefined
}

const valueErrors = (object: KubernetesObject): ReadonlyArray<FieldError> => {
  if (!text(object.metadata, "name").startsWith(SYSTEM)) {
    const why = `maximum allowed value of a user defined priority is ${HIGHEST}`
    return (integer(object, "value") ?? 0) > HIGHEST ? [fieldForbidden("value", why)] : []
  }
  const why = unknown(object)
  const reserved = `priority class names with '${SYSTEM}' prefix are reserved for system use only. error: ${why}`
  return why === undefined ? [] : [fieldForbidden("metadata.name", reserved)]
}

const policies = ["PreemptLowerPriority", "Never"]

export const validatePriorityClass = (object: KubernetesObject): ReadonlyArray<FieldError> => {
  const policy = text(object, "preemptionPolicy")
  return [
    ...validateObjectMeta(object.metadata),
    ...valueErrors(object),
    ...(policies.includes(policy) ? [] : [notSupported("preemptionPolicy", policy, policies)])
  ]
}

export const validatePriorityClassUpdate = (
  next: KubernetesObject,
  old: KubernetesObject
): ReadonlyArray<FieldError> => {
  const [policy, before] = [text(next, "preemptionPolicy"), text(old, "preemptionPolicy")]
  const same = (integer(next, "value") ?? 0) === (integer(old, "value") ?? 0)
  return [
    ...(same ? [] : [fieldForbidden("value", "may not be changed in an update.")]),
    ...(policy === before ? [] : [invalid("preemptionPolicy", policy, IMMUTABLE)])
  ]
}
