/** What a scenario says must be true of objects of any kind when it is over: of one by its name, or of all with some labels. */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"
import { type EventExpectation, eventProblems, type Objects, objectsOf } from "./expectation.ts"

interface OfKind {
  readonly kind: string
  readonly namespace?: string
  /** Parts of it as they must be: mappings need only hold these fields, lists an entry for each of these; null: absent. */
  readonly has?: JsonObject
}

/** Of one object. Of one that is gone: as it was last seen. */
interface Named extends OfKind {
  readonly name: string
  readonly gone?: boolean
  readonly events?: ReadonlyArray<EventExpectation>
}

/** Of all that are there in the end and carry these labels. */
interface Selected extends OfKind {
  readonly selector: { readonly [label: string]: string }
  readonly count?: number
}

export type ObjectExpectation = Named | Selected

const shown = (value: Json | undefined): string => (value === undefined ? "absent" : JSON.stringify(value))

/** What of `expected` is not in `found`, each with its path. */
const lacking = (path: string, found: Json | undefined, expected: Json): ReadonlyArray<string> => {
  if (isJsonObject(expected)) {
    return isJsonObject(found)
      ? Object.entries(expected).flatMap(([key, value = null]) =>
          lacking(path === "" ? key : `${path}.${key}`, found[key], value)
        )
      : [`${path} is ${shown(found)}, expected ${shown(expected)} in it`]
  }
  if (Array.isArray(expected)) {
    const entries: ReadonlyArray<Json> = Array.isArray(found) ? found : []
    return expected
      .filter((one: Json) => !entries.some((entry) => lacking(path, entry, one).length === 0))
      .map((one: Json) => `${path} is ${shown(found)}, expected ${shown(one)} in it`)
  }
  const same = expected === null ? found === undefined || found === null : found === expected
  return same ? [] : [`${path} is ${shown(found)}, expected ${expected === null ? "absent" : shown(expected)}`]
}

const ofNamed = (objects: Objects, { events = [], gone, has = {}, kind, name }: Named): ReadonlyArray<string> => {
  const last = objects.findLast(({ object }) => object.kind === kind && object.metadata.name === name)
  const ends =
    gone === undefined || gone === last?.gone ? [] : [last?.gone === true ? "it is gone" : "it is still there"]
  const state = last === undefined ? ["there never was such an object"] : [...ends, ...lacking("", last.object, has)]
  return [...state, ...events.flatMap((event) => eventProblems(objects, { kind, name }, event))].map(
    (problem) => `${kind} ${name}: ${problem}`
  )
}

const ofSelected = (objects: Objects, { count, has = {}, kind, selector }: Selected): ReadonlyArray<string> => {
  const wanted = Object.entries(selector)
  // The last version of each: of several lives of a name only the last one can be there.
  const last = new Map(
    objects.filter(({ object }) => object.kind === kind).map((one) => [one.object.metadata.name, one])
  )
  const found = [...last.values()].filter(
    ({ gone, object: { metadata } }) => !gone && wanted.every(([label, value]) => metadata.labels?.[label] === value)
  )
  const what = `${kind} with ${wanted.map(([label, value]) => `${label}=${value}`).join(",")}`
  return [
    ...(count === undefined || found.length === count ? [] : [`${what}: there are ${found.length}, expected ${count}`]),
    ...found.flatMap(({ object }) =>
      lacking("", object, has).map((problem) => `${kind} ${object.metadata.name}: ${problem}`)
    )
  ]
}

/** A sentence for each thing that is not as expected. `namespace`: where none is named. */
export const unmetByObjects = (
  history: Iterable<ClusterEvent>,
  expected: ObjectExpectation,
  namespace: string
): ReadonlyArray<string> => {
  const objects = objectsOf(history, expected.namespace ?? namespace)
  return "name" in expected ? ofNamed(objects, expected) : ofSelected(objects, expected)
}
