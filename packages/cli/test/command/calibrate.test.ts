import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { afterAll } from "vitest"
import { invoke } from "./invoke.ts"

const root = join(import.meta.dirname, "../../../..")
const recording = (name: string): string => join(root, "recordings", `${name}.jsonl.gz`)
const folder = mkdtempSync(join(tmpdir(), "kubereel-calibrate-"))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)

const scenario = (profile: string): string =>
  JSON.stringify({
    apiVersion: "kubereel.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name: "s" },
    spec: {
      nodes: [{ name: "n", profile }],
      images: [{ image: "*", present: true }],
      steps: [
        {
          at: "0s",
          apply: {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: "p" },
            spec: { containers: [{ name: "main", image: "busybox" }] }
          }
        }
      ],
      until: "30s"
    }
  })

const twoPods = [recording("run-forever.1"), recording("crash-loop.1")]

describe("kubereel calibrate", () => {
  it.effect("prints what recordings say of their node", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* invoke("calibrate", ...twoPods)
      assert.strictEqual(code, 0)
      assert.match(stdout, /^2 pods\n/)
      assert.match(stdout, /containerStart +\d+ +\d/)
    })
  )

  it.effect("reads a reel as well as watch lines", () =>
    Effect.gen(function* () {
      yield* invoke("import", recording("run-forever.1"), "-o", at("a.reel"))
      const [reel, lines] = [
        yield* invoke("calibrate", at("a.reel"), "--json"),
        yield* invoke("calibrate", recording("run-forever.1"), "--json")
      ].map(({ stdout }) => JSON.parse(stdout) as { schemaVersion: number; measurements: unknown })
      assert.strictEqual(reel?.schemaVersion, 1)
      assert.deepStrictEqual(reel?.measurements, lines?.measurements)
    })
  )

  it.effect("writes a profile that a scenario can name", () =>
    Effect.gen(function* () {
      const made = yield* invoke("calibrate", ...twoPods, "-o", at("mine.json"))
      assert.strictEqual(made.code, 0)
      assert.match(made.stderr, /mine\.json: \d+ durations of 2 pods/)
      writeFileSync(at("s.yaml"), scenario("mine.json"))
      const { code, stdout } = yield* invoke("run", at("s.yaml"))
      assert.deepStrictEqual([code, stdout.includes("Started")], [0, true])
    })
  )

  it.effect("says so when there is nothing to measure", () =>
    Effect.gen(function* () {
      writeFileSync(at("empty.jsonl"), '{"scenario":"x","t0":"2026-01-01T00:00:00Z"}\n')
      const { code, stderr } = yield* invoke("calibrate", at("empty.jsonl"), "-o", at("none.json"))
      assert.strictEqual(code, 2)
      assert.match(stderr, /nothing could be measured/)
    })
  )
})

describe("spec.nodes[].profile", () => {
  it.effect("may be built in, or a file beside the scenario, and nothing else", () =>
    Effect.gen(function* () {
      const tried = Effect.fnUntraced(function* (profile: string) {
        writeFileSync(at("s.yaml"), scenario(profile))
        const { code, stderr } = yield* invoke("run", at("s.yaml"))
        return [code, stderr] as const
      })
      assert.strictEqual((yield* tried("slow-disk"))[0], 0)
      assert.strictEqual((yield* tried("zero"))[0], 0)
      const [code, unknown] = yield* tried("toString")
      assert.strictEqual(code, 65)
      assert.match(
        unknown,
        /s\.yaml: spec\.nodes\[0\]\.profile: there is no profile "toString"; built in are rig, zero, slow-disk/
      )
      const [missing, words] = yield* tried("./gone.json")
      assert.deepStrictEqual([missing, words.includes("gone.json: there is no such file")], [66, true])
      writeFileSync(at("bad.json"), '{"apiVersion":"kubereel.dev/v1alpha1","kind":"Profile","node":{"watc":{}}}')
      const [bad, why] = yield* tried("bad.json")
      assert.strictEqual(bad, 65)
      assert.match(why, /bad\.json: node\.watc: there is no such duration; did you mean watch\?/)
    })
  )
})
