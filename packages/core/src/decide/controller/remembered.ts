/** What is asked again and again of objects that never change: templates above all, which each sync looks at. */
import { type JsonObject, jsonEqual } from "../../event/Json.ts"

/** `make` of each object once, for as long as the object is there. */
export const madeOnce = <Made>(make: (of: JsonObject) => Made): ((of: JsonObject) => Made) => {
  const known = new WeakMap<JsonObject, { readonly made: Made }>()
  return (of) => {
    const before = known.get(of)
    if (before !== undefined) return before.made
    const made = make(of)
    known.set(of, { made })
    return made
  }
}

const compared = new WeakMap<JsonObject, { readonly other: JsonObject; readonly same: boolean }>()

/** `jsonEqual`, which remembers of `a` what it was compared with last. */
export const rememberedEqual = (a: JsonObject, b: JsonObject): boolean => {
  if (a === b) return true
  const before = compared.get(a)
  if (before?.other === b) return before.same
  const same = jsonEqual(a, b)
  compared.set(a, { other: b, same })
  return same
}
