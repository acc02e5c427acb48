/** A value in canonical form that shares what it can with an earlier one: what is equal in both is then also identical. */
import type { Json, JsonObject } from "@kubereel/core"
import { isObject, type Mutable, own, put } from "./delta.ts"

const NOTHING: JsonObject = Object.freeze({})

/** JavaScript keeps keys that are numbers in an order of its own. */
const mayBeNumber = (key: string): boolean => {
  const code = key.charCodeAt(0)
  return code >= 48 && code <= 57
}

const sorted = (object: Mutable): JsonObject => {
  const out: Mutable = {}
  for (const key of Object.keys(object).sort()) put(out, key, object[key] as Json)
  return out
}

/** How many keys it has whose value is not `undefined`. */
const sizeOf = (object: JsonObject): number => {
  let keys = 0
  for (const key in object) if (object[key] !== undefined) keys++
  return keys
}

/** The keys of `base` before `end`, without those that went. */
const copyBefore = (base: JsonObject, next: JsonObject, end: string | undefined): Mutable => {
  const out: Mutable = {}
  for (const key in base) {
    if (key === end) break
    if (own(next, key) !== undefined) put(out, key, base[key] as Json)
  }
  return out
}

/** One value being brought into canonical form. */
export class Sharing {
  /** All objects met have their keys in canonical order, so that `JSON.stringify` writes canonical JSON. */
  isOrdered = true

  /** `next` with sorted keys, made of `base`'s own parts wherever they are equal. `base` is in canonical form already. */
  share(base: Json | undefined, next: Json): Json {
    if (typeof next !== "object" || next === null) return next
    if (Array.isArray(next)) return this.#array(Array.isArray(base) ? base : [], next)
    return this.#object(isObject(base) ? base : NOTHING, next as JsonObject)
  }

  #array(base: ReadonlyArray<Json>, next: ReadonlyArray<Json>): ReadonlyArray<Json> {
    let out: Array<Json> | undefined
    for (let i = 0; i < next.length; i++) {
      const item = this.share(base[i], next[i] ?? null)
      if (item !== base[i]) out ??= base.slice(0, i)
      out?.push(item)
    }
    return out ?? (next.length === base.length ? base : base.slice(0, next.length))
  }

  #object(base: JsonObject, next: JsonObject): JsonObject {
    let out: Mutable | undefined
    let kept = 0
    // In the order of `base`, which is sorted: most changes need no sorting of their own.
    for (const key in base) {
      const before = base[key]
      const value = own(next, key)
      if (value === undefined) {
        out ??= copyBefore(base, next, key)
        continue
      }
      kept++
      if (mayBeNumber(key)) this.isOrdered = false
      const item = this.share(before, value)
      if (item !== before) out ??= copyBefore(base, next, key)
      if (out !== undefined) put(out, key, item)
    }
    return kept === sizeOf(next) ? (out ?? base) : this.#withNew(base, next, out ?? copyBefore(base, next, undefined))
  }

  #withNew(base: JsonObject, next: JsonObject, out: Mutable): JsonObject {
    for (const key in next) {
      const value = next[key]
      if (value === undefined || own(base, key) !== undefined) continue
      if (mayBeNumber(key)) this.isOrdered = false
      put(out, key, this.share(undefined, value))
    }
    return sorted(out)
  }
}
