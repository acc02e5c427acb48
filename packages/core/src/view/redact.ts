/** Takes secrets out of an object before it is written, leaving a visible mark that still shows whether the value changed. */
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"

/**
 * The version of the rules below; a reel names the one that was applied to it.
 *
 * - 1: literal environment values, data of Secrets, last-applied annotations, credentials in URLs.
 * - 2: data of ConfigMaps, too: nothing keeps people from writing passwords into them.
 */
export const redactionPolicy = 2

export type RedactionReason = "env" | "secret" | "config-map" | "last-applied" | "url"

/** How often each rule applied. */
export type RedactionCounts = Readonly<Record<RedactionReason, number>>

export interface Redactor {
  /** The same object where there is nothing to hide, else a copy with marks. */
  readonly redact: (object: JsonObject) => JsonObject
  readonly counts: () => RedactionCounts
}

/** Where a Secret or a ConfigMap has its values. */
const values = ["data", "stringData", "binaryData"]

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

/** What stands in a secret's place: equal marks under one key mean equal values. */
export const isMark = (text: string): boolean => /^\[redacted by kubereel:[0-9a-f]{8}\]$/.test(text)

/** `scheme://user:password@host`; the user name stays, the password goes. A token alone (`https://TOKEN@host`) goes, too. */
const credentials = /([a-z][a-z0-9+.-]*:\/\/)([^\s/?#@:"']*)(:[^\s/?#@"']*)?@/gi

/**
 * A redactor with one key. Marks are the first eight digits of HMAC-SHA-256 of the value: without the key nobody can try
 * values against them, under the same key the same value gives the same mark.
 */
export const makeRedactor = (key: Uint8Array): Redactor => {
  const counts: Record<RedactionReason, number> = { env: 0, secret: 0, "config-map": 0, "last-applied": 0, url: 0 }
  const known = new Map<string, string>()

  const mark = (reason: RedactionReason, value: string): string => {
    if (isMark(value)) return value
    counts[reason]++
    const before = known.get(value)
    if (before !== undefined) return before
    const made = `[redacted by kubereel:${bytesToHex(hmac(sha256, key, utf8ToBytes(value))).slice(0, 8)}]`
    // Objects repeat their values in every version; a bound keeps a long import from collecting them all.
    if (known.size >= 10_000) known.clear()
    known.set(value, made)
    return made
  }

  const markCredentials = (text: string): string =>
    text.includes("://") && text.includes("@")
      ? text.replace(credentials, (whole, scheme: string, user: string, password: string | undefined) => {
          if (password !== undefined)
            return password === ":" ? whole : `${scheme}${user}:${mark("url", password.slice(1))}@`
          return user === "" ? whole : `${scheme}${mark("url", user)}@`
        })
      : text

  const data = (value: Json | undefined, reason: RedactionReason): Json | undefined =>
    isJsonObject(value)
      ? Object.fromEntries(
          Object.entries(value).map(([name, item]) => [
            name,
            mark(reason, typeof item === "string" ? item : JSON.stringify(item))
          ])
        )
      : value

  const literal = (entry: Json): Json => {
    const literal =
      isJsonObject(entry) && typeof entry.name === "string" && typeof entry.value === "string" && entry.value !== ""
    if (!literal || isMark(entry.value as string)) return visit(entry)
    return { ...entry, value: mark("env", entry.value as string) }
  }

  /** Copies only where something changed below, so that whatever is no secret comes back as it was. */
  const visit = <A extends Json | undefined>(value: A, key?: string): A => visitJson(value, key) as A

  const visitJson = (value: Json | undefined, key?: string): Json | undefined => {
    if (typeof value === "string") return key === LAST_APPLIED ? mark("last-applied", value) : markCredentials(value)
    if (typeof value !== "object" || value === null) return value
    if (Array.isArray(value)) {
      const next = value.map((item: Json) => (key === "env" ? literal(item) : visit(item)))
      return next.some((item, i) => item !== value[i]) ? next : value
    }
    let copy: { [key: string]: Json | undefined } | undefined
    for (const [name, item] of Object.entries(value as JsonObject)) {
      const next = visit(item, name)
      if (next === item) continue
      copy ??= { ...(value as JsonObject) }
      copy[name] = next
    }
    return copy ?? value
  }

  const redact = (object: JsonObject): JsonObject => {
    const reason = object.kind === "Secret" ? "secret" : object.kind === "ConfigMap" ? "config-map" : undefined
    if (reason === undefined) return visit(object)
    const hidden = values.flatMap((name) => (object[name] === undefined ? [] : [[name, data(object[name], reason)]]))
    const { data: _, stringData: __, binaryData: ___, ...rest } = object
    return { ...visit(rest), ...Object.fromEntries(hidden) }
  }
  return { redact, counts: () => ({ ...counts }) }
}

const words: Readonly<Record<RedactionReason, string>> = {
  env: "environment values",
  secret: "values of Secrets",
  "config-map": "values of ConfigMaps",
  "last-applied": "last-applied annotations",
  url: "credentials in URLs"
}

/** What was hidden, in a sentence; `undefined` when nothing was. */
export const redactionSummary = (counts: RedactionCounts): string | undefined => {
  const reasons = (Object.keys(words) as ReadonlyArray<RedactionReason>).filter((reason) => counts[reason] > 0)
  if (reasons.length === 0) return undefined
  const parts = reasons.map((reason) => `${counts[reason]} ${words[reason]}`)
  return `redacted before writing (policy ${redactionPolicy}): ${parts.join(", ")}`
}
