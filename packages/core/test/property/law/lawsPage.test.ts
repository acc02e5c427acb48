/** The page of laws names every law as the law names itself. */
import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import { goals } from "../../../src/property/goals.ts"
import type { Property } from "../../../src/property/language/Property.ts"
import { laws } from "../../../src/property/laws.ts"
import { refutedBeliefs } from "../../../src/property/refutedBeliefs.ts"

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
  const rows = page.split("\n").filter((line) => /^\| [LOK]-?\d/.test(line))
  expect(rows).toEqual(laws.map(rowOf))
})

it("every refuted belief has its row with its reason and what to use instead, and the goals are counted", () => {
  const rows = page.split("\n").filter((line) => /^\| R\d/.test(line))
  expect(rows).toEqual(
    refutedBeliefs.map(({ id, refutation, says }) => {
      return `| ${id} | ${says} | ${refutation?.why} | ${refutation?.insteadUse.join(", ")} |`
    })
  )
  expect(page).toContain(`there are ${goals.length}, declared`)
})

it("laws that are spoken of exist", () => {
  const known = new Set(laws.map(({ id }) => id))
  const named = page.match(/\b[LO]\d+\b/g) ?? []
  expect(named.filter((id) => !known.has(id))).toEqual([])
})
