/** What the API server refuses in a container (`pkg/apis/core/validation/validation.go`, validateContainerCommon; C-046…C-073). */
import type { Json, JsonObject } from "../../event/Json.ts"
import { compareQuantity, parseQuantity, type Quantity, quantityText } from "../../event/Quantity.ts"
import { entries, integer, mapping, text } from "./fields.ts"
import { between, dns1123Label, portName } from "./nameRules.ts"
import {
  containerResourceErrors,
  mayBeOvercommitted,
  podResourceErrors,
  type ResourceNameRule,
  resourceAmountErrors
} from "./resourceNames.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, notSupported, required } from "./status.ts"
import { validateEnv, validateEnvFrom } from "./validateEnv.ts"
import { validateHandler } from "./validateHandler.ts"
import { validateClaimNames } from "./validateResourceClaims.ts"
import { type Volumes, validateVolumeDevices, validateVolumeMounts } from "./validateVolumeMounts.ts"

const oneOf = (path: string, value: string, supported: ReadonlyArray<string>): ReadonlyArray<FieldError> =>
  value === "" ? [required(path)] : supported.includes(value) ? [] : [notSupported(path, value, supported)]

const isPort = (value: number): boolean => value >= 1 && value <= 65_535

const validatePorts = (ports: ReadonlyArray<JsonObject>, path: string): ReadonlyArray<FieldError> => {
  const seen = new Set<string>()
  return ports.flatMap((port, i) => {
    const at = `${path}[${i}]`
    const name = text(port, "name")
    const messages = name === "" ? [] : portName(name)
    const ofName =
      messages.length > 0
        ? messages.map((message) => invalid(`${at}.name`, name, message))
        : name !== "" && seen.has(name)
          ? [duplicate(`${at}.name`, name)]
          : []
    if (messages.length === 0) seen.add(name)
    const containerPort = integer(port, "containerPort") ?? 0
    const hostPort = integer(port, "hostPort") ?? 0
    return [
      ...ofName,
      ...(containerPort === 0
        ? [required(`${at}.containerPort`)]
        : isPort(containerPort)
          ? []
          : [invalid(`${at}.containerPort`, containerPort, between(1, 65_535))]),
      ...(hostPort === 0 || isPort(hostPort) ? [] : [invalid(`${at}.hostPort`, hostPort, between(1, 65_535))]),
      ...oneOf(`${at}.protocol`, text(port, "protocol"), ["SCTP", "TCP", "UDP"])
    ]
  })
}

const isHugePages = (name: string): boolean => name.startsWith("hugepages-")
/** Of pages only whole ones are given (IsHugePageResourceValueDivisible). */
const isWholePages = (name: string, quantity: Quantity): boolean => {
  const page = parseQuantity(name.slice("hugepages-".length))
  const size = page === undefined ? 0n : ceiling(page)
  return size > 0n && page !== undefined && page.nano % 1_000_000_000n === 0n && ceiling(quantity) % size === 0n
}

/** Quantity.Value: up to the next whole number. */
const ceiling = ({ nano }: Quantity): bigint =>
  nano > 0n ? (nano + 999_999_999n) / 1_000_000_000n : nano / 1_000_000_000n

const validateQuantity = (name: string, value: Json | undefined, path: string): ReadonlyArray<FieldError> => {
  const quantity = parseQuantity(String(value ?? ""))
  if (quantity === undefined) return []
  const pages = `${quantityText(quantity)} is not positive integer multiple of ${name}`
  return [
    ...resourceAmountErrors(name, value ?? null, path),
    ...(isHugePages(name) && !isWholePages(name, quantity) ? [invalid(path, quantityText(quantity), pages)] : [])
  ]
}

/** Resources that are no standard ones cannot be overcommitted: what is asked for must be the limit. */
const validateRequest = (
  name: string,
  requests: JsonObject,
  limits: JsonObject,
  path: string
): ReadonlyArray<FieldError> => {
  const overcommit = mayBeOvercommitted(name)
  const [request, limit] = [parseQuantity(String(requests[name] ?? "")), parseQuantity(String(limits[name] ?? ""))]
  if (limit === undefined)
    return overcommit ? [] : [required(`${path}.limits`, "Limit must be set for non overcommitable resources")]
  if (request === undefined) return []
  const order = compareQuantity(request, limit)
  if (order !== 0 && !overcommit)
    return [
      invalid(`${path}.requests`, quantityText(request), `must be equal to ${name} limit of ${quantityText(limit)}`)
    ]
  return order > 0
    ? [
        invalid(
          `${path}.requests`,
          quantityText(request),
          `must be less than or equal to ${name} limit of ${quantityText(limit)}`
        )
      ]
    : []
}

