import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { afterAll } from "vitest"
import { invoke } from "./invoke.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-checks-"))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, "s.yaml")

const run = (checks: string, ...more: ReadonlyArray<string>) => {
  writeFileSync(
    file,
    `apiVersion: kubereel.dev/v1alpha1
kind: Scenario
metadata: {name: s}
spec:
  images: [{image: "*", present: true}]
  programs: [{runs: [{exitAfter: 1s, exitCode: 3}]}]
  steps:
    - at: 0s
      apply: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}
  until: 20s
  checks: ${checks}
`
  )
  return invoke("run", file, ...more)
}

const wrong = "[{pod: p, phase: Succeeded, containers: {main: {exitCode: 3}}, events: [{reason: Killing}]}]"

describe("spec.checks", () => {
  it.effect("that hold cost nothing", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* run(
        "[L10, {pod: p, phase: Failed, containers: {main: {exitCode: 3, restartCount: 0}}}]"
      )
      assert.deepStrictEqual([code, stderr.includes("violated")], [0, false])
    })
  )

  it.effect("that do not hold are a sentence each, and exit status 1", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* run(wrong)
      assert.strictEqual(code, 1)
      assert.deepStrictEqual(
        stderr.split("\n").filter((line) => line.includes("violated")),
        [
          `${file}: violated: pod p: phase is Failed, expected Succeeded`,
          `${file}: violated: pod p: Event Killing was reported 0 times, expected at least 1`
        ]
      )
    })
  )

  it.effect("are judged, too, where the run is kept in a reel or printed as JSON", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* run(wrong, "-o", join(folder, "x.reel"), "--json")
      const { runs } = JSON.parse(stdout) as { runs: ReadonlyArray<{ violations: ReadonlyArray<string> }> }
      assert.deepStrictEqual([code, runs[0]?.violations.length], [1, 2])
    })
  )

  it.effect("that are none are named with their place", () =>
    Effect.gen(function* () {
      const unknown = yield* run("[L99]")
      assert.strictEqual(unknown.code, 65)
      assert.match(unknown.stderr, /s\.yaml:11:\d+: spec\.checks\[0\]: got "L99", expected the id of a law \(L\d/)
      const typo = yield* run("[{pod: p, phse: Failed}]")
      assert.match(typo.stderr, /spec\.checks\[0\]\.phse: unknown field, did you mean "phase"\?/)
      const value = yield* run("[{pod: p, containers: {main: {restartCount: -1}}}]")
      assert.match(value.stderr, /spec\.checks\[0\]\.containers\.main\.restartCount: got -1, expected a whole number/)
    })
  )
})
