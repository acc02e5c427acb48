/** What the API server refuses of LimitRanges (`pkg/apis/core/validation/validation.go`, ValidateLimitRange). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import {
  compareQuantity,
  milliValue,
  parseQuantity,
  type Quantity,
  quantityText,
  wholeValue
} from "../../../event/Quantity.ts"
import { entries, mapping, numbered, text } from "../fields.ts"
import { qualifiedName } from "../nameRules.ts"
import { containerResourceErrors, mayBeOvercommitted, resourceNameErrors } from "../resourceNames.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, required } from "../status.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"

const types = ["Pod", "Container", "PersistentVolumeClaim"]

const typeErrors = (type: string, field: string): ReadonlyArray<FieldError> => {
  const messages = qualifiedName(type)
  if (messages.length > 0) return messages.map((message) => invalid(field, type, message))
  return type.includes("/") || types.includes(type)
    ? []
    : [invalid(field, type, "must be a standard limit type or fully qualified")]
}

const lists = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"]

const nameErrors = (limit: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const type = text(limit, "type")
  const ofName = type === "Pod" || type === "Container" ? containerResourceErrors : resourceNameErrors
  return lists.flatMap((list): ReadonlyArray<FieldError> => {
    const names = Object.keys(mapping(limit, list))
    const noBounds =
      list === "maxLimitRequestRatio" &&
      type === "PersistentVolumeClaim" &&
      ["min", "max"].every((bound) => mapping(limit, bound)["storage"] === undefined)
    if (type === "Pod" && list.startsWith("default"))
      return names.length > 0 ? [fieldForbidden(`${at}.${list}`, "may not be specified when `type` is 'Pod'")] : []
    return [
      ...(noBounds
        ? [required(`${at}.limits`, "either minimum or maximum storage value is required, but neither was provided")]
        : []),
      ...names.flatMap((name) => ofName(name, `${at}.${list}[${name}]`))
    ]
  })
}

/** How often the least goes into the most, as Kubernetes counts it. */
const ratioOf = (max: Quantity, min: Quantity): number => {
  const small = [max, min].every((one) => wholeValue(one) < 9_223_372_036_854_775n)
  const value = small ? milliValue : wholeValue
  return Number(value(max)) / Number(value(min))
}

/** The bounds of one resource have to be in their order. */
const orderErrors = (limit: JsonObject, name: string, at: string): ReadonlyArray<FieldError> => {
  const ofPod = text(limit, "type") === "Pod"
  const read = (list: string): Quantity | undefined =>
    ofPod && list.startsWith("default") ? undefined : parseQuantity(String(mapping(limit, list)[name] ?? ""))
  const [max, min, limits, request, ratio] = lists.map(read)
  const above = (a: Quantity | undefined, b: Quantity | undefined): boolean =>
    a !== undefined && b !== undefined && compareQuantity(a, b) > 0
  const said = (quantity: Quantity | undefined): string => (quantity === undefined ? "" : quantityText(quantity))
  const wrong = (list: string, shown: Quantity | undefined, why: string): FieldError =>
    invalid(`${at}.${list}[${name}]`, said(shown), why)
  const one = parseQuantity("1")
  const most = ratio !== undefined && max !== undefined && min !== undefined ? ratioOf(max, min) : undefined
  const twoDefaults = limits !== undefined && request !== undefined && compareQuantity(limits, request) !== 0
  const found: ReadonlyArray<readonly [boolean, FieldError]> = [
    [above(min, max), wrong("min", min, `min value ${said(min)} is greater than max value ${said(max)}`)],
    [
      above(min, request),
      wrong("defaultRequest", request, `min value ${said(min)} is greater than default request value ${said(request)}`)
    ],
    [
      above(request, max),
      wrong("defaultRequest", request, `default request value ${said(request)} is greater than max value ${said(max)}`)
    ],
    [
      above(request, limits),
      wrong(
        "defaultRequest",
        request,
        `default request value ${said(request)} is greater than default limit value ${said(limits)}`
      )
    ],
    [above(min, limits), wrong("default", min, `min value ${said(min)} is greater than default value ${said(limits)}`)],
    [above(limits, max), wrong("default", max, `default value ${said(limits)} is greater than max value ${said(max)}`)],
    [above(one, ratio), wrong("maxLimitRequestRatio", ratio, `ratio ${said(ratio)} is less than 1`)],
    [
      most !== undefined && ratio !== undefined && Number(milliValue(ratio)) / 1_000 > most,
      wrong("maxLimitRequestRatio", ratio, `ratio ${said(ratio)} is greater than max/min = ${most?.toFixed(6)}`)
    ],
    [
      twoDefaults && !mayBeOvercommitted(name),
      wrong(
        "defaultRequest",
        request,
        `default value ${said(limits)} must equal to defaultRequest value ${said(request)} in ${name}`
      )
    ]
  ]
  return found.filter(([is]) => is).map(([, error]) => error)
}

export const validateLimitRange = (range: KubernetesObject): ReadonlyArray<FieldError> => {
  const seen = new Set<string>()
  return [
    ...validateObjectMeta(range.metadata),
    ...numbered(entries(mapping(range, "spec"), "limits"), "spec.limits").flatMap(({ at, item }) => {
      const type = text(item, "type")
      const repeated = seen.has(type)
      seen.add(type)
      const names = new Set(lists.flatMap((list) => Object.keys(mapping(item, list))))
      return [
        ...typeErrors(type, `${at}.type`),
        ...(repeated ? [duplicate(`${at}.type`, type)] : []),
        ...nameErrors(item, at),
        ...[...names].flatMap((name) => orderErrors(item, name, at))
      ]
    })
  ]
}
