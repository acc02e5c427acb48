/** Places in a document: found, changed and left out without touching the rest. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"

export type Path = ReadonlyArray<string | number>

export const at = (value: Json | undefined, path: Path): Json | undefined =>
  path.reduce<Json | undefined>((found, part) => {
    if (typeof part === "number") return Array.isArray(found) ? found[part] : undefined
    return isJsonObject(found) && Object.hasOwn(found, part) ? found[part] : undefined
  }, value)

/** `undefined` leaves the place out, a field of an object or an entry of a list. */
export const put = (value: JsonObject, path: Path, to: Json | undefined): JsonObject =>
  putIn(value, path, to) as JsonObject

const putIn = (value: Json | undefined, [part, ...rest]: Path, to: Json | undefined): Json | undefined => {
  if (part === undefined) return to
  if (typeof part === "number") {
    if (!Array.isArray(value)) return value
    const list: ReadonlyArray<Json> = value
    const inner = putIn(list[part], rest, to)
    return inner === undefined ? list.toSpliced(part, 1) : list.with(part, inner)
  }
  if (!isJsonObject(value)) return value
  const inner = putIn(value[part], rest, to)
  if (inner !== undefined) return { ...value, [part]: inner }
  const { [part]: _, ...others } = value
  return others
}

/** The places of all fields and entries below a place, the outer ones first. */
export function* placesIn(value: Json | undefined, path: Path = []): Generator<Path> {
  const found = at(value, path)
  if (Array.isArray(found)) {
    for (let i = found.length - 1; i >= 0; i--) {
      yield [...path, i]
      yield* placesIn(value, [...path, i])
    }
  } else if (isJsonObject(found)) {
    for (const field of Object.keys(found)) {
      yield [...path, field]
      yield* placesIn(value, [...path, field])
    }
  }
}
