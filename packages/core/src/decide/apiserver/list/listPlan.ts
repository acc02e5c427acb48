/**
 * What a list or a watch is to show, as its options mean it (C-155 to C-158, C-161, C-166, C-168; `ValidateListOptions`,
 * k8s.io/apiserver/pkg/storage/interfaces.go, and the cacher's `delegator`, `GetList` and `Watch`).
 */
import { Result } from "effect"
import { badRequest, rejected, type Status } from "../status.ts"
import { decodeContinue } from "./continueToken.ts"
import { requiredValue } from "./fieldSelector.ts"
import type { ListOptions } from "./listOptions.ts"

/** Which state of the cluster is asked for. */
export type AskedVersion =
  | { readonly _tag: "Latest" }
  | { readonly _tag: "NotOlderThan"; readonly resourceVersion: bigint }
  | { readonly _tag: "Exact"; readonly resourceVersion: bigint }

export interface ListPlan {
  readonly version: AskedVersion
  /** Most items of a page; 0 for all. */
  readonly limit: number
  /** Where this page begins: a key as a continue token has it. */
  readonly after?: string
}

export interface WatchPlan {
  /** Changes after this version; absent: after now. With `initial`: what there is must not be older. */
  readonly from?: bigint
  /** What there is comes first, each object as ADDED. */
  readonly initial: boolean
  /** A bookmark ends what there was. */
  readonly marksInitialEnd: boolean
  readonly bookmarks: boolean
}

const latest: AskedVersion = { _tag: "Latest" }

const UINT64 = 1n << 64n

/** `strconv.ParseUint`; "" and "0" are 0. Fails with Kubernetes' sentence. A resourceVersion is never a JavaScript number. */
const parseResourceVersion = (text: string): Result.Result<bigint, string> => {
  if (text === "") return Result.succeed(0n)
  const shown = JSON.stringify(text)
  const wrong = (why: string) =>
    Result.fail(`resourceVersion: Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: ${why}`)
  if (!/^\d+$/.test(text)) return wrong("invalid syntax")
  const version = BigInt(text)
  return version < UINT64 ? Result.succeed(version) : wrong("value out of range")
}

/** Of any state that is not older; 0 asks for nothing in particular. */
const notOlderThan = (resourceVersion: bigint): AskedVersion =>
  resourceVersion === 0n ? latest : { _tag: "NotOlderThan", resourceVersion }

/**
 * Fails with 400: a token or a version that is none. `isStoredByName`: whether a name alone says where an object is stored: of a
 * kind without namespaces, or within one.
 */
export const listPlan = (options: ListOptions, isStoredByName = true): Result.Result<ListPlan, Status> => {
  const { limit: asked, resourceVersion, resourceVersionMatch: match } = options
  // C-158: with resourceVersion=0 everything comes at once.
  const limit = asked > 0 && resourceVersion !== "0" ? asked : 0
  if (options.continue !== "") return continued(options, limit)
  const version = parseResourceVersion(resourceVersion)
  if (Result.isFailure(version)) return Result.fail(badRequest(`invalid resource version: ${version.failure}`))
  const given = version.success
  const isExact = match === "Exact" || (match === "" && limit > 0 && !isSingle(options, isStoredByName))
  return Result.succeed({
    version: isExact && given > 0n ? { _tag: "Exact", resourceVersion: given } : notOlderThan(given),
    limit
  })
}

/** A list of one name is a read of one object, and has no pages. */
const isSingle = ({ fieldSelector }: ListOptions, isStoredByName: boolean): boolean =>
  requiredValue(fieldSelector, "metadata.name") !== undefined &&
  (isStoredByName || requiredValue(fieldSelector, "metadata.namespace") !== undefined)

const continued = (options: ListOptions, limit: number): Result.Result<ListPlan, Status> => {
  const token = decodeContinue(options.continue)
  if (Result.isFailure(token)) return Result.fail(badRequest(`invalid continue token: ${token.failure}`))
  if (options.resourceVersion !== "" && options.resourceVersion !== "0")
    return Result.fail(badRequest("specifying resource version is not allowed when using continue"))
  const { resourceVersion, start } = token.success
  const version: AskedVersion = resourceVersion > 0n ? { _tag: "Exact", resourceVersion } : latest
  return Result.succeed({ version, limit, after: start })
}

/** C-157: of one object, "" and "0" are whatever is newest here. Fails with 500, as Kubernetes does: nobody made it an API error. */
export const getVersion = (resourceVersion: string): Result.Result<AskedVersion, Status> => {
  const version = parseResourceVersion(resourceVersion)
  return Result.isFailure(version)
    ? Result.fail(rejected(500, version.failure))
    : Result.succeed(notOlderThan(version.success))
}

/** C-166, C-168. Of options that were completed and checked. Fails with 500 for a version that is none. */
export const watchPlan = (options: ListOptions): Result.Result<WatchPlan, Status> => {
  const version = parseResourceVersion(options.resourceVersion)
  if (Result.isFailure(version)) return Result.fail(rejected(500, version.failure))
  const initial = options.sendInitialEvents === true
  return Result.succeed({
    ...(version.success === 0n ? {} : { from: version.success }),
    initial,
    marksInitialEnd: initial && options.allowWatchBookmarks,
    bookmarks: options.allowWatchBookmarks
  })
}
