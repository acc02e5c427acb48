/** The canonical text of an event whose keys are in order, at the price of what changed since the version before. */
import type { Json, JsonObject } from "@kubereel/core"
import { isObject } from "./delta.ts"

export class Texts {
  /** Of the parts that several versions share: mostly the spec, which is half of a pod and hardly ever changes. */
  readonly #shared = new WeakMap<object, string>()

  of(content: JsonObject, base: JsonObject | undefined): string {
    const parts: Array<string> = []
    for (const key in content) {
      const [value, before] = [content[key] as Json, base?.[key]]
      parts.push(
        `${JSON.stringify(key)}:${isObject(value) && isObject(before) ? this.#object(value, before) : JSON.stringify(value)}`
      )
    }
    return `{${parts.join(",")}}`
  }

  #object(object: JsonObject, base: JsonObject): string {
    const parts: Array<string> = []
    for (const key in object) {
      const value = object[key] as Json
      parts.push(
        `${JSON.stringify(key)}:${isObject(value) && value === base[key] ? this.#part(value) : JSON.stringify(value)}`
      )
    }
    return `{${parts.join(",")}}`
  }

  #part(value: JsonObject): string {
    const known = this.#shared.get(value)
    if (known !== undefined) return known
    const text = JSON.stringify(value)
    this.#shared.set(value, text)
    return text
  }
}
