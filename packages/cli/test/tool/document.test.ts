/** The page on fidelity: its verdicts, its sums, and an explanation for whatever falls short. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Score, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { fidelityPage, notesIn, unexplained, verdictsIn } from "../../tool/fidelity/document.ts"
import type { Measured } from "../../tool/fidelity/measure.ts"

const docs = join(import.meta.dirname, "../../../../docs")

const scored = (part: Partial<Score>): Score => ({
  ...{ parity: true, exact: true, states: 1, events: 1, realStates: 1, realEvents: 1 },
  ...{ p95: SECOND, realP95: 2 * SECOND },
  ...part
})

const measured = (name: string, part: Partial<Measured> = {}): Measured => ({
  ...{ name, foreignKinds: [], notSimulated: [], scores: [scored({})], realScores: [scored({})] },
  ...{ differences: [], realDifferences: 0 },
  ...part
})

const short = scored({ parity: false, exact: false, states: 0.5, events: 0.25, p95: undefined })

describe("fidelityPage", () => {
  it("says exact, parity or short of each scenario, as its best seed is", () => {
    const page = fidelityPage(
      [
        measured("one", { scores: [short, scored({})] }),
        measured("two", { scores: [scored({ exact: false }), short] }),
        measured("fuzz-1", { scores: [short] })
      ],
      new Map()
    )
    expect([...verdictsIn(page)]).toEqual([
      ["one", "exact"],
      ["two", "parity"],
      ["fuzz-1", "short"]
    ])
    expect(page).toContain("| one | exact | 0.750 (1.000) | 0.625 (1.000) | 1.00 (2.00) | 0 (0) |")
    expect(page).toContain("| designed | 2 | 2 (100 %) | 1 | 0.750 (1.000) | 0.625 (1.000) |")
    expect(page).toContain("| random pods | 1 | 0 (0 %) | 0 | 0.500 (1.000) | 0.250 (1.000) |")
    expect(page).toContain("| fuzz-1 | short | 0.500 (1.000) | 0.250 (1.000) | – (2.00) | 0 (0) |")
  })

  it("explains what falls short: by a note, by what is not simulated, or by saying that nobody knows", () => {
    const page = fidelityPage(
      [
        measured("a", { scores: [short] }),
        measured("b", { scores: [short], notSimulated: ["not simulated: spec.x (Pod p)"] }),
        measured("c", { scores: [short] }),
        measured("d", { scores: [short], foreignKinds: ["Job"] }),
        measured("e")
      ],
      notesIn("# Notes\n\nHow to write them.\n\n## c\n\nThe clock of that node was wrong.\n\n## e\n\nStale.\n")
    )
    expect(page).toContain(`- **a**: ${unexplained}`)
    expect(page).toContain("- **b**: Not simulated: spec.x (Pod p).")
    expect(page).toContain("- **c**: The clock of that node was wrong.")
    expect(page).toContain("- **d**: Job")
    expect(page).not.toContain("Stale")
  })
})

describe("docs/fidelity.md", () => {
  it("explains every scenario that is short of parity", () => {
    expect(readFileSync(join(docs, "fidelity.md"), "utf8")).not.toContain(unexplained)
  })

  it("has no note for a scenario that is at parity or that does not exist", () => {
    const verdicts = verdictsIn(readFileSync(join(docs, "fidelity.md"), "utf8"))
    const notes = [...notesIn(readFileSync(join(docs, "fidelity.notes.md"), "utf8")).keys()]
    expect(notes.filter((name) => verdicts.get(name) !== "short")).toEqual([])
  })
})
