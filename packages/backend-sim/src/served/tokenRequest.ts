/** `POST serviceaccounts/{name}/token` (`pkg/registry/core/serviceaccount/storage/token.go`). */
import {
  type Answer,
  apiResource,
  base64OfText,
  type Instant,
  invalid,
  invalidObject,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  later,
  mapping,
  notFound,
  SECOND,
  type TokenOwner,
  textOfBase64,
  toTime
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"

const AUDIENCE = "https://kubernetes.default.svc.cluster.local"
const DEFAULT_SECONDS = 3_600
/** ValidateTokenRequest. */
const SHORTEST = 10 * 60
const LONGEST = 2 ** 32

const base64url = (text: string): string =>
  base64OfText(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")

/** Looks like the tokens of a cluster, and says itself that nobody has signed it. */
const tokenOf = (claims: JsonObject): string =>
  [JSON.stringify({ alg: "none", kid: "simulated" }), JSON.stringify(claims), "simulated"].map(base64url).join(".")

const textOfBase64url = (encoded: string): string | undefined =>
  textOfBase64(`${encoded.replaceAll("-", "+").replaceAll("_", "/")}${"=".repeat((4 - (encoded.length % 4)) % 4)}`)

const claimsOf = (token: string): JsonObject | undefined => {
  const [header = "", claims = "", signature = "", ...more] = token.split(".")
  if (more.length > 0 || textOfBase64url(signature) !== "simulated") return undefined
  try {
    const read = [header, claims].map((part) => JSON.parse(textOfBase64url(part) ?? "") as Json)
    return isJsonObject(read[0]) && read[0]["kid"] === "simulated" && isJsonObject(read[1]) ? read[1] : undefined
  } catch {
    return undefined
  }
}

/** Whose token it is (`pkg/serviceaccount/{jwt,claims}.go`): its account must still be there, and its time not be over. */
export const tokenOwner = (
  store: Store,
  token: string,
  audiences: ReadonlyArray<string>,
  now: Instant
): TokenOwner | undefined => {
  const claims = claimsOf(token)
  const { namespace, serviceaccount } = mapping(claims ?? {}, "kubernetes.io")
  if (claims === undefined || typeof namespace !== "string" || !isJsonObject(serviceaccount)) return undefined
  const { name, uid } = serviceaccount
  const account = store.get("ServiceAccount", namespace, String(name))
  const wanted = audiences.length === 0 ? [AUDIENCE] : audiences
  const known = wanted.filter((one) => Array.isArray(claims["aud"]) && claims["aud"].includes(one))
  const isOver = Number(claims["exp"]) <= now / SECOND
  if (account === undefined || account.metadata.uid !== uid || isOver || known.length === 0) return undefined
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"]
  return { user: { username: String(claims["sub"]), uid: String(uid), groups }, audiences: known }
}

const durationErrors = (seconds: number) => [
  ...(seconds < SHORTEST
    ? [invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")]
    : []),
  ...(seconds > LONGEST
    ? [invalid("spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds")]
    : [])
]

export const tokenAnswer = (
  store: Store,
  { name, namespace }: { readonly namespace: string; readonly name: string },
  request: KubernetesObject,
  now: Instant
): Answer => {
  const account = store.get("ServiceAccount", namespace, name)
  if (account === undefined) {
    const body = notFound(apiResource("ServiceAccount"), name)
    return { status: body.code, body }
  }
  const spec = (request["spec"] ?? {}) as JsonObject
  const seconds = Number(spec["expirationSeconds"] ?? DEFAULT_SECONDS)
  const audiences = Array.isArray(spec["audiences"]) && spec["audiences"].length > 0 ? spec["audiences"] : [AUDIENCE]
  const errors = durationErrors(seconds)
  if (errors.length > 0) {
    const body = invalidObject({ group: "authentication.k8s.io", kind: "TokenRequest" }, "", errors)
    return { status: body.code, body }
  }
  const expires = later(now, seconds * SECOND)
  const token = tokenOf({
    aud: audiences,
    exp: Math.floor(expires / SECOND),
    iat: Math.floor(now / SECOND),
    iss: AUDIENCE,
    "kubernetes.io": { namespace, serviceaccount: { name, uid: account.metadata.uid ?? "" } },
    sub: `system:serviceaccount:${namespace}:${name}`
  })
  return {
    status: 201,
    body: {
      kind: "TokenRequest",
      apiVersion: "authentication.k8s.io/v1",
      metadata: { name, namespace, creationTimestamp: toTime(now) },
      spec: { ...spec, audiences, expirationSeconds: seconds, boundObjectRef: spec["boundObjectRef"] ?? null },
      status: { token, expirationTimestamp: toTime(expires) }
    }
  }
}
