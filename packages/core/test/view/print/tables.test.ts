/**
 * The server's tables beside those of Kubernetes' own printers (1.36.3): `goTables.json` is what they made of the objects of
 * `tableCases.json` at one moment (`oracle/`).
 */
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { mergePatch } from "../../../src/decide/apiserver/mergePatch.ts"
import { type Instant, parseInstant } from "../../../src/event/Instant.ts"
import type { Json, JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"
import { tablePrinter } from "../../../src/view/print/printTable.ts"

interface Cases {
  readonly now: string
  readonly kinds: {
    readonly [kind: string]: {
      readonly base: JsonObject
      readonly with: ReadonlyArray<JsonObject>
      /** Of a custom resource. */
      readonly columns?: ReadonlyArray<JsonObject>
    }
  }
}

interface GoTable {
  readonly columns: ReadonlyArray<JsonObject>
  readonly rows: ReadonlyArray<{ readonly cells: ReadonlyArray<Json>; readonly conditions?: ReadonlyArray<JsonObject> }>
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`./${name}`, import.meta.url), "utf8"))
const cases = read("tableCases.json") as Cases
const golden = read("goTables.json") as { readonly [kind: string]: GoTable }
const now = parseInstant(cases.now) as Instant

const printerOf = (name: string) => {
  const parts = name.split("/")
  const [group, version, kind] = parts.length === 3 ? parts : ["", ...parts]
  const { columns } = cases.kinds[name] ?? {}
  const crd = columns === undefined ? undefined : { name: "v1", additionalPrinterColumns: columns }
  return tablePrinter({ group: group ?? "", version: version ?? "", kind: kind ?? "" }, crd)
}

describe("C-201, C-202, C-205: the table of each kind is Kubernetes' own", () => {
  it("has a golden table for each kind of the cases, and a row for each case", () => {
    const counted = Object.entries(cases.kinds).map(([kind, one]) => [kind, one.with.length])
    expect(Object.entries(golden).map(([kind, { rows }]) => [kind, rows.length])).toEqual(counted)
  })

  it.each(Object.keys(golden))("%s: the columns", (kind) => {
    expect(printerOf(kind).columns).toEqual(golden[kind]?.columns)
  })

  it.each(Object.keys(golden))("C-203 to C-214: %s: the rows", (kind) => {
    const { base, with: patches } = cases.kinds[kind] ?? { base: {}, with: [] }
    const printed = patches.map((patch) =>
      printerOf(kind).row(mergePatch(base, patch) as unknown as KubernetesObject, now)
    )
    expect(printed.map((row, i) => ({ case: patches[i], ...row }))).toEqual(
      golden[kind]?.rows.map((row, i) => ({ case: patches[i], ...row }))
    )
  })
})
