/** `GET /api`, `/apis` and what is below them: what is served. */
import { createHash } from "node:crypto"
import type { JsonObject } from "@kubereel/core"
import { Result } from "effect"
import { encodeBody, statusAnswer, taggedAnswer, type WireAnswer, type WireRequest, wireAnswer } from "../answer.ts"
import { negotiate } from "../negotiate.ts"
import type { DiscoveredGroup } from "./discovered.ts"
import { apiGroup, apiGroupDiscoveryList, apiGroupList, apiResourceList, apiVersions } from "./documents.ts"

/** The documents of old, a path each. */
const legacyDocument = (
  path: string,
  groups: ReadonlyArray<DiscoveredGroup>,
  address: string
): JsonObject | undefined => {
  const [, root, ...rest] = path.split("/")
  const core = groups.find(({ name }) => name === "")
  const named = groups.filter(({ name }) => name !== "")
  if (root === "api" && rest.length === 0) return apiVersions(core, address)
  if (root === "apis" && rest.length === 0) return apiGroupList(named)
  const [group, version] = root === "api" ? [core, rest[0]] : [named.find(({ name }) => name === rest[0]), rest[1]]
  if (group === undefined || rest.length > (root === "api" ? 1 : 2)) return undefined
  if (version === undefined) return root === "apis" ? apiGroup(group) : undefined
  const of = group.versions.find((served) => served.version === version)
  return of && apiResourceList(group.name, of)
}

/** Everything in one document (`k8s.io/apiserver/pkg/endpoints/discovery/aggregated`). */
const aggregatedAnswer = (
  isCore: boolean,
  groups: ReadonlyArray<DiscoveredGroup>,
  request: WireRequest
): WireAnswer | undefined => {
  const accepted = negotiate(request.accept, { ...request, transforms: "discovery" })
  if (Result.isFailure(accepted) || accepted.success.as === undefined) return undefined
  const document = apiGroupDiscoveryList(groups.filter(({ name }) => (name === "") === isCore))
  const tag = createHash("sha512").update(JSON.stringify(document)).digest("hex").toUpperCase()
  const headers = { vary: "Accept", "cache-control": "public" }
  return taggedAnswer(tag, request, headers, () => encodeBody(document, accepted.success))
}

/**
 * The answer to a GET of a path of discovery (`/api`, `/api/v1`, `/apis`, `/apis/apps`, `/apis/apps/v1`), without a slash at its end;
 * `undefined` if there is none at this path. `address`: `host:port` at which clients find the server.
 */
export const discoveryAnswer = (
  path: string,
  request: WireRequest,
  of: { readonly groups: ReadonlyArray<DiscoveredGroup>; readonly address: string }
): WireAnswer | undefined => {
  if (path === "/api" || path === "/apis") {
    const answer = aggregatedAnswer(path === "/api", of.groups, request)
    if (answer !== undefined) return answer
  }
  const document = legacyDocument(path, of.groups, of.address)
  if (document === undefined) return undefined
  const accepted = negotiate(request.accept, { ...request, transforms: "none" })
  return Result.isFailure(accepted)
    ? statusAnswer(accepted.failure, request)
    : wireAnswer(200, document, accepted.success)
}
