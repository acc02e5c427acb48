/** Differences between two JSON values as a list of paths with what stands there now, and how to lay them over a value. */
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"
import type { Overlay } from "./Pod.ts"

type Path = Overlay["path"]

/** What has to be laid over `from` to make it `to`; empty if they are equal. A list of another length changes as a whole. */
export const changesBetween = (from: Json | undefined, to: Json | undefined): ReadonlyArray<Overlay> => {
  if (from === to) return []
  const changes: Array<Overlay> = []
  collect(changes, [], from, to)
  return changes
}

const collect = (changes: Array<Overlay>, path: Path, from: Json | undefined, to: Json | undefined): void => {
  if (from === to) return
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    for (let i = 0; i < to.length; i++) {
      if (from[i] !== to[i]) collect(changes, [...path, i], from[i] as Json, to[i] as Json)
    }
    return
  }
  if (isJsonObject(from) && isJsonObject(to)) {
    for (const key of Object.keys(from)) {
      if (from[key] !== undefined && own(to, key) === undefined) changes.push({ path: [...path, key] })
    }
    for (const key of Object.keys(to)) {
      const [was, is] = [own(from, key), to[key]]
      if (is !== undefined && was !== is) collect(changes, [...path, key], was, is)
    }
    return
  }
  changes.push(to === undefined ? { path } : { path, value: to })
}

/** A label may be called `__proto__` or `constructor`: what is inherited is nothing that the object says. */
const own = (object: JsonObject, key: string): Json | undefined => {
  const value = object[key]
  if (typeof value !== "function" && key !== "__proto__") return value
  return Object.hasOwn(object, key) ? value : undefined
}

/** The path leads nowhere in this value. */
const misses = Symbol("misses")

/** `value` with the changes laid over it, and how many of them led nowhere; untouched parts stay the same objects. */
export const applyChanges = (
  value: Json | undefined,
  changes: ReadonlyArray<Overlay>
): { readonly value: Json | undefined; readonly missed: number } => {
  let [result, missed] = [value, 0]
  for (const { path, value: change } of changes) {
    const next = setAt(result, path, 0, change)
    if (next === misses) missed++
    else result = next
  }
  return { value: result, missed }
}

const setAt = (
  value: Json | undefined,
  path: Path,
  depth: number,
  change: Json | undefined
): Json | undefined | typeof misses => {
  const step = path[depth]
  if (step === undefined) return change
  if (Array.isArray(value) && typeof step === "number")
    return setItem(value as ReadonlyArray<Json>, path, depth, change)
  if (!isJsonObject(value) || typeof step !== "string") return misses
  const part = setAt(own(value, step), path, depth + 1, change)
  if (part === misses) return misses
  if (part !== undefined) return { ...value, [step]: part }
  const { [step]: _, ...others } = value
  return others
}

const setItem = (
  list: ReadonlyArray<Json>,
  path: Path,
  depth: number,
  change: Json | undefined
): Json | typeof misses => {
  const index = Number(path[depth])
  if (!Number.isInteger(index) || index < 0 || index >= list.length) return misses
  const part = setAt(list[index], path, depth + 1, change)
  return part === misses || part === undefined ? misses : list.with(index, part)
}
