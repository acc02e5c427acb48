import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { afterAll } from "vitest"
import { invoke } from "./invoke.ts"

const root = join(import.meta.dirname, "../../../..")
const scenario = join(root, "scenarios/crash-loop.yaml")
const folder = mkdtempSync(join(tmpdir(), "kubereel-run-"))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)

describe("kubereel run", () => {
  it.effect("prints the timeline on stdout and how to repeat it on stderr", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* invoke("run", scenario, "--seed", "7")
      assert.deepStrictEqual([code, stderr.split("\n").at(-1)], [0, "replay with --seed 7"])
      assert.include(stdout, "CrashLoopBackOff")
      assert.notInclude(stdout, "\u001b")
    })
  )

  it.effect("writes the same reel for the same seed, and another for another", () =>
    Effect.gen(function* () {
      const head = Effect.fnUntraced(function* (name: string, seed: string) {
        const { stdout } = yield* invoke("run", scenario, "--seed", seed, "-o", at(name), "--json")
        const { runs, schemaVersion } = JSON.parse(stdout) as {
          schemaVersion: number
          runs: ReadonlyArray<{ head: { hash: string }; seed: number }>
        }
        assert.deepStrictEqual([schemaVersion, runs.length, runs[0]?.seed], [1, 1, Number(seed)])
        return runs[0]?.head.hash
      })
      assert.strictEqual(yield* head("a.reel", "1"), yield* head("b.reel", "1"))
      assert.notStrictEqual(yield* head("c.reel", "2"), yield* head("a.reel", "1"))
      assert.isTrue(readFileSync(at("a.reel")).length > 0)
    })
  )

  it.effect("stops at --until and begins at --start", () =>
    Effect.gen(function* () {
      yield* invoke("run", scenario, "--until", "10s", "--start", "2030-05-06T07:08:09Z", "-o", at("d.reel"))
      const lines = (yield* invoke("export", at("d.reel"))).stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { t0?: string; until?: string; seed?: number; observedAt?: string })
      assert.include(lines[0], { t0: "2030-05-06T07:08:09.000Z", until: "10s", seed: 0 })
      assert.isTrue(lines.slice(1).every(({ observedAt = "" }) => observedAt <= "2030-05-06T07:08:19.000Z"))
    })
  )

  it.effect("runs several in turn", () =>
    Effect.gen(function* () {
      const second = join(root, "scenarios/run-forever.yaml")
      const { stdout } = yield* invoke("run", scenario, second)
      assert.match(stdout, /^crash-loop\n[\s\S]*\n\nrun-forever\n/)
      const json = JSON.parse((yield* invoke("run", scenario, second, "--json")).stdout) as {
        runs: ReadonlyArray<{ scenario: string }>
      }
      assert.deepStrictEqual(
        json.runs.map((run) => run.scenario),
        ["crash-loop", "run-forever"]
      )
    })
  )
})

describe("kubereel run --on", () => {
  const kubeconfig = (server: string): string => {
    const file = at("kubeconfig")
    const cluster = { name: "c", cluster: { server } }
    const context = { name: "there", context: { cluster: "c", user: "u" } }
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [cluster],
        contexts: [context],
        users: [{ name: "u", user: {} }]
      })
    )
    return file
  }

  it.effect("ends with 69 where nobody answers", () =>
    Effect.gen(function* () {
      const file = kubeconfig("http://127.0.0.1:9")
      const { code, stderr, stdout } = yield* invoke("run", scenario, "--on", "there", "--kubeconfig", file)
      assert.deepStrictEqual([code, stdout], [69, ""])
      assert.match(stderr, /^kubereel: http:\/\/127\.0\.0\.1:9 cannot be reached: [^\n]+$/)
    })
  )

  it.effect("ends with 64 for a context that the kubeconfig has not", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* invoke(
        "run",
        scenario,
        "--on",
        "here",
        "--kubeconfig",
        kubeconfig("http://127.0.0.1:9")
      )
      assert.strictEqual(code, 64)
      assert.match(stderr, /has no context "here"; it has there$/)
    })
  )

  it.effect.each([
    [["--seed", "1", "--on", "there"], "--seed: a real cluster has its own clock and chance; leave it out"],
    [
      ["--start", "2030-01-01T00:00:00Z", "--on", "there"],
      "--start: a real cluster has its own clock and chance; leave it out"
    ],
    [["--keep"], "--keep: is for a real cluster; say which one with --on CONTEXT"],
    [["--kubeconfig", "f"], "--kubeconfig: is for a real cluster; say which one with --on CONTEXT"],
    [["--program-image", "busybox"], "--program-image: is for a real cluster; say which one with --on CONTEXT"],
    [["--node-driver", "true"], "--node-driver: is for a real cluster; say which one with --on CONTEXT"],
    [["--no-redact"], "--no-redact: is for a real cluster; say which one with --on CONTEXT"]
  ] as const)("%j is a wrong call", ([args, sentence]) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* invoke("run", scenario, ...args)
      assert.deepStrictEqual([code, stderr], [64, `kubereel: ${sentence}`])
    })
  )
})
