/** `kubereel check` as the shell sees it. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { invoke } from "./invoke.ts"

const root = join(import.meta.dirname, "..", "..", "..", "..")
const recorded = join(root, "recordings", "image-missing-beside.1.jsonl.gz")
const looping = join(root, "recordings", "crash-loop.1.jsonl.gz")
const scratch = mkdtempSync(join(tmpdir(), "kubereel-check-"))
const written = (name: string, text: string): string => {
  const file = join(scratch, name)
  writeFileSync(file, text)
  return file
}

const pod = (resourceVersion: string, status: object, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    namespace: "d",
    name: "p",
    uid: "u",
    resourceVersion,
    creationTimestamp: "2026-01-01T00:00:00Z",
    ...metadata
  },
  spec: { containers: [{ name: "main", image: "i" }] },
  status
})
const watched = (
  name: string,
  ...lines: ReadonlyArray<readonly [second: number, type: string, object: object]>
): string =>
  written(
    name,
    lines
      .map(([second, type, object]) => {
        const observedAt = `2026-01-01T00:00:${String(second).padStart(2, "0")}.000000Z`
        return `${JSON.stringify({ type, object, observedAt })}\n`
      })
      .join("")
  )
const broken = watched(
  "broken.jsonl",
  [0, "ADDED", pod("1", { phase: "Pending" })],
  [1, "MODIFIED", pod("2", { phase: "Failed" })],
  [2, "MODIFIED", pod("3", { phase: "Running" })]
)

const own = (body: string): string => `
import { because, implies, not, pod, podIs, property, when } from "@kubereel/core"
const running = when("a container runs", ({ pod: { status } }) => {
  const found = status.containerStatuses?.find(({ state }) => state?.running !== undefined)
  return because(found !== undefined, () => (found === undefined ? "none" : \`\${found.name} running\`))
})
${body}
`
const belief = own(
  'export const mine = property("mine", { says: "A Pending pod runs nothing", source: "I", each: pod }, () => implies(podIs.phase("Pending"), not(running)))'
)

/** The launcher in a process of its own: modules of users are found by Node itself. */
const run = (...args: ReadonlyArray<string>) => {
  const { status, stderr, stdout } = spawnSync(
    "node",
    [join(root, "packages/cli/bin/kubereel.mjs"), "check", ...args],
    {
      encoding: "utf8",
      cwd: scratch
    }
  )
  return { status, stderr, stdout }
}

