/** Times and values as people write them in a sentence. */
import { type Json, parseDuration } from "@kubereel/core"

const units = [
  [3_600_000_000, "h"],
  [60_000_000, "min"],
  [1_000_000, "s"]
] as const

/** `28.6 s`, `1 min`, `1 h 30 min`, `50 ms`; a text that is no duration stays as it is. */
export const durationWords = (text: Json | undefined): string => {
  const micros = typeof text === "string" ? parseDuration(text) : undefined
  if (micros === undefined) return String(text)
  if (micros !== 0 && Math.abs(micros) < 1_000_000) return `${micros / 1_000} ms`
  const parts: Array<string> = []
  let left = Math.abs(micros)
  for (const [size, unit] of units) {
    const count = unit === "s" ? left / size : Math.floor(left / size)
    left -= count * size
    if (count > 0) parts.push(`${count} ${unit}`)
  }
  return `${micros < 0 ? "-" : ""}${parts.join(" ") || "0 s"}`
}

/** Bare words stay bare: `{image: app:2, replicas: 3}`. */
export const valueWords = (value: Json | undefined): string => {
  if (typeof value === "string") return /^[\w./:*()-]+$/.test(value) ? value : JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(valueWords).join(", ")}]`
  if (typeof value === "object" && value !== null)
    return `{${fieldWords(value as { readonly [field: string]: Json }).join(", ")}}`
  return String(value)
}

export const fieldWords = (fields: { readonly [field: string]: Json | undefined }): ReadonlyArray<string> =>
  Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [`${field}: ${valueWords(value)}`]))

export const bracketed = (words: ReadonlyArray<string>): string => (words.length === 0 ? "" : ` (${words.join(", ")})`)
