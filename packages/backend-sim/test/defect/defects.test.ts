/** Defects as a whole: each in a file of its name, found by nobody but tests, and nothing to a cluster that has none. */
import { globSync, readFileSync } from "node:fs"
import { type ClusterEvent, canonical, type Json } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { decisions } from "../../src/defect/Decisions.ts"
import { decisionsWith } from "../../src/defect/Defect.ts"
import { defects } from "../../src/defect/defects.ts"
import { simulate } from "../given.ts"
import { smallest } from "./smallest.ts"

const packages = `${import.meta.dirname}/../../..`

const text = (facts: ReadonlyArray<ClusterEvent>): string =>
  facts.map((fact) => canonical(fact as unknown as Json)).join("\n")

describe.each(defects)("$name: $sentence", ({ breaks, name, sources }) => {
  it("is in a file of its name", () => {
    const file = readFileSync(`${packages}/backend-sim/src/defect/${name}.ts`, "utf8")
    expect(file).toContain(`export const ${name}: Defect`)
  })

  it("says where it was reported, and which laws it breaks", () => {
    expect(sources.length).toBeGreaterThan(0)
    for (const source of sources) expect(source).toMatch(/^[\w-]+\/[\w-]+#\d+$/)
    for (const law of breaks) expect(law).toMatch(/^L\d+$/)
  })

  it("has a scenario of no more than five steps, which goes the same way twice", () => {
    const given = smallest[name]
    if (given === undefined) throw new Error("it has none")
    expect(given.steps.length).toBeLessThanOrEqual(5)
    const defect = defects.filter((one) => one.name === name)
    expect(text(simulate(given, 7, { defects: defect }))).toBe(text(simulate(given, 7, { defects: defect })))
  })
})

describe("a cluster without defects", () => {
  it("decides as Kubernetes does", () => {
    expect(decisionsWith()).toBe(decisions)
    expect(decisionsWith([])).toBe(decisions)
  })

  it("is what every cluster is that is not made by a test", () => {
    const naming = globSync("*/src/**/*.ts", { cwd: packages })
      .filter((file) => !file.startsWith("backend-sim/src/defect/"))
      .filter((file) => /\bdefects\b|backend-sim\/defect/.test(readFileSync(`${packages}/${file}`, "utf8")))
    expect(naming).toEqual(["backend-sim/src/Cluster.ts"])
  })
})