describe("kubereel check", () => {
  it.effect("holds a recording to every law, and tells how often each was asked", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* invoke("check", looping)
      assert.strictEqual(code, 0)
      assert.match(stdout, /51 events; \d+ properties: /)
      assert.match(stdout, /^ {2}holding +L3 +1 slice +fired \d+× +pod\/stays-on-its-node$/m)
      assert.match(stdout, /^ {2}vacuous +L10 +1 slice +fired 0× +pod\/terminal-phase-is-final$/m)
    })
  )

  it.effect("ends with 1 where a law is violated, and shows the counter-example", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* invoke("check", broken, "--law", "L10")
      assert.strictEqual(code, 1)
      assert.match(stdout, /^VIOLATED {2}pod\/terminal-phase-is-final \(L10\) {6}1 of 1 slice · fired 1× · law\n/)
      assert.match(stdout, /^ {2}✗ 00:02\.000 {2}#3 {2}Failed → Running/m)
      assert.match(stdout, /^ {2}replay +kubereel check .*broken\.jsonl --law L10$/m)
    })
  )

  it.effect("ends with 2 where a gap hides a part, and for strict users where something was never asked", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* invoke("check", looping, "--law", "L10")).code, 0)
      assert.strictEqual((yield* invoke("check", looping, "--law", "L10", "--strict")).code, 2)
    })
  )

  it.effect("asks of a part of the history only", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* invoke("check", broken, "--law", "L10", "--to", "1s")).code, 0)
      assert.strictEqual((yield* invoke("check", broken, "--law", "L10", "--from", "2s")).code, 0)
      assert.strictEqual((yield* invoke("check", broken, "--law", "L10", "--from", "1s")).code, 1)
      assert.strictEqual((yield* invoke("check", broken, "--law", "L10", "--from", "noon")).code, 64)
    })
  )

  it.effect("has a form for machines, with the formula and the reasons as data", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* invoke("check", broken, "--law", "pod/terminal-*", "--json")
      assert.strictEqual(code, 1)
      const answer = JSON.parse(stdout)
      assert.deepInclude(answer, { schemaVersion: 1, verdict: "violated" })
      const [file] = answer.files
      assert.deepInclude(file, { events: 3, end: "open", sort: "watch lines" })
      assert.match(file.digest, /^[0-9a-f]{64}$/)
      const [property] = file.properties
      assert.deepInclude(property, { id: "L10", standing: "violated", fired: 1 })
      assert.strictEqual(property.formula.op, "And")
      const [explanation] = property.explanations
      assert.deepInclude(explanation, { seq: 3, brokenBy: "moment", scenario: null })
      assert.deepInclude(explanation.slice, { kind: "Pod", namespace: "d", name: "p", uid: "u" })
      assert.strictEqual(explanation.because.holds, false)
    })
  )

  it.effect("writes JUnit's XML and annotations of GitHub", () =>
    Effect.gen(function* () {
      const file = join(scratch, "report.xml")
      const { stdout } = yield* invoke("check", broken, "--law", "L1*", "--junit", file, "--github")
      const xml = readFileSync(file, "utf8")
      assert.match(xml, /<testcase classname="pod" name="pod\/terminal-phase-is-final \(L10\)"><failure message="/)
      assert.match(xml, /<skipped message="vacuous"\/>/)
      assert.match(
        stdout,
        /^::error file=.*broken\.jsonl,title=violated%3A pod\/terminal-phase-is-final \(L10\)::VIOLATED/m
      )
    })
  )

  it.effect("lists the laws, and tells all of one", () =>
    Effect.gen(function* () {
      const list = yield* invoke("check", "--list")
      assert.match(list.stdout, /^ {2}L10 +law +A pod that succeeded or failed stays so$/m)
      const one = yield* invoke("check", "--explain-law", "L10")
      assert.match(one.stdout, /asks.*previously phase Failed ⇒ phase Failed/s)
      const json = JSON.parse((yield* invoke("check", "--list", "--json")).stdout)
      assert.isAbove(json.properties.length, 8)
    })
  )

  it.effect("says what is wrong with a question, and what to ask", () =>
    Effect.gen(function* () {
      for (const [args, code, words] of [
        [["check"], 64, /name a reel, a recording or a scenario to check/],
        [["check", broken, "--law", "L999"], 64, /no law is called L999; `kubereel check --list` names them all/],
        [["check", broken, "--param", "L10"], 64, /"L10" is no parameter; write it like L45\.slack=20s/],
        [["check", broken, "--param", "L10.x=1s"], 64, /L10 has no parameter x; it has none/],
        [["check", broken, "--end", "soon"], 64, /"soon" is none; say open \(more may come\), stopped/],
        [["check", join(scratch, "nobody.reel")], 66, /no such file/],
        [["check", broken, "--property", join(scratch, "nobody.ts")], 66, /nobody\.ts: no such file/]
      ] as const) {
        const answer = yield* invoke(...args)
        assert.deepEqual([answer.code, words.test(answer.stderr)], [code, true], answer.stderr)
      }
    })
  )
})

describe("kubereel check --property", () => {
  it("takes TypeScript as it is, wherever it lies, and tells why a wrong belief is wrong", () => {
    const { status, stderr, stdout } = run(recorded, "--property", written("mine.ts", belief))
    assert.deepEqual([status, stderr], [1, ""])
    assert.match(stdout, /^VIOLATED {2}mine {6}1 of 1 slice/)
    assert.match(stdout, / {2}because {2}#17 phase Pending ✓\n +#17 not a container runs ✗ \(here running\)\n/)
    assert.match(stdout, /1 property: 1 violated/)
  })

  it.each([
    ["none.ts", "export const one = 1", /none\.ts: exports no property; make one with/],
    ["throws.ts", "throw new Error('no luck')\nexport {}", /throws\.ts: cannot be loaded: no luck/],
    ["wrong.ts", "export const = 1", /wrong\.ts: cannot be loaded: /],
    [
      "later.ts",
      own(
        'export const mine = property("mine", { says: "", source: "", each: pod }, () => when("deep", ({ pod }) => pod.status.a.b === 1))'
      ),
      /later\.ts: mine, "deep" throws: Cannot read properties of undefined/
    ]
  ] as const)("says in a sentence what is wrong with %s", (name, text, words) => {
    const { status, stderr } = run(broken, "--property", written(name, text))
    assert.deepEqual([status, words.test(stderr), stderr.trim().split("\n").length], [65, true, 1], stderr)
  })
})
