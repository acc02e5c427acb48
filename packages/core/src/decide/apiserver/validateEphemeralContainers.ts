/** What the API server refuses in ephemeral containers (`pkg/apis/core/validation/validation.go`, validateEphemeralContainers; K-385). */
import type { JsonObject } from "../../event/Json.ts"
import { entries, numbered, text } from "./fields.ts"
import { duplicate, type FieldError, fieldForbidden, valueNotFound } from "./status.ts"
import { validateContainer } from "./validateContainer.ts"

const WHY = "cannot be set for an Ephemeral Container"
const refused = [
  "ports",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
  "resizePolicy",
  "restartPolicy"
]

const isGiven = (container: JsonObject, field: string): boolean => {
  const value = container[field]
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null
}

const fieldErrors = (container: JsonObject, at: string): ReadonlyArray<FieldError> => [
  ...refused.filter((field) => isGiven(container, field)).map((field) => fieldForbidden(`${at}.${field}`, WHY)),
  ...(Object.keys((container["resources"] as JsonObject | undefined) ?? {}).length > 0
    ? [fieldForbidden(`${at}.resources`, WHY)]
    : []),
  ...numbered(entries(container, "volumeMounts"), `${at}.volumeMounts`).flatMap(({ at: mount, item }) =>
    ["subPath", "subPathExpr"]
      .filter((field) => text(item, field) !== "")
      .map((field) => fieldForbidden(`${mount}.${field}`, WHY))
  )
]

/** `volumes`: the names of the pod's volumes. */
export const validateEphemeralContainers = (
  spec: JsonObject,
  volumes: ReadonlySet<string>
): ReadonlyArray<FieldError> => {
  const others = [...entries(spec, "containers"), ...entries(spec, "initContainers")].map((one) => text(one, "name"))
  const names = new Set(others)
  return numbered(entries(spec, "ephemeralContainers"), "spec.ephemeralContainers").flatMap(({ at, item }) => {
    const [name, target] = [text(item, "name"), text(item, "targetContainerName")]
    const repeated = names.has(name)
    names.add(name)
    return [
      ...validateContainer(item, volumes, at),
      ...(repeated ? [duplicate(`${at}.name`, name)] : []),
      ...(target === "" || others.includes(target) ? [] : [valueNotFound(`${at}.targetContainerName`, target)]),
      ...fieldErrors(item, at)
    ]
  })
}
