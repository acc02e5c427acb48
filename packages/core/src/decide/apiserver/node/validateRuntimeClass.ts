/** What the API server refuses of RuntimeClasses (`pkg/apis/node/validation/validation.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../fields.ts"
import { internalJson } from "../internalJson.ts"
import { dns1123Label } from "../nameRules.ts"
import { duplicate, type FieldError, invalid, required } from "../status.ts"
import { validateOverhead } from "../validateContainer.ts"
import { IMMUTABLE } from "../validateMetadataUpdate.ts"
import { validateLabels, validateObjectMeta } from "../validateObjectMeta.ts"
import { validateTolerations } from "../validateTolerations.ts"

const handlerErrors = (handler: string): ReadonlyArray<FieldError> =>
  handler === "" ? [required("handler")] : dns1123Label(handler).map((message) => invalid("handler", handler, message))

/** What makes one toleration another one; how long it lasts does not. */
const keyOf = (toleration: JsonObject): string =>
  ["key", "operator", "value", "effect"].map((field) => text(toleration, field)).join("\n")

const schedulingErrors = (scheduling: JsonObject): ReadonlyArray<FieldError> => {
  const tolerations = entries(scheduling, "tolerations")
  const keys = tolerations.map(keyOf)
  return [
    ...validateLabels(mapping(scheduling, "nodeSelector"), "scheduling.nodeSelector"),
    ...validateTolerations(tolerations, "scheduling.tolerations"),
    ...tolerations.flatMap((toleration, i) =>
      keys.indexOf(keys[i] ?? "") < i
        ? [duplicate(`scheduling.tolerations[${i}]`, internalJson("Toleration", toleration))]
        : []
    )
  ]
}

export const validateRuntimeClass = (object: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(object.metadata),
  ...handlerErrors(text(object, "handler")),
  ...validateOverhead(mapping(mapping(object, "overhead"), "podFixed"), "overhead"),
  ...schedulingErrors(mapping(object, "scheduling"))
]

export const validateRuntimeClassUpdate = (
  next: KubernetesObject,
  old: KubernetesObject
): ReadonlyArray<FieldError> => [
  ...validateRuntimeClass(next),
  ...(next["handler"] === old["handler"] ? [] : [invalid("handler", text(next, "handler"), IMMUTABLE)])
]
