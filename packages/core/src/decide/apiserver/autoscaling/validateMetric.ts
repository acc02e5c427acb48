/** What the API server refuses of one metric of a HorizontalPodAutoscaler (`pkg/apis/autoscaling/validation/validation.go`, validateMetricSpec). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import { parseQuantity } from "../../../event/Quantity.ts"
import { integer, mapping, text } from "../fields.ts"
import { dns1123Label, pathSegmentName } from "../nameRules.ts"
import { containerResourceErrors } from "../resourceNames.ts"
import { type FieldError, fieldForbidden, invalid, notSupported, required } from "../status.ts"
import { type ReferenceRules, referenceErrors } from "./crossVersionObjectReference.ts"

/** How a metric says where it comes from, and the field for it. */
const sources: { readonly [type: string]: string } = {
  ContainerResource: "containerResource",
  External: "external",
  Object: "object",
  Pods: "pods",
  Resource: "resource"
}
const types = Object.keys(sources)
/** In which order they are looked at; of several only the first. */
const lookedAt = ["object", "external", "pods", "resource", "containerResource"]

const targetTypes = ["Utilization", "Value", "AverageValue"]

const isSet = (object: JsonObject, field: string): boolean => object[field] !== undefined && object[field] !== null

const amountErrors = (target: JsonObject, field: string, at: string): ReadonlyArray<FieldError> => {
  const value = target[field]
  const quantity = isSet(target, field) ? parseQuantity(String(value)) : undefined
  return quantity !== undefined && quantity.nano <= 0n
    ? [invalid(`${at}.${field}`, String(value), "must be positive")]
    : []
}

/** validateMetricTarget. */
const targetErrors = (target: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [type, utilization] = [text(target, "type"), integer(target, "averageUtilization")]
  return [
    ...(type === "" ? [required(`${at}.type`, "must specify a metric target type")] : []),
    ...(targetTypes.includes(type)
      ? []
      : [invalid(`${at}.type`, type, "must be either Utilization, Value, or AverageValue")]),
    ...amountErrors(target, "value", at),
    ...amountErrors(target, "averageValue", at),
    ...(utilization !== undefined && utilization < 1
      ? [invalid(`${at}.averageUtilization`, utilization, "must be greater than 0")]
      : [])
  ]
}

const identifierErrors = (metric: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const name = text(metric, "name")
  if (name === "") return [required(`${at}.name`, "must specify a metric name")]
  return pathSegmentName(name).map((message) => invalid(`${at}.name`, name, message))
}

/** An average of the pods: in percent of their requests, or as it is. */
const averageErrors = (target: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [share, raw] = [isSet(target, "averageUtilization"), isSet(target, "averageValue")]
  if (!share && !raw)
    return [required(`${at}.averageUtilization`, "must set either a target raw value or a target utilization")]
  return share && raw
    ? [fieldForbidden(`${at}.averageValue`, "may not set both a target raw value and a target utilization")]
    : []
}

const containerErrors = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const container = text(source, "container")
  if (container === "") return [required(`${at}.container`, "must specify a container")]
  return dns1123Label(container).map((message) => invalid(`${at}.container`, container, message))
}

type SourceRule = (source: JsonObject, at: string, described: ReferenceRules) => ReadonlyArray<FieldError>

const targeted = (source: JsonObject, at: string): ReadonlyArray<FieldError> =>
  targetErrors(mapping(source, "target"), `${at}.target`)

const resourceName = (
  source: JsonObject,
  at: string,
  known: typeof containerResourceErrors
): ReadonlyArray<FieldError> => {
  const name = text(source, "name")
  return name === "" ? [required(`${at}.name`, "must specify a resource name")] : known(name, `${at}.name`)
}

const ofSource: { readonly [field: string]: SourceRule } = {
  object: (source, at, described) => {
    const target = mapping(source, "target")
    const none = !isSet(target, "value") && !isSet(target, "averageValue")
    return [
      ...referenceErrors(mapping(source, "describedObject"), `${at}.describedObject`, described),
      ...identifierErrors(mapping(source, "metric"), `${at}.metric`),
      ...targeted(source, at),
      ...(none ? [required(`${at}.target.averageValue`, "must set either a target value or averageValue")] : [])
    ]
  },
  external: (source, at) => {
    const target = mapping(source, "target")
    const [value, average] = [isSet(target, "value"), isSet(target, "averageValue")]
    return [
      ...identifierErrors(mapping(source, "metric"), `${at}.metric`),
      ...targeted(source, at),
      ...(value || average
        ? []
        : [required(`${at}.target.averageValue`, "must set either a target value for metric or a per-pod target")]),
      ...(value && average
        ? [fieldForbidden(`${at}.target.value`, "may not set both a target value for metric and a per-pod target")]
        : [])
    ]
  },
  pods: (source, at) => [
    ...identifierErrors(mapping(source, "metric"), `${at}.metric`),
    ...targeted(source, at),
    ...(isSet(mapping(source, "target"), "averageValue")
      ? []
      : [required(`${at}.target.averageValue`, "must specify a positive target averageValue")])
  ],
  resource: (source, at) => [
    ...resourceName(source, at, () => []),
    ...targeted(source, at),
    ...averageErrors(mapping(source, "target"), `${at}.target`)
  ],
  containerResource: (source, at) => [
    ...resourceName(source, at, containerResourceErrors),
    ...containerErrors(source, at),
    ...targeted(source, at),
    ...averageErrors(mapping(source, "target"), `${at}.target`)
  ]
}

export const metricErrors = (metric: JsonObject, at: string, described: ReferenceRules): ReadonlyArray<FieldError> => {
  const type = text(metric, "type")
  const present = lookedAt.filter((field) => isJsonObject(metric[field]))
  const [first] = present
  const expected = sources[type]
  const unknown = Object.hasOwn(sources, type) ? [] : [notSupported(`${at}.type`, type, types)]
  return [
    ...(type === "" ? [required(`${at}.type`, "must specify a metric source type")] : []),
    ...unknown,
    ...(first === undefined ? [] : (ofSource[first]?.(mapping(metric, first), `${at}.${first}`, described) ?? [])),
    ...(expected === undefined || present.includes(expected)
      ? []
      : [required(`${at}.${expected}`, "must populate information for the given metric source")]),
    // Once more where it is looked for what belongs to the type.
    ...unknown,
    ...(present.length === 1 ? [] : present)
      .filter((field) => field !== expected)
      .map((field) => fieldForbidden(`${at}.${field}`, "must populate the given metric source only"))
  ]
}
