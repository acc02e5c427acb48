/** What the API server refuses in a container's variables (`pkg/apis/core/validation/validation.go`, ValidateEnv, ValidateEnvFrom). */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { entries, mapping, numbered, text, visitContainers } from "./fields.ts"
import { configMapKey, dns1123Label, dns1123Subdomain } from "./nameRules.ts"
import { type FieldError, invalid, required, valueNotFound } from "./status.ts"
import { fieldRefErrors, resourceFieldRefErrors } from "./validateFieldRef.ts"
import { noBacksteps } from "./validateVolumeMounts.ts"

const NAME_SHAPE = "a valid environment variable name must consist only of printable ASCII characters other than '='"

const nameErrors = (name: string, field: string): ReadonlyArray<FieldError> =>
  /^[ -<>-~]+$/.test(name) ? [] : [invalid(field, name, NAME_SHAPE)]

const fieldPaths = [
  ...["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"],
  ...["status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"]
]

/** Of a ConfigMap or a Secret. */
const keyErrors = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [name, key] = [text(source, "name"), text(source, "key")]
  return [
    ...dns1123Subdomain(name).map((message) => invalid(`${at}.name`, name, message)),
    ...(key === "" ? [required(`${at}.key`)] : configMapKey(key).map((message) => invalid(`${at}.key`, key, message)))
  ]
}

/** validateFileKeySelector: a line of a file that a container wrote. */
const fileKeyErrors = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [key, volume, path] = [text(source, "key"), text(source, "volumeName"), text(source, "path")]
  return [
    ...(key === "" ? [required(`${at}.key`)] : nameErrors(key, `${at}.key`)),
    ...(volume === ""
      ? [required(`${at}.volumeName`)]
      : dns1123Label(volume).map((message) => invalid(`${at}.volumeName`, volume, message))),
    ...(path === "" ? [required(`${at}.path`)] : noBacksteps(path, `${at}.path`))
  ]
}

const rules: { readonly [source: string]: (source: JsonObject, at: string) => ReadonlyArray<FieldError> } = {
  fieldRef: (source, at) => fieldRefErrors(source, at, fieldPaths),
  resourceFieldRef: (source, at) => resourceFieldRefErrors(source, at, false),
  configMapKeyRef: keyErrors,
  secretKeyRef: keyErrors,
  fileKeyRef: fileKeyErrors
}
const sources = Object.keys(rules)

const sourceErrors = (variable: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const from = variable["valueFrom"]
  if (!isJsonObject(from)) return []
  const given = sources.filter((source) => isJsonObject(from[source]))
  const found = given.flatMap((source) => rules[source]?.(from[source] as JsonObject, `${at}.${source}`) ?? [])
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

/** validateFileKeyRefVolumes: such a file lies in an emptyDir, and nowhere else. */
export const validateFileKeyVolumes = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const volumes = new Map(entries(spec, "volumes").map((volume) => [text(volume, "name"), volume]))
  return visitContainers(spec).flatMap(({ at: path, item: container }) =>
    numbered(entries(container, "env"), `${path}.env`).flatMap(({ at, item }) => {
      const from = mapping(item, "valueFrom")
      if (!isJsonObject(from["fileKeyRef"])) return []
      const name = text(from["fileKeyRef"], "volumeName")
      const [volume, field] = [volumes.get(name), `${at}.valueFrom.fileKeyRef.volumeName`]
      if (volume === undefined) return [valueNotFound(field, name)]
      return volume["emptyDir"] === undefined
        ? [invalid(field, name, "referenced volume must be of type emptyDir")]
        : []
    })
  )
}
