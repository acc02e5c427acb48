/** What the API server refuses in a container's variables (`pkg/apis/core/validation/validation.go`, ValidateEnv, ValidateEnvFrom). */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { entries, numbered, text } from "./fields.ts"
import { configMapKey, dns1123Subdomain, qualifiedName } from "./nameRules.ts"
import { type FieldError, invalid, notSupported, required } from "./status.ts"

const NAME_SHAPE = "a valid environment variable name must consist only of printable ASCII characters other than '='"

const nameErrors = (name: string, field: string): ReadonlyArray<FieldError> =>
  /^[ -<>-~]+$/.test(name) ? [] : [invalid(field, name, NAME_SHAPE)]

const fieldPaths = [
  ...["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"],
  ...["status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"]
]

/** ConvertDownwardAPIFieldLabel knows these, too: volumes have them. */
const otherPaths = [
  "metadata.annotations",
  "metadata.labels",
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase"
]

const fieldErrors = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const path = text(source, "fieldPath")
  const field = `${at}.fieldPath`
  if (path === "") return [required(field)]
  const [, map, key] = /^(.+)\['(.*)'\]$/.exec(path) ?? []
  if (map === "metadata.annotations" || map === "metadata.labels") {
    const name = map === "metadata.labels" ? (key ?? "") : (key ?? "").toLowerCase()
    return qualifiedName(name).map((message) => invalid(at, name, message))
  }
  if (!fieldPaths.includes(path) && !otherPaths.includes(path))
    return [invalid(field, path, `error converting fieldPath: field label not supported: ${path}`)]
  return fieldPaths.includes(path) ? [] : [notSupported(field, path, fieldPaths)]
}

/** Of a ConfigMap or a Secret. */
const keyErrors = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [name, key] = [text(source, "name"), text(source, "key")]
  return [
    ...(name === "" ? [required(`${at}.name`)] : []),
    ...(key === "" ? [required(`${at}.key`)] : configMapKey(key).map((message) => invalid(`${at}.key`, key, message)))
  ]
}

const sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"]

const sourceErrors = (variable: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const from = variable["valueFrom"]
  if (!isJsonObject(from)) return []
  const given = sources.filter((source) => isJsonObject(from[source]))
  const found = given.flatMap((source) => {
    const item = from[source] as JsonObject
    if (source === "fieldRef") return fieldErrors(item, `${at}.fieldRef`)
    return source.endsWith("KeyRef") && source !== "fileKeyRef" ? keyErrors(item, `${at}.${source}`) : []
  })
  const [last, most] = [sources.at(-1), sources.slice(0, -1)]
  if (given.length === 0) {
    const all = `${most.map((source) => `\`${source}\``).join(", ")} or \`${last}\``
    return [invalid(at, "", `must specify one of: ${all}`)]
  }
  if (text(variable, "value") !== "")
    return [...found, invalid(at, "", "may not be specified when `value` is not empty")]
  return given.length > 1 ? [...found, invalid(at, "", "may not have more than one field specified at a time")] : found
}

export const validateEnv = (container: JsonObject, path: string): ReadonlyArray<FieldError> =>
  numbered(entries(container, "env"), `${path}.env`).flatMap(({ at, item }) => {
    const name = text(item, "name")
    return [
      ...(name === "" ? [required(`${at}.name`)] : nameErrors(name, `${at}.name`)),
      ...sourceErrors(item, `${at}.valueFrom`)
    ]
  })

/** Of what is wrong with the sources the list is told, not its entry. */
export const validateEnvFrom = (container: JsonObject, path: string): ReadonlyArray<FieldError> =>
  numbered(entries(container, "envFrom"), `${path}.envFrom`).flatMap(({ at, item }) => {
    const prefix = text(item, "prefix")
    const given = ["configMapRef", "secretRef"].filter((source) => isJsonObject(item[source]))
    return [
      ...(prefix === "" ? [] : nameErrors(prefix, `${at}.prefix`)),
      ...given.flatMap((source) => {
        const name = text(item[source] as JsonObject, "name")
        if (name === "") return [required(`${at}.${source}.name`)]
        return dns1123Subdomain(name.replace(/-$/, "a")).map((message) =>
          invalid(`${at}.${source}.name`, name, message)
        )
      }),
      ...(given.length === 0
        ? [invalid(`${path}.envFrom`, "", "must specify one of: `configMapRef` or `secretRef`")]
        : []),
      ...(given.length > 1
        ? [invalid(`${path}.envFrom`, "", "may not have more than one field specified at a time")]
        : [])
    ]
  })
