/**
 * What a client asks of a list or a watch: the query read, completed and checked (`listOpts`,
 * k8s.io/apiserver/pkg/endpoints/handlers/get.go; C-161, C-166, C-169, C-171, C-177).
 */
import { Result } from "effect"
import type { JsonObject } from "../../../event/Json.ts"
import { badRequest, type FieldError, fieldForbidden, invalidObject, notSupported, type Status } from "../status.ts"
import { type SelectedKind, supportedFields } from "./fieldLabels.ts"
import { type FieldSelector, parseFieldSelector, requiredValue } from "./fieldSelector.ts"
import { type LabelSelector, parseLabelSelector } from "./labelSelector.ts"

/** The parameters of a request, as `URLSearchParams` has them: the first value of each, `null` for none. */
export interface QueryParameters {
  readonly get: (name: string) => string | null
}

/** `metav1.ListOptions`, as they are after defaulting. */
export interface ListOptions {
  readonly labelSelector: LabelSelector
  readonly fieldSelector: FieldSelector
  readonly watch: boolean
  readonly allowWatchBookmarks: boolean
  /** As it was written: not yet looked at. */
  readonly resourceVersion: string
  readonly resourceVersionMatch: string
  /** When a watch ends; the server decides if absent. `timeout` without the unit is ignored. */
  readonly timeoutSeconds?: number
  /** 0 for all. */
  readonly limit: number
  readonly continue: string
  readonly sendInitialEvents?: boolean
}

/** What is listed. `name`: of the one object that is watched by its own path. `crd`: the version's entry, of a custom resource. */
export interface ListScope {
  readonly kind: SelectedKind
  readonly name?: string
  readonly crd?: JsonObject
}

/** Fails with 400 for what cannot be read, with 422 for what does not go together. */
export const listOptions = (query: QueryParameters, scope: ListScope): Result.Result<ListOptions, Status> => {
  const read = readOptions(query)
  if (Result.isFailure(read)) return Result.fail(badRequest(read.failure))
  const options = withDefaults(read.success)
  const errors = options.watch ? watchErrors(options) : listErrors(options)
  if (errors.length > 0) return Result.fail(invalidObject({ group: "meta.k8s.io", kind: "ListOptions" }, "", errors))
  return withName(options, scope)
}

const readOptions = (query: QueryParameters): Result.Result<ListOptions, string> => {
  const given = (name: string): string => query.get(name) ?? ""
  const timeoutSeconds = readInteger(query.get("timeoutSeconds"))
  if (Result.isFailure(timeoutSeconds)) return Result.fail(timeoutSeconds.failure)
  const limit = readInteger(query.get("limit"))
  if (Result.isFailure(limit)) return Result.fail(limit.failure)
  const labelSelector = parseLabelSelector(given("labelSelector"))
  if (Result.isFailure(labelSelector)) return Result.fail(labelSelector.failure)
  const fieldSelector = parseFieldSelector(given("fieldSelector"))
  if (Result.isFailure(fieldSelector)) return Result.fail(fieldSelector.failure)
  const sendInitialEvents = query.get("sendInitialEvents")
  return Result.succeed({
    labelSelector: labelSelector.success,
    fieldSelector: fieldSelector.success,
    watch: readFlag(query.get("watch")),
    allowWatchBookmarks: readFlag(query.get("allowWatchBookmarks")),
    resourceVersion: given("resourceVersion"),
    resourceVersionMatch: given("resourceVersionMatch"),
    ...(timeoutSeconds.success === undefined ? {} : { timeoutSeconds: timeoutSeconds.success }),
    limit: limit.success ?? 0,
    continue: given("continue"),
    ...(sendInitialEvents === null ? {} : { sendInitialEvents: readFlag(sendInitialEvents) })
  })
}

/** A boolean of a query: whatever is there and is not `false` or `0` is true, even nothing at all (`k8s.io/apimachinery/pkg/runtime/conversion.go`, Convert_Slice_string_To_bool). */
export const readFlag = (value: string | null): boolean =>
  value !== null && value !== "0" && value.toLowerCase() !== "false"

const MAX_INT64 = (1n << 63n) - 1n

/** `strconv.ParseInt` with its errors. */
const readInteger = (value: string | null): Result.Result<number | undefined, string> => {
  if (value === null) return Result.succeed(undefined)
  const wrong = (why: string) => Result.fail(`strconv.ParseInt: parsing ${JSON.stringify(value)}: ${why}`)
  if (!/^[+-]?\d+$/.test(value)) return wrong("invalid syntax")
  const number = BigInt(value.replace(/^\+/, ""))
  return number > MAX_INT64 || number < -MAX_INT64 - 1n ? wrong("value out of range") : Result.succeed(Number(number))
}

/** C-166: a watch from nowhere in particular begins with what there is (SetListOptionsDefaults, WatchList on). */
const withDefaults = (options: ListOptions): ListOptions => {
  const isLegacy = options.resourceVersion === "" || options.resourceVersion === "0"
  const isPlain = options.sendInitialEvents === undefined && options.resourceVersionMatch === ""
  return options.watch && isLegacy && isPlain
    ? { ...options, sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" }
    : options
}

const MATCH = "resourceVersionMatch"
const withContinue = fieldForbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided")

/** `ValidateListOptions`, k8s.io/apimachinery/pkg/apis/meta/internalversion/validation/validation.go */
const listErrors = (options: ListOptions): ReadonlyArray<FieldError> => {
  const { resourceVersion, resourceVersionMatch: match } = options
  const errors: FieldError[] = []
  if (match !== "") {
    if (resourceVersion === "")
      errors.push(fieldForbidden(MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided"))
    if (options.continue !== "") errors.push(withContinue)
    if (match !== "Exact" && match !== "NotOlderThan")
      errors.push(notSupported(MATCH, match, ["Exact", "NotOlderThan", ""]))
    if (match === "Exact" && resourceVersion === "0")
      errors.push(fieldForbidden(MATCH, `resourceVersionMatch "exact" is forbidden for resourceVersion "0"`))
  }
  if (options.sendInitialEvents !== undefined)
    errors.push(fieldForbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
  return errors
}

const watchErrors = (options: ListOptions): ReadonlyArray<FieldError> => {
  const { sendInitialEvents, resourceVersionMatch: match } = options
  const errors: FieldError[] = []
  if (sendInitialEvents !== undefined && match !== "NotOlderThan")
    errors.push(fieldForbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
  if (match === "") return errors
  if (sendInitialEvents === undefined)
    errors.push(
      fieldForbidden(MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
    )
  if (match !== "NotOlderThan") errors.push(notSupported(MATCH, match, ["NotOlderThan"]))
  if (options.continue !== "") errors.push(withContinue)
  return errors
}

/** C-177: the name in a path is a field selector, and must not contradict one that is given. */
const withName = (options: ListOptions, { crd, kind, name }: ListScope): Result.Result<ListOptions, Status> => {
  const supported = supportedFields(kind, options.fieldSelector, crd)
  if (Result.isFailure(supported)) return Result.fail(badRequest(supported.failure))
  if (name === undefined) return Result.succeed(options)
  if (options.fieldSelector.length === 0)
    return Result.succeed({ ...options, fieldSelector: [{ field: "metadata.name", operator: "=", value: name }] })
  return requiredValue(options.fieldSelector, "metadata.name") === name
    ? Result.succeed(options)
    : Result.fail(badRequest("fieldSelector metadata.name doesn't match requested name"))
}
