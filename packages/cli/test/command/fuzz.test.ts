/** `kubereel fuzz` as the shell sees it. */
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"

const root = join(import.meta.dirname, "..", "..", "..", "..")
const scratch = mkdtempSync(join(tmpdir(), "kubereel-fuzz-"))
const corpus = join(scratch, "corpus")

/** What somebody believes who has not looked. */
const belief = join(scratch, "mine.ts")
writeFileSync(
  belief,
  `import { implies, not, pod, podIs, property } from "@kubereel/core"
export const mine = property("mine/never-terminating", { says: "No pod is ever deleted", source: "I", each: pod }, () =>
  not(podIs.terminating))
`
)

/** The launcher in a process of its own: its workers are children of it. */
const run = (...args: ReadonlyArray<string>) => {
  const { status, stderr, stdout } = spawnSync("node", [join(root, "packages/cli/bin/kubereel.mjs"), ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "--conditions=source", COLUMNS: "120" }
  })
  return { code: status, out: stdout, err: stderr }
}

const few = ["fuzz", corpus, "--size", "small", "--workers", "1", "--property", belief]

describe("a campaign that finds something", { timeout: 180_000 }, () => {
  it("shows the smallest scenario, saves it, and the saved one is a scenario that shows it again", () => {
    const { code, out } = run(...few, "--scenarios", "10")
    assert.strictEqual(code, 1, out)
    assert.match(out, /^VIOLATED {2}mine\/never-terminating/)
    assert.match(out, /says {5}No pod is ever deleted/)
    assert.match(out, /scenario [1-4] steps? \(from \d+\): /)
    const [file = ""] = readdirSync(join(corpus, "failures"))
    const again = run("check", join(corpus, "failures", file), "--property", belief)
    assert.strictEqual(again.code, 1)
  })

  it("goes on where it was, the failures of before first", () => {
    const { code, err, out } = run(...few, "--scenarios", "5", "--json")
    assert.strictEqual(code, 1)
    assert.match(err, /mine\/never-terminating is still broken/)
    const { played, progress } = JSON.parse(out)
    assert.deepStrictEqual({ played, cases: progress.cases }, { played: 5, cases: 15 })
    assert.strictEqual(JSON.parse(readFileSync(join(corpus, "campaign.json"), "utf8")).next, 15)
  })

  it("is not taken for another one", () => {
    const { code, err } = run(...few, "--seed", "2")
    assert.strictEqual(code, 64)
    assert.match(err, /is of another campaign \(seed 1, size small, 1 properties.*begin anew with --again/)
  })
})

describe("a campaign of laws", { timeout: 180_000 }, () => {
  it("that finds nothing says what it has reached; what it does not reach any more is an error", () => {
    const directory = join(scratch, "laws")
    const ratchet = join(scratch, "ratchet.json")
    writeFileSync(ratchet, JSON.stringify({ seed: 1, size: "small", cases: 5, reached: ["L3", "a goal of old"] }))
    const args = ["fuzz", directory, "--size", "small", "--scenarios", "5", "--workers", "1", "--law", "L3"]
    const { code, out } = run(...args, "--ratchet", ratchet)
    assert.match(out, /^5 scenarios \(small, seed 1\), [\d ]+ events/)
    assert.match(out, /laws {5}1 of 1 \(100 %\) asked, 0 broken/)
    assert.match(out, /LOST {5}reached before and not now: a goal of old/)
    assert.strictEqual(code, 1)
    assert.isFalse(existsSync(join(directory, "failures")))
  })

  it.each([
    [["--scenarios", "0"], /--scenarios: 0 is too few/],
    [["--size", "huge"], /"huge" is none; say small, standard or any/],
    [["--time", "soon"], /"soon" is no duration/],
    [["--law", "L999"], /no law is called L999/]
  ] as const)("%j is told in a sentence", (args, sentence) => {
    const { code, err } = run("fuzz", join(scratch, "none"), ...args)
    assert.strictEqual(code, 64)
    assert.match(err, sentence)
  })
})
