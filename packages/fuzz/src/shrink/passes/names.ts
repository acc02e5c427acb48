/** Names: what people call such things, numbered only where there are several. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import { manifestsOf, nameOf, objectAt, objectsIn, podPath, specOf, stepsOf } from "../document.ts"
import type { Search } from "../Search.ts"

/** Old names and new ones, so that no two become one. */
class Names {
  readonly #new = new Map<string, string>()

  give(old: string, wanted: string): void {
    if (old === "" || this.#new.has(old)) return
    const taken = new Set(this.#new.values())
    let name = wanted
    for (let i = 2; taken.has(name); i++) name = `${wanted}-${i}`
    this.#new.set(old, name)
  }

  get all(): ReadonlyMap<string, string> {
    return this.#new
  }
}

const containerNames = (names: Names, spec: JsonObject): void => {
  for (const { name } of objectsIn(spec["containers"])) names.give(String(name), "app")
  for (const { name, restartPolicy } of objectsIn(spec["initContainers"]))
    names.give(String(name), restartPolicy === "Always" ? "proxy" : "init")
}

const namesFor = (document: JsonObject): ReadonlyMap<string, string> => {
  const names = new Names()
  for (const manifest of stepsOf(document).flatMap(manifestsOf)) {
    const spec = objectAt(manifest, podPath(manifest))
    if (spec["containers"] === undefined) continue
    names.give(nameOf(manifest), "web")
    containerNames(names, spec)
    for (const { image } of [...objectsIn(spec["containers"]), ...objectsIn(spec["initContainers"])])
      if (typeof image === "string" && /^there:\d$/.test(image)) names.give(image, `app:${image.split(":")[1]}`)
  }
  objectsIn(specOf(document)["nodes"]).forEach(({ name }, i) => {
    names.give(String(name), `n-${i + 1}`)
  })
  return names.all
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** In texts, where a name stands by itself or with the number of a replica behind it. */
const renamedText = (text: string, names: ReadonlyMap<string, string>): string => {
  const [...olds] = names.keys()
  if (olds.length === 0) return text
  const any = olds
    .toSorted((a, b) => b.length - a.length)
    .map(escaped)
    .join("|")
  return text.replaceAll(new RegExp(`(?<![a-z0-9.-])(?:${any})(?![a-z0-9.])`, "g"), (old) => names.get(old) ?? old)
}

const renamed = (value: Json | undefined, names: ReadonlyMap<string, string>): Json | undefined => {
  if (typeof value === "string") return renamedText(value, names)
  if (Array.isArray(value)) return value.map((one: Json) => renamed(one, names) ?? null)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, renamed(inner, names)]))
}

export const giveNames = (search: Search): void => {
  const { current } = search
  const spec = renamed(current["spec"], namesFor(current))
  if (spec !== undefined) search.try({ ...current, spec })
}
