/** docs/coverage.md is true: what it names exists, and each test that it names mentions the rule. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { coverageProblems, type Repository } from "./coverage.ts"

const root = join(import.meta.dirname, "..", "..")
const disk: Repository = {
  exists: (path) => existsSync(join(root, path)),
  text: (path) => readFileSync(join(root, path), "utf8")
}
const known = new Set(
  disk
    .text("docs/rules.txt")
    .split("\n")
    .filter((line) => /^[A-Z]-\d+$/.test(line))
)

it("every line of docs/rules.txt is an id, each once", () => {
  const lines = disk
    .text("docs/rules.txt")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
  expect(lines).toEqual([...known])
})

it("docs/coverage.md is true", () => {
  expect(coverageProblems(disk.text("docs/coverage.md"), known, disk)).toEqual([])
})

const sources = globSync("packages/*/{src,test}/**/*.ts", { cwd: root })

it("no source and no scenario cites a rule that does not exist", () => {
  const cited = [...sources, ...globSync("scenarios/*.yaml", { cwd: root })].flatMap((file) =>
    [...disk.text(file).matchAll(/\b([KTCSWX]-\d{2,3})\b/g)].map(([id]) => ({ file, id }))
  )
  expect(cited.length).toBeGreaterThan(0)
  expect(cited.filter(({ id }) => !known.has(id))).toEqual([])
})

describe("this check has seen each mistake", () => {
  const repository: Repository = {
    exists: (path) => ["restart.ts", "restart.test.ts", "other.test.ts"].includes(path),
    text: (path) => (path === "restart.test.ts" ? `it("K-001: restarts")` : "K-0011")
  }
  const ids = new Set(["K-001", "K-002", "S-001"])
  const done = "| K-001 | `restart.ts` | `restart.test.ts` |"
  const page = (
    claim: number,
    rows: ReadonlyArray<string>,
    leftOut: ReadonlyArray<string> = ["| K-002 | it rains |"]
  ) =>
    `**${claim} of 3 ids** are done.\n\n| id | file | test |\n|---|---|---|\n${rows.join("\n")}\n\n## Left out\n\n| id | why |\n|---|---|\n${leftOut.join("\n")}\n`

  it("and is content with a table that is true", () => {
    expect(coverageProblems(page(1, [done]), ids, repository)).toEqual([])
  })

  it.each([
    ["| K-001 | `gone.ts` | `restart.test.ts` |", "K-001 names gone.ts, which does not exist"],
    ["| K-001 | `restart.ts` | `gone.test.ts` |", "K-001 names gone.test.ts, which does not exist"],
    ["| K-001 | `restart.ts` | `other.test.ts` |", "K-001 names other.test.ts, which does not mention it"],
    ["| K-001 | `restart.ts` | |", "K-001 names no test"],
    ["| K-001 | | `restart.test.ts` |", "K-001 names no file"],
    ["| K-009 | `restart.ts` | `other.test.ts` |", "K-009 is no id of docs/rules.txt"]
  ])("%s", (row, sentence) => {
    expect(coverageProblems(page(1, [row]), ids, repository)).toContain(sentence)
  })

  it("a rule that is listed twice, and a wrong sum", () => {
    expect(coverageProblems(page(1, [done, done]), ids, repository)).toEqual([
      "K-001 is listed twice",
      "the page must say **2 of 3 ids**"
    ])
  })

  it.each([
    [["| K-002 | |"], "K-002 is left out without a reason"],
    [[], "K-002 is neither done nor left out"],
    [["| K-001 | it rains |", "| K-002 | it rains |"], "K-001 is done and left out"],
    [["| K-002 | it rains |", "| K-002 | it pours |"], "K-002 is listed twice"],
    [["| K-002 | it rains |", "| K-009 | it rains |"], "K-009 is no id of docs/rules.txt"],
    [["| S-001 | it rains |", "| K-002 | it rains |"], "K-002 is not in order"]
  ])("left out: %j", (leftOut, sentence) => {
    expect(coverageProblems(page(1, [done], leftOut), ids, repository)).toEqual([sentence])
  })

  it("only the kubelet's rules have to be on the page", () => {
    expect(coverageProblems(page(1, [done]), new Set([...ids, "T-01"]), repository)).toEqual([
      "T-01 is neither done nor left out",
      "the page must say **1 of 4 ids**"
    ])
  })
})
