/** Containers, probes, hooks and every other field that a scenario, its manifests and its programs can do without. */
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "@kubereel/core"
import { podPath } from "../document.ts"
import type { Search } from "../Search.ts"
import { at, type Path, put } from "../tree.ts"
import { isQuickEnd, isUsual } from "./programs.ts"

/** Without them it is another thing, or none at all. */
const kept = new Set([
  ...[
    "apiVersion",
    "kind",
    "metadata",
    "at",
    "until",
    "steps",
    "apply",
    "programs",
    "images",
    "runs",
    "onTerm",
    "image"
  ]
])

const isKept = (field: string, value: Json | undefined): boolean =>
  kept.has(field) && !(Array.isArray(value) && value.length === 0)

/** Every image is on every node. Without a word about images that is only taken for granted, and warned of. */
const anyImage: JsonObject = { image: "*", present: true }

/** Shortened elsewhere, or better kept. */
const isFixed = (path: Path, found: Json | undefined): boolean =>
  isStep(path) || (path[1] === "programs" && isUsual(found)) || jsonEqual(found, anyImage)

/** What is done is shortened elsewhere. */
const isStep = (path: Path): boolean => path.length === 3 && path[1] === "steps"

const isName = (path: Path): boolean => path.at(-1) === "name"

/**
 * Leaves out what can be left out below a place, the greatest parts first: what is gone as a whole need not be looked at in parts.
 * Entries of lists go from the last to the first, so that the numbers of those before stay.
 */
const prune = (search: Search, path: Path): void => {
  const found = at(search.current, path)
  if (isQuickEnd(found) || jsonEqual(found, anyImage)) return
  if (Array.isArray(found)) {
    for (let i = found.length - 1; i >= 0; i--) {
      const place = [...path, i]
      if (isFixed(place, found[i]) || !search.try(put(search.current, place, undefined))) prune(search, place)
    }
  } else if (isJsonObject(found)) {
    for (const field of Object.keys(found)) {
      const place = [...path, field]
      if (isKept(field, found[field]) || isName(place) || !search.try(put(search.current, place, undefined)))
        prune(search, place)
    }
  }
}

const bareContainer = ({ image, name, restartPolicy }: JsonObject): JsonObject => ({
  ...(name === undefined ? {} : { name }),
  ...(image === undefined ? {} : { image }),
  ...(restartPolicy === undefined ? {} : { restartPolicy })
})

const bareContainers = (value: Json | undefined): ReadonlyArray<JsonObject> =>
  (Array.isArray(value) ? value : []).map((one: Json) => (isJsonObject(one) ? bareContainer(one) : {}))

/** A pod that only runs: its first container, all of its containers, those with what it is told of its end and restarts. */
const barer = (spec: JsonObject): ReadonlyArray<JsonObject> => {
  const { containers, initContainers, restartPolicy } = spec
  const all = bareContainers(containers)
  const policy: JsonObject = restartPolicy === undefined ? {} : { restartPolicy }
  return [
    { containers: all.slice(0, 1) },
    { ...policy, containers: all.slice(0, 1) },
    { ...policy, containers: all },
    {
      ...policy,
      ...(initContainers === undefined ? {} : { initContainers: bareContainers(initContainers) }),
      containers: all
    },
    { ...spec, containers: Array.isArray(containers) ? containers.slice(0, 1) : [] }
  ]
}

/** Most pods need little of what they are: one guess saves many small steps. */
const bare = (search: Search, manifest: Path): void => {
  const found = at(search.current, manifest)
  if (!isJsonObject(found)) return
  const place = [...manifest, ...podPath(found)]
  const spec = at(search.current, place)
  if (!isJsonObject(spec) || spec["containers"] === undefined) return
  for (const guess of barer(spec)) if (search.try(put(search.current, place, guess))) return
}

const manifestPlaces = (document: JsonObject): ReadonlyArray<Path> => {
  const steps = at(document, ["spec", "steps"])
  return (Array.isArray(steps) ? steps : []).flatMap((step: Json, i): ReadonlyArray<Path> => {
    const apply = isJsonObject(step) ? step["apply"] : undefined
    if (Array.isArray(apply)) return apply.map((_, j) => ["spec", "steps", i, "apply", j])
    return apply === undefined ? [] : [["spec", "steps", i, "apply"]]
  })
}

/** How many there are, and how often: one, or half as many. */
const counts = new Set(["replicas", "completions", "parallelism", "backoffLimit", "failureThreshold", "periodSeconds"])

const fewer = (search: Search, path: Path): void => {
  const found = at(search.current, path)
  const field = path.at(-1)
  if (typeof found === "number" && typeof field === "string" && counts.has(field)) {
    for (const count of [1, Math.floor(found / 2), found - 1])
      if (count > 0 && count < found && search.try(put(search.current, path, count))) return fewer(search, path)
  } else if (Array.isArray(found))
    found.forEach((_, i) => {
      fewer(search, [...path, i])
    })
  else if (isJsonObject(found)) for (const inner of Object.keys(found)) fewer(search, [...path, inner])
}

export const dropFields = (search: Search): void => {
  if (at(search.current, ["spec", "images"]) !== undefined)
    search.try(put(search.current, ["spec", "images"], [anyImage]))
  for (const place of manifestPlaces(search.current)) bare(search, place)
  prune(search, ["spec"])
  fewer(search, ["spec", "steps"])
}
