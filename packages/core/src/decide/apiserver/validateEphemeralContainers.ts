/** What the API server refuses in ephemeral containers (`pkg/apis/core/validation/validation.go`, validateEphemeralContainers; K-385). */
import type { JsonObject } from "../../event/Json.ts"
import { entries, mapping, numbered, text } from "./fields.ts"
import { duplicate, type FieldError, fieldForbidden, valueNotFound } from "./status.ts"
import { type PodNames, validateContainer, validateImage } from "./validateContainer.ts"
import { validateResizePolicy } from "./validateResizePolicy.ts"
import { validateSecurityContext } from "./validateSecurityContext.ts"

const WHY = "cannot be set for an Ephemeral Container"
/** In the order of Container. */
const refused = [
  ...["ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules"],
  ...["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"]
]

const isGiven = (container: JsonObject, field: string): boolean => {
  const value = container[field]
  if (field === "resources") return Object.keys(mapping(container, field)).length > 0
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null
}

const fieldErrors = (container: JsonObject, at: string): ReadonlyArray<FieldError> => [
  ...refused.filter((field) => isGiven(container, field)).map((field) => fieldForbidden(`${at}.${field}`, WHY)),
  ...numbered(entries(container, "volumeMounts"), `${at}.volumeMounts`).flatMap(({ at: mount, item }) =>
    ["subPath", "subPathExpr"]
      .filter((field) => text(item, field) !== "")
      .map((field) => fieldForbidden(`${mount}.${field}`, WHY))
  )
]

export const validateEphemeralContainers = (spec: JsonObject, known: PodNames): ReadonlyArray<FieldError> => {
  const others = [...entries(spec, "containers"), ...entries(spec, "initContainers")].map((one) => text(one, "name"))
  const names = new Set(others)
  return numbered(entries(spec, "ephemeralContainers"), "spec.ephemeralContainers").flatMap(({ at, item }) => {
    const [name, target] = [text(item, "name"), text(item, "targetContainerName")]
    const repeated = names.has(name)
    names.add(name)
    return [
      ...validateContainer(item, known, at),
      ...validateResizePolicy(item, `${at}.resizePolicy`, text(spec, "restartPolicy")),
      ...validateSecurityContext(
        mapping(item, "securityContext"),
        `${at}.securityContext`,
        spec["hostUsers"] !== false
      ),
      ...validateImage(item, at),
      ...(repeated ? [duplicate(`${at}.name`, name)] : []),
      ...(target === "" || others.includes(target) ? [] : [valueNotFound(`${at}.targetContainerName`, target)]),
      ...fieldErrors(item, at)
    ]
  })
}
