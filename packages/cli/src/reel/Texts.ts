/** The canonical text of values whose keys are in order, put together from the texts of the parts that they share. */
import type { Json, JsonObject } from "@kubereel/core"

/**
 * How deep parts are remembered: an entry of `status.conditions` lies at 4 (the event, its object, the status, the list). What
 * is below is written in one go.
 */
const DEPTH = 4
/** Shorter texts are as quickly written as looked up. */
const CHARS_MIN = 48
const KEYS_KEPT = 4_096

const keyTexts = new Map<string, string>()

/** Objects of one kind have the same few keys; others are not remembered. */
const keyText = (key: string): string => {
  const known = keyTexts.get(key)
  if (known !== undefined) return known
  const text = `${JSON.stringify(key)}:`
  if (keyTexts.size < KEYS_KEPT) keyTexts.set(key, text)
  return text
}

export class Texts {
  readonly #known = new WeakMap<object, string>()

  /** What `JSON.stringify` writes. */
  of(value: Json, depth = 0): string {
    if (typeof value !== "object" || value === null) return JSON.stringify(value)
    const known = this.#known.get(value)
    if (known !== undefined) return known
    const text =
      depth === DEPTH
        ? JSON.stringify(value)
        : Array.isArray(value)
          ? this.#array(value, depth)
          : this.#object(value as JsonObject, depth)
    // The whole is another each time.
    if (depth > 1 && text.length >= CHARS_MIN) this.#known.set(value, text)
    return text
  }

  #array(values: ReadonlyArray<Json>, depth: number): string {
    let out = ""
    for (const value of values) out += `${out === "" ? "[" : ","}${this.of(value, depth + 1)}`
    return out === "" ? "[]" : `${out}]`
  }

  #object(object: JsonObject, depth: number): string {
    let out = ""
    for (const key in object) {
      const value = object[key]
      if (value === undefined) continue
      out += `${out === "" ? "{" : ","}${keyText(key)}${this.of(value, depth + 1)}`
    }
    return out === "" ? "{}" : `${out}}`
  }
}
