/** What is said of pages and watches that cannot go on (C-163, C-173; `k8s.io/apiserver/pkg/storage/etcd3/errors.go`). */
import { expired, expiredList } from "../resourceVersionErrors.ts"
import type { Status } from "../status.ts"
import { encodeContinue } from "./continueToken.ts"
import type { ListPlan } from "./listPlan.ts"

const INCONSISTENT =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list."

/**
 * 410 for a list of a version that is not kept any more. A page that cannot be had may be had as of now, with the token that this
 * brings.
 */
export const expiredPage = ({ after }: ListPlan): Status =>
  after === undefined
    ? expiredList
    : { ...expired(INCONSISTENT), metadata: { continue: encodeContinue({ resourceVersion: -1n, start: after }) } }

/** 410 for a watch under whose feet the changes were thrown away. */
export const expiredWatch: Status = expired("The resourceVersion for the provided watch is too old.")
