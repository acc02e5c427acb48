/**
 * What the API server refuses in references to fields and resources of a pod, as variables and files have them
 * (`pkg/apis/core/validation/validation.go`, validateObjectFieldSelector, validateContainerResourceFieldSelector).
 */
import type { JsonObject } from "../../event/Json.ts"
import { parseQuantity, quantityText } from "../../event/Quantity.ts"
import { text } from "./fields.ts"
import { qualifiedName } from "./nameRules.ts"
import { type FieldError, invalid, notSupported, required } from "./status.ts"

/** Those that ConvertDownwardAPIFieldLabel knows. */
const labels = [
  ...["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"],
  ...["spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "spec.schedulerName", "status.phase"],
  ...["status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"]
]

/** One entry of a map: `metadata.labels['app']` (SplitMaybeSubscriptedPath). */
const subscripted = (path: string): readonly [map: string, key: string] | undefined => {
  const start = path.indexOf("['")
  return path.endsWith("']") && start > 0 && start < path.length - 2
    ? [path.slice(0, start), path.slice(start + 2, -2)]
    : undefined
}

/** `supported`: the fields that may be asked for there, in the order of the alphabet. */
export const fieldRefErrors = (
  reference: JsonObject,
  at: string,
  supported: ReadonlyArray<string>
): ReadonlyArray<FieldError> => {
  const [version, path, field] = [text(reference, "apiVersion"), text(reference, "fieldPath"), `${at}.fieldPath`]
  const wrong = (why: string): ReadonlyArray<FieldError> => [invalid(field, path, `error converting fieldPath: ${why}`)]
  if (version === "") return [required(`${at}.apiVersion`)]
  if (path === "") return [required(field)]
  if (version !== "v1") return wrong(`unsupported pod version: ${version}`)
  const entry = subscripted(path)
  if (entry !== undefined) {
    const [map, key] = entry
    if (map !== "metadata.annotations" && map !== "metadata.labels")
      return wrong(`field label does not support subscript: ${path}`)
    const name = map === "metadata.labels" ? key : key.toLowerCase()
    return qualifiedName(name).map((message) => invalid(at, name, message))
  }
  // What clients of old called the node's name.
  const known = path === "spec.host" ? "spec.nodeName" : path
  if (!labels.includes(known)) return wrong(`field label not supported: ${path}`)
  return supported.includes(known) ? [] : [notSupported(field, known, supported)]
}

const resources = [
  ...["limits.cpu", "limits.ephemeral-storage", "limits.memory"],
  ...["requests.cpu", "requests.ephemeral-storage", "requests.memory"]
]
const bytes = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"]

const isHugePages = (resource: string): boolean => /^(requests|limits)\.hugepages-/.test(resource)

/** What a resource is counted in, and how Kubernetes calls it. */
const divisorsOf = (
  resource: string
): { readonly allowed: ReadonlyArray<string>; readonly what: string } | undefined => {
  if (isHugePages(resource)) return { allowed: bytes, what: "hugepages" }
  if (!resources.includes(resource)) return undefined
  if (resource.endsWith(".cpu")) return { allowed: ["1m", "1"], what: "cpu" }
  return { allowed: bytes, what: resource.endsWith(".memory") ? "memory" : "local ephemeral storage" }
}

const divisorErrors = (reference: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const resource = text(reference, "resource")
  const divisor = parseQuantity(String(reference["divisor"] ?? "0"))
  const known = divisorsOf(resource)
  if (divisor === undefined || divisor.nano === 0n || known === undefined) return []
  if (known.allowed.includes(quantityText(divisor))) return []
  const values = known.what === "cpu" ? "1m and 1" : bytes.join(", ")
  const why = `only divisor's values ${values} are supported with the ${known.what} resource`
  return [invalid(`${at}.divisor`, resource, why)]
}

/** `inVolume`: files belong to no container, and have to name one. */
export const resourceFieldRefErrors = (
  reference: JsonObject,
  at: string,
  inVolume: boolean
): ReadonlyArray<FieldError> => {
  const resource = text(reference, "resource")
  const ofName = (): ReadonlyArray<FieldError> => {
    if (inVolume && text(reference, "containerName") === "") return [required(`${at}.containerName`)]
    if (resource === "") return [required(`${at}.resource`)]
    return resources.includes(resource) || isHugePages(resource)
      ? []
      : [notSupported(`${at}.resource`, resource, resources)]
  }
  return [...ofName(), ...divisorErrors(reference, at)]
}
