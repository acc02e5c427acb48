/** A table of objects that no API server has checked: whatever stands in them, each has its row. */
import { readFileSync } from "node:fs"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { mergePatch } from "../../../src/decide/apiserver/mergePatch.ts"
import { type Instant, parseInstant } from "../../../src/event/Instant.ts"
import { isJsonObject, type Json, type JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"
import { tablePrinter } from "../../../src/view/print/printTable.ts"

interface KindCases {
  readonly base: JsonObject
  readonly with: ReadonlyArray<JsonObject>
  readonly columns?: ReadonlyArray<JsonObject>
}

const { kinds } = JSON.parse(readFileSync(new URL("./tableCases.json", import.meta.url), "utf8")) as {
  readonly kinds: { readonly [kind: string]: KindCases }
}
const now = parseInstant("2026-01-01T12:00:00Z") as Instant

const junk: fc.Arbitrary<Json> = fc.constantFrom<Json>(null, true, 0, -1.5, "", "x", [], {}, [null, 1, "x", [], {}], {
  x: null
})

/** The value with something else at one place in it, found by `seed`. */
const garble = (value: Json, seed: number, other: Json): Json => {
  const entries: ReadonlyArray<readonly [string, Json]> = Array.isArray(value)
    ? value.map((item: Json, i: number) => [`${i}`, item] as const)
    : isJsonObject(value)
      ? Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, item] as const]))
      : []
  if (entries.length === 0 || seed % 5 === 0) return other
  const [key, item] = entries[seed % entries.length] as readonly [string, Json]
  const garbled = garble(item, Math.floor(seed / 7), other)
  return Array.isArray(value)
    ? value.map((old: Json, i: number) => (`${i}` === key ? garbled : old))
    : { ...(value as JsonObject), [key]: garbled }
}

/** Every object that is read has metadata: what is garbled is in it, or elsewhere. */
const garbled = (object: JsonObject, seed: number, other: Json): KubernetesObject => {
  const made = garble(object, seed, other)
  const metadata = isJsonObject(made) ? made["metadata"] : undefined
  return {
    ...(isJsonObject(made) ? made : object),
    metadata: isJsonObject(metadata) ? metadata : {}
  } as unknown as KubernetesObject
}

describe("a row", () => {
  it.each(Object.keys(kinds))("of a garbled %s has all its cells", (name) => {
    const { base, columns, with: patches } = kinds[name] as KindCases
    const parts = name.split("/")
    const [group = "", version = "", kind = ""] = parts.length === 3 ? parts : ["", ...parts]
    const crd = columns === undefined ? undefined : { additionalPrinterColumns: columns }
    const { row } = tablePrinter({ group, version, kind }, crd)
    const width = row(base as unknown as KubernetesObject, now).cells.length
    fc.assert(
      fc.property(fc.constantFrom(...patches), fc.nat(), junk, (patch, seed, other) => {
        const { cells } = row(garbled(mergePatch(base, patch) as JsonObject, seed, other), now)
        expect(cells).toHaveLength(width)
        for (const cell of cells) expect(cell === null || typeof cell !== "object").toBe(true)
        expect(cells.some((cell) => cell === undefined)).toBe(false)
      }),
      { numRuns: 100 }
    )
  })
})
