/** The page of laws names every law as the law names itself. */
import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import type { Property } from "../../../src/property/language/Property.ts"
import { laws } from "../../../src/property/laws.ts"

const page = readFileSync(`${import.meta.dirname}/../../../../../docs/laws.md`, "utf8")

const needs = { api: "", events: "Events", simulator: "the simulator" } as const

const rowOf = ({ id, name, needs: needed, says, severity, since, source }: Property): string => {
  const remarks = [
    severity === "advisory" ? "advisory" : "",
    since === undefined ? "" : `since ${since}`,
    needs[needed] === "" ? "" : `needs ${needs[needed]}`
  ]
  return `| ${id} | \`${name}\` | ${says} | ${remarks.filter((one) => one !== "").join(", ")} | ${source} |`
}

it("every law has its row in docs/laws.md, in the order of their numbers, and no other row is there", () => {
  const rows = page.split("\n").filter((line) => /^\| [A-Z]+-?\d/.test(line))
  expect(rows).toEqual(laws.map(rowOf))
})

it("laws that are spoken of exist", () => {
  const known = new Set(laws.map(({ id }) => id))
  const named = page.match(/\b[LO]\d+\b/g) ?? []
  expect(named.filter((id) => !known.has(id))).toEqual([])
})
