/** POST of a review: answered from what is served, kept by nobody. */
import { type ServedCluster, toTime } from "@kubereel/core"
import { Result } from "effect"
import { type WireAnswer, wireAnswer } from "../wire/answer.ts"
import type { DiscoveredGroup } from "../wire/discovery/discovered.ts"
import { negotiate } from "../wire/negotiate.ts"
import { reviewAnswer, reviewKind } from "../wire/review/reviewAnswer.ts"
import { bodyObject } from "./body.ts"
import { type ApiRequest, statusReply, wireRequest } from "./Reply.ts"
import { notAllowed } from "./refusals.ts"
import type { RequestInfo } from "./requestInfo.ts"

export interface Reviewing {
  readonly cluster: ServedCluster
  readonly groups: ReadonlyArray<DiscoveredGroup>
  readonly isToken: (token: string) => boolean
}

/** `undefined`: no review is meant. */
export const review = (
  request: ApiRequest,
  info: RequestInfo,
  { cluster, groups, isToken }: Reviewing
): WireAnswer | undefined => {
  const kind = reviewKind(info)
  if (kind === undefined) return undefined
  if (request.method !== "POST" || info.name !== undefined) return statusReply(notAllowed, request)
  const wire = wireRequest(request)
  const accepted = negotiate(wire.accept, { ...wire, transforms: "none" })
  if (Result.isFailure(accepted)) return statusReply(accepted.failure, request)
  const body = bodyObject(request, { apiVersion: `${info.group}/${info.version}`, kind })
  if (Result.isFailure(body)) return statusReply(body.failure, request)
  const rights = {
    groups,
    writable: cluster.write !== undefined,
    unknown: (resource: Parameters<NonNullable<ServedCluster["unknown"]>>[0]["resource"], namespace?: string) =>
      cluster.unknown?.({ resource, ...(namespace === undefined ? {} : { namespace }) })?.message
  }
  const now = toTime(cluster.now())
  const { reviewToken } = cluster
  const options = { rights, isToken, now, namespace: info.namespace, ...(reviewToken && { reviewToken }) }
  const answered = reviewAnswer(info.resource, body.success, options)
  return Result.isFailure(answered)
    ? statusReply(answered.failure, request)
    : wireAnswer(201, answered.success, accepted.success)
}
