/** Programs: the simplest one in which the same still fails. */
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "@kubereel/core"
import { objectIn, objectsIn, specOf, withSpec } from "../document.ts"
import type { Search } from "../Search.ts"

const quickEnd: JsonObject = { exitAfter: "50ms" }

/** What TERM does to a program of which nothing else is said. */
export const isQuickEnd = (value: Json | undefined): boolean => jsonEqual(value, quickEnd)

/** It runs, and ends soon when it is asked to. */
const runs: JsonObject = { onTerm: quickEnd }

const quickly = (run: JsonObject): JsonObject => ({ ...run, ...runs })

/** It ends by itself as it did, and does nothing else. */
const ends = (run: JsonObject): ReadonlyArray<ReadonlyArray<JsonObject>> => {
  const { exitAfter, exitCode } = run
  if (exitAfter === undefined) return []
  return [[quickly({ exitAfter, ...(exitCode === undefined ? {} : { exitCode }) })]]
}

/** Containers that nothing else is said of run, and end when they are asked to: without it they would have to be killed. */
export const isUsual = (program: Json | undefined): boolean => {
  if (!isJsonObject(program)) return false
  const { match, runs: own } = program
  return Object.keys(objectIn(match)).length === 0 && jsonEqual(own, [runs])
}

const without = (search: Search, i: number): boolean => {
  const programs = objectsIn(specOf(search.current)["programs"])
  return !isUsual(programs[i]) && search.try(withSpec(search.current, { programs: programs.toSpliced(i, 1) }))
}

export const simplifyPrograms = (search: Search): void => {
  const count = objectsIn(specOf(search.current)["programs"]).length
  // From the last, so that those before keep their numbers when one goes.
  for (let i = count - 1; i >= 0; i--) {
    if (without(search, i)) continue
    const programs = objectsIn(specOf(search.current)["programs"])
    const program = programs[i] ?? {}
    const own = objectsIn(program["runs"])
    const simpler = [
      [runs],
      ...own.slice(0, 1).flatMap(ends),
      own.slice(0, 1),
      own.slice(-1),
      own.slice(-2),
      own.map(quickly)
    ]
    for (const some of simpler) {
      const longer = some.length > own.length || (some.length === own.length && size(some) > size(own))
      if (longer || jsonEqual(some, own)) continue
      if (search.try(withSpec(search.current, { programs: programs.with(i, { ...program, runs: some }) }))) break
    }
  }
}

const size = (value: Json): number => JSON.stringify(value).length