/** What a container, or a pod as a whole, asks for and may have at most (validateResourceRequirements). */
const resourceErrors = (resources: JsonObject, path: string, rule: ResourceNameRule): ReadonlyArray<FieldError> => {
  const [limits, requests] = [mapping(resources, "limits"), mapping(resources, "requests")]
  const named = (list: JsonObject, field: string) =>
    Object.keys(list).flatMap((name) => [
      ...rule(name, `${path}.${field}[${name}]`),
      ...validateQuantity(name, list[name], `${path}.${field}[${name}]`),
      ...(field === "requests" ? validateRequest(name, requests, limits, path) : [])
    ])
  const all = [...Object.keys(limits), ...Object.keys(requests)]
  const alone = all.some(isHugePages) && !all.some((name) => name === "cpu" || name === "memory")
  return [
    ...named(limits, "limits"),
    ...named(requests, "requests"),
    ...(alone ? [fieldForbidden(path, "HugePages require cpu or memory")] : [])
  ]
}

export const validatePodLevelResources = (resources: JsonObject, path: string): ReadonlyArray<FieldError> =>
  resourceErrors(resources, path, podResourceErrors)

/** What a runtime needs for itself is a limit of its own (validateOverhead). */
export const validateOverhead = (overhead: JsonObject, path = "spec.overhead"): ReadonlyArray<FieldError> =>
  resourceErrors({ limits: overhead }, path, containerResourceErrors)

export const validateProbe = (probe: JsonObject, path: string, once: boolean): ReadonlyArray<FieldError> => {
  const counts = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]
  const grace = integer(probe, "terminationGracePeriodSeconds")
  return [
    ...validateHandler(probe, path),
    ...counts.flatMap((name) => {
      const value = integer(probe, name) ?? 0
      return value < 0 ? [invalid(`${path}.${name}`, value, "must be greater than or equal to 0")] : []
    }),
    ...(grace !== undefined && grace <= 0
      ? [invalid(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0")]
      : []),
    ...(once && (integer(probe, "successThreshold") ?? 1) !== 1
      ? [invalid(`${path}.successThreshold`, integer(probe, "successThreshold") ?? 1, "must be 1")]
      : []),
    ...(!once && grace !== undefined
      ? [invalid(`${path}.terminationGracePeriodSeconds`, grace, "must not be set for readinessProbes")]
      : [])
  ]
}

/** What a container may name of its pod. */
export interface PodNames {
  readonly volumes: Volumes
  /** Of its `resourceClaims`. */
  readonly claims: ReadonlySet<string>
}

/** One container, without its probes. */
export const validateContainer = (
  container: JsonObject,
  { claims, volumes }: PodNames,
  path: string
): ReadonlyArray<FieldError> => {
  const resources = mapping(container, "resources")
  const name = text(container, "name")
  return [
    ...(name === ""
      ? [required(`${path}.name`)]
      : dns1123Label(name).map((message) => invalid(`${path}.name`, name, message))),
    ...(text(container, "image") === "" ? [required(`${path}.image`)] : []),
    ...oneOf(`${path}.terminationMessagePolicy`, text(container, "terminationMessagePolicy"), [
      "File",
      "FallbackToLogsOnError"
    ]),
    ...validatePorts(entries(container, "ports"), `${path}.ports`),
    ...validateEnv(container, path),
    ...validateEnvFrom(container, path),
    ...validateVolumeMounts(container, volumes, `${path}.volumeMounts`),
    ...validateVolumeDevices(container, volumes, `${path}.volumeDevices`),
    ...oneOf(`${path}.imagePullPolicy`, text(container, "imagePullPolicy"), ["Always", "IfNotPresent", "Never"]),
    ...resourceErrors(resources, `${path}.resources`, containerResourceErrors),
    ...validateClaimNames(resources, claims, `${path}.resources.claims`)
  ]
}

/** An image may not begin or end with a blank, but in a template (validateContainerOnlyForPod). */
export const validateImage = (container: JsonObject, path: string): ReadonlyArray<FieldError> => {
  const image = text(container, "image")
  return image === image.trim() ? [] : [invalid(`${path}.image`, image, "must not have leading or trailing whitespace")]
}
