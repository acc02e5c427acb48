/**
 * `GET /openapi/v3` and what is below it, `/openapi/v2` (`k8s.io/kube-openapi/pkg/handler3/handler.go`, `pkg/handler/handler.go`).
 *
 * Who asks for what: `kubectl explain`, and what `apply`, `create`, `diff` and `replace` check before they send anything, read the third
 * version from kubectl 1.29 on; older ones, and what was built with older libraries, read the second as protobuf.
 */
import { createHash } from "node:crypto"
import type { WireAnswer, WireRequest } from "../answer.ts"
import { taggedAnswer } from "../answer.ts"
import type { DiscoveredGroup, DiscoveredVersion } from "../discovery/discovered.ts"
import { parseAccept } from "../parseAccept.ts"
import { customDocument } from "./customDocument.ts"
import { openApiDocument, openApiHash, unpackOpenApi } from "./store.ts"
import { swaggerProtobuf } from "./swaggerProtobuf.ts"

export interface OpenApiRequest extends WireRequest {
  /** Of the query: which version of the document the client means. */
  readonly hash?: string | undefined
  readonly now: Date
}

type Body = () => string | Uint8Array

interface OpenApiDocument {
  readonly hash: string
  readonly body: Body
  /** Of the second version only. */
  readonly protobuf?: Body
}

interface Form {
  readonly type: string
  readonly body: Body
}

const protobufType = "com.github.proto-openapi.spec.v2.v1.0+protobuf"

const formsOf = ({ body, protobuf }: OpenApiDocument): ReadonlyMap<string, Form> => {
  const forms = new Map([["json", { type: "application/json", body }]])
  if (protobuf === undefined) return forms
  const form = { type: `application/${protobufType}`, body: protobuf }
  return forms.set(protobufType, form).set("com.github.proto-openapi.spec.v2@v1.0+protobuf", form)
}

const known = (path: string): OpenApiDocument | undefined => {
  const hash = openApiHash(path)
  return hash === undefined ? undefined : { hash, body: () => openApiDocument(path) ?? "" }
}

const made = new WeakMap<DiscoveredVersion, OpenApiDocument>()

/** Made once for what discovery tells of. */
const custom = (version: DiscoveredVersion): OpenApiDocument => {
  const before = made.get(version)
  if (before !== undefined) return before
  const text = JSON.stringify(customDocument(version.resources))
  const hash = createHash("sha256").update(text).digest("hex").toUpperCase().slice(0, 40)
  const document = { hash, body: () => text }
  made.set(version, document)
  return document
}

/** The documents of what is served, by their paths. */
const documentsOf = (groups: ReadonlyArray<DiscoveredGroup>): ReadonlyMap<string, OpenApiDocument> => {
  const found = new Map<string, OpenApiDocument>()
  const add = (path: string, document: OpenApiDocument | undefined) => {
    if (document !== undefined) found.set(path, document)
  }
  for (const path of ["api", "apis", "version"]) add(path, known(path))
  for (const { name, versions } of groups) {
    const root = name === "" ? "api" : `apis/${name}`
    add(root, known(root))
    for (const version of versions) {
      const path = `${root}/${version.version}`
      add(path, known(path) ?? custom(version))
    }
  }
  return found
}

const indexAnswer = (documents: ReadonlyMap<string, OpenApiDocument>, request: OpenApiRequest): WireAnswer => {
  const paths = [...documents].map(([path, { hash }]) => [path, { serverRelativeURL: urlOf(path, hash) }] as const)
  const body = JSON.stringify({ paths: Object.fromEntries(paths.toSorted(([a], [b]) => (a < b ? -1 : 1))) })
  const tag = createHash("sha512").update(body).digest("hex").toUpperCase()
  return taggedAnswer(tag, request, {}, () => ({ type: "application/json", body }))
}

const urlOf = (path: string, hash: string): string => `/openapi/v3/${path}?hash=${hash}`

/** The first of these that the client takes, by its likings; JSON is the first of them. */
const chosen = (accept: string | undefined, forms: ReadonlyMap<string, Form>): Form | undefined => {
  for (const { subType, type } of parseAccept(accept === undefined || accept === "" ? "*/*" : accept)) {
    if (type !== "application" && type !== "*") continue
    const form = subType === "*" ? forms.get("json") : forms.get(subType)
    if (form !== undefined) return form
  }
  return undefined
}

const notAcceptable: WireAnswer = { code: 406, headers: { vary: "Accept" }, body: "" }

/** Another hash leads to the same path, wherever a moment stands in front of it. For a year, if the client has said which version it means: it never becomes another. */
const documentAnswer = (document: OpenApiDocument, request: OpenApiRequest): WireAnswer => {
  const { hash } = document
  const form = chosen(request.accept, formsOf(document))
  if (form === undefined) return notAcceptable
  const asked = request.hash ?? ""
  if (asked !== "" && asked !== hash)
    return { code: 301, headers: { vary: "Accept", location: `?hash=${hash}` }, body: "" }
  const expires = new Date(request.now)
  expires.setUTCFullYear(expires.getUTCFullYear() + 1)
  const kept = { "cache-control": "public, immutable", expires: expires.toUTCString() }
  const headers = { vary: "Accept", ...(asked === "" ? {} : kept) }
  return taggedAnswer(hash, request, headers, () => ({ type: form.type, body: form.body() }))
}

let second: Uint8Array | undefined

/** Made when the first old client asks for it. */
const secondAsProtobuf = (): Uint8Array => {
  second ??= swaggerProtobuf(JSON.parse(Buffer.from(openApiDocument("v2") ?? "{}").toString("utf8")))
  return second
}

/** The answer to a GET of a path of OpenAPI; `undefined` if there is none at this path. Custom resources are in the third version only. */
export const openApiAnswer = async (
  path: string,
  request: OpenApiRequest,
  groups: ReadonlyArray<DiscoveredGroup>
): Promise<WireAnswer | undefined> => {
  if (path !== "/openapi/v2" && path !== "/openapi/v3" && !path.startsWith("/openapi/v3/")) return undefined
  await unpackOpenApi()
  if (path === "/openapi/v2") {
    const document = known("v2")
    return document && documentAnswer({ ...document, protobuf: secondAsProtobuf }, { ...request, hash: undefined })
  }
  const documents = documentsOf(groups)
  if (path === "/openapi/v3") return indexAnswer(documents, request)
  const below = path.slice("/openapi/v3/".length)
  const document = documents.get(below)
  return document && documentAnswer(document, request)
}
