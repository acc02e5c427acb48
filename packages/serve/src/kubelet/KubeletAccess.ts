/**
 * Who may ask a kubelet, and what (`pkg/kubelet/server/auth.go`): whoever has a certificate of the cluster's own authority for clients, or
 * a token that the API server knows, and whom the API server allows that of this node. Both are asked of it, and remembered for a while.
 */
import type { TLSSocket } from "node:tls"
import { type Answer, isJsonObject, type Json, type JsonObject } from "@kubereel/core"

/** `authentication.k8s.io/v1`, UserInfo. */
interface User {
  readonly username: string
  readonly uid?: string
  readonly groups: ReadonlyArray<string>
  readonly extra?: JsonObject
}

/** In milliseconds (`pkg/kubelet/apis/config/v1beta1/defaults.go`). */
const TOKEN_TTL = 120_000
const ALLOWED_TTL = 300_000
const REFUSED_TTL = 30_000

/** Answers are forgotten early where there are more. */
const REMEMBERED = 10_000

class Memory<A> {
  readonly #known = new Map<string, { readonly value: A; readonly until: number }>()

  get(key: string, now: number): A | undefined {
    const found = this.#known.get(key)
    return found !== undefined && now < found.until ? found.value : undefined
  }

  set(key: string, value: A, until: number): void {
    const [oldest] = this.#known.keys()
    if (this.#known.size >= REMEMBERED && oldest !== undefined) this.#known.delete(oldest)
    this.#known.delete(key)
    this.#known.set(key, { value, until })
  }
}

/** CommonNameUserConversion (`k8s.io/apiserver/pkg/authentication/request/x509/x509.go`). */
const userOf = (socket: TLSSocket): User | undefined => {
  if (!socket.authorized) return undefined
  const { subject } = socket.getPeerCertificate()
  const { CN, O = [] } = subject as { readonly CN?: string; readonly O?: string | ReadonlyArray<string> }
  return CN === undefined || CN === "" ? undefined : { username: CN, groups: typeof O === "string" ? [O] : O }
}

const verbs: Readonly<Record<string, string>> = {
  POST: "create",
  GET: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete"
}

const isBelow = (path: string, root: string): boolean => path === root || path.startsWith(`${root}/`)

/** GetRequestAttributes: any of these may be allowed. */
const subresources = (path: string): ReadonlyArray<string> => {
  const fine = (["pods", "healthz", "configz"] as const).filter((name) => isBelow(path, `/${name}`))
  const own = { "/stats": "stats", "/metrics": "metrics", "/logs": "log", "/checkpoint": "checkpoint" }
  const [, found = "proxy"] = Object.entries(own).find(([root]) => isBelow(path, root)) ?? []
  return [...fine, ...(isBelow(path, "/runningpods") ? ["pods"] : []), found]
}

export interface Asked {
  readonly node: string
  readonly method: string
  readonly path: string
}

/** Why somebody is not answered. */
export interface Turned {
  readonly code: 401 | 403 | 500
  readonly text: string
}

export interface KubeletAccessOptions {
  /** Sends a review to the API server; status 0: nobody answered. */
  readonly review: (path: string, body: JsonObject) => Promise<Answer>
  /** Milliseconds that only grow. */
  readonly now: () => number
}

const isYes = ({ body: { status }, status: code }: Answer, field: string): boolean =>
  code === 201 && isJsonObject(status) && status[field] === true

export class KubeletAccess {
  readonly #o: KubeletAccessOptions
  readonly #users = new Memory<User | "Nobody">()
  readonly #rights = new Memory<boolean>()

  constructor(options: KubeletAccessOptions) {
    this.#o = options
  }

  /** `undefined`: may do that. */
  async check(socket: TLSSocket, authorization: string | undefined, asked: Asked): Promise<Turned | undefined> {
    const user = userOf(socket) ?? (await this.#holder(/^Bearer (\S+)$/i.exec(authorization ?? "")?.[1]))
    if (user === undefined) return { code: 401, text: "Unauthorized" }
    const verb = verbs[asked.method] ?? ""
    const names = subresources(asked.path)
    const who = `user=${user.username}, verb=${verb}, resource=nodes`
    for (const subresource of names) {
      const allowed = await this.#isAllowed(user, { verb, subresource, name: asked.node })
      if (allowed === undefined) return { code: 500, text: `Authorization error (${who}, subresource=${subresource})` }
      if (allowed) return undefined
    }
    return { code: 403, text: `Forbidden (${who}, subresource(s)=[${names.join(" ")}])\n` }
  }

  async #holder(token: string | undefined): Promise<User | undefined> {
    if (token === undefined) return undefined
    const known = this.#users.get(token, this.#o.now())
    if (known !== undefined) return known === "Nobody" ? undefined : known
    const answer = await this.#o.review("/apis/authentication.k8s.io/v1/tokenreviews", {
      kind: "TokenReview",
      apiVersion: "authentication.k8s.io/v1",
      spec: { token }
    })
    // Silence says nothing about the token.
    if (answer.status !== 201) return undefined
    const { status } = answer.body as { readonly status: { readonly user?: Partial<User> } }
    const user = isYes(answer, "authenticated") ? { username: "", groups: [], ...status.user } : undefined
    this.#users.set(token, user ?? "Nobody", this.#o.now() + TOKEN_TTL)
    return user
  }

  /** `undefined`: nobody says. */
  async #isAllowed(
    user: User,
    of: { readonly verb: string; readonly subresource: string; readonly name: string }
  ): Promise<boolean | undefined> {
    const { extra, groups, uid, username } = user
    const resourceAttributes = { ...of, group: "", version: "v1", resource: "nodes" }
    const asker: { readonly [field: string]: Json } = {
      user: username,
      groups,
      ...(uid === undefined ? {} : { uid }),
      ...(extra === undefined ? {} : { extra })
    }
    const spec = { ...asker, resourceAttributes }
    const key = JSON.stringify(spec)
    const known = this.#rights.get(key, this.#o.now())
    if (known !== undefined) return known
    const answer = await this.#o.review("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      kind: "SubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      spec
    })
    if (answer.status !== 201) return undefined
    const allowed = isYes(answer, "allowed")
    this.#rights.set(key, allowed, this.#o.now() + (allowed ? ALLOWED_TTL : REFUSED_TTL))
    return allowed
  }
}
