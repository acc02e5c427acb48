/** What is said of versions that are too old, or not there yet (C-162, C-163, C-172, C-173; `k8s.io/apiserver/pkg/storage/errors.go`, `etcd3/errors.go`). */
import { resourceExpired, type Status, timeout } from "../status.ts"
import { encodeContinue } from "./continueToken.ts"
import type { ListPlan } from "./listPlan.ts"

/** 504: the version that is asked for has not come within the three seconds that the server waits for it. */
export const tooLargeResourceVersion = (asked: bigint, current: bigint): Status =>
  timeout(`Too large resource version: ${asked}, current: ${current}`, 1, [
    { reason: "ResourceVersionTooLarge", message: "Too large resource version" }
  ])

const INCONSISTENT =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list."

/** 410 for a list of a version that is not kept any more; a page that cannot be had may be had as of now, with the token that this brings. */
export const expiredList = ({ after }: ListPlan): Status => {
  if (after === undefined) return resourceExpired("The resourceVersion for the provided list is too old.")
  const status = resourceExpired(INCONSISTENT)
  return { ...status, metadata: { continue: encodeContinue({ resourceVersion: -1n, start: after }) } }
}

/** 410 for a watch that would have to begin before `oldest`, the oldest version after which all changes are known. */
export const tooOldResourceVersion = (asked: bigint, oldest: bigint): Status =>
  resourceExpired(`too old resource version: ${asked} (${oldest})`)

/** 410 for a watch under whose feet the changes were thrown away. */
export const expiredWatch: Status = resourceExpired("The resourceVersion for the provided watch is too old.")
