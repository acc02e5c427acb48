/** The tokens by which a list goes on where its last page ended (C-159; `k8s.io/apiserver/pkg/storage/continue.go`). */
import { Result } from "effect"
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import { goJsonError } from "../goJsonError.ts"
import { goJson } from "../status.ts"

export interface ContinueToken {
  /** Of the first page; below zero: whatever is newest (an inconsistent continuation). */
  readonly resourceVersion: bigint
  /** The next page begins with this key, or behind where it would be; without the prefix of the list. */
  readonly start: string
}

const API_VERSION = "meta.k8s.io/v1"

/** Unpadded base64url. */
export const encodeContinue = ({ resourceVersion, start }: ContinueToken): string =>
  base64Url(`{"v":"${API_VERSION}","rv":${resourceVersion},"start":${goJson(start)}}`)

const base64Url = (text: string): string => {
  let bytes = ""
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte)
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")
}

const KEY_INVALID = "continue key is not valid"
const wrong = (why: string) => Result.fail(`${KEY_INVALID}: ${why}`)

/** Fails with Kubernetes' own sentence, which follows `invalid continue token: ` in the message of a 400. */
export const decodeContinue = (token: string): Result.Result<ContinueToken, string> => {
  const corrupt = corruptAt(token)
  if (corrupt !== undefined) return wrong(`illegal base64 data at input byte ${corrupt}`)
  const bytes = atob(token.replaceAll("-", "+").replaceAll("_", "/"))
  const text = new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))
  const read = readFields(text)
  if (Result.isFailure(read)) return wrong(read.failure)
  const { v, start, rv } = read.success
  if (v !== API_VERSION) return wrong(`server does not recognize this encoded version ${v}`)
  if (rv === 0n) return wrong(`incorrect encoded start resourceVersion (version ${API_VERSION})`)
  if (start === "") return wrong(`encoded start key empty (version ${API_VERSION})`)
  // No path out of the list: what a path may be shortened to is none of ours.
  const key = start.startsWith("/") ? start.slice(1) : start
  const isClean = key === "" || key.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  return isClean ? Result.succeed({ resourceVersion: rv, start: key }) : wrong(start)
}

/** `base64.RawURLEncoding`: where Go stops. */
const corruptAt = (token: string): number | undefined => {
  const at = token.search(/[^A-Za-z0-9_-]/)
  if (at !== -1) return at
  return token.length % 4 === 1 ? token.length - 1 : undefined
}

interface Fields {
  readonly v: string
  readonly rv: bigint
  readonly start: string
}

const typeNames: { readonly [type: string]: string } = { boolean: "bool", number: "number", string: "string" }
const nameOf = (value: Json): string =>
  Array.isArray(value) ? "array" : isJsonObject(value) ? "object" : (typeNames[typeof value] ?? "null")

/** What other readers of JSON objects read into. */
const ANY_OBJECT = "map[string]interface {}"

const readFields = (text: string): Result.Result<Fields, string> => {
  const error = goJsonError(text)
  if (error !== undefined) return Result.fail(error.replace(ANY_OBJECT, "storage.continueToken"))
  const value = JSON.parse(text) as JsonObject | null
  if (value === null) return Result.succeed({ v: "", rv: 0n, start: "" })
  // Go takes keys in any case.
  const given: JsonObject = Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]))
  const literal = literalOf(text)
  const misfit = [
    ...misfitOf(given, "v", "string"),
    ...misfitOf(given, "rv", "int64", literal),
    ...misfitOf(given, "start", "string")
  ][0]
  if (misfit !== undefined) return Result.fail(misfit)
  const { v, rv, start } = given
  return Result.succeed({
    v: String(v ?? ""),
    rv: typeof rv === "number" ? BigInt(literal) : 0n,
    start: String(start ?? "")
  })
}

const MAX_INT64 = (1n << 63n) - 1n

const misfitOf = (given: JsonObject, key: string, type: "string" | "int64", literal = ""): ReadonlyArray<string> => {
  const value = given[key]
  if (value === undefined || value === null) return []
  if (type === "string" ? typeof value === "string" : typeof value === "number" && isInt64(literal)) return []
  const shown = type === "int64" && typeof value === "number" ? `number ${literal}` : nameOf(value)
  return [`json: cannot unmarshal ${shown} into Go struct field continueToken.${key} of type ${type}`]
}

const isInt64 = (literal: string): boolean =>
  /^-?\d+$/.test(literal) && BigInt(literal) <= MAX_INT64 && BigInt(literal) >= -MAX_INT64 - 1n

/** As it stands in the text: as a JavaScript number it would lose its last digits. */
const literalOf = (text: string): string => [...text.matchAll(/"rv"\s*:\s*([-+.\w]+)/gi)].at(-1)?.[1] ?? "0"
