import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { canonical, type Json } from "@kubereel/core"
import { Effect } from "effect"
import { afterAll } from "vitest"
import { invoke } from "./invoke.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-cli-"))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)

const recordings = join(import.meta.dirname, "../../../../recordings")
const recording = (name: string): string => join(recordings, `${name}.jsonl.gz`)
const linesOf = (text: string): ReadonlyArray<string> =>
  text
    .trim()
    .split("\n")
    .map((line) => canonical(JSON.parse(line) as Json))

const pod = (name: string, more: object = {}) =>
  JSON.stringify({
    type: "ADDED",
    object: { kind: "Pod", apiVersion: "v1", metadata: { name, uid: name, resourceVersion: "1" }, ...more }
  })

describe("kubereel import and export", () => {
  it.effect.each(["crash-loop.1", "deployment-scale.2", "node-lost.1"])(
    "give the lines of %s back as they were",
    (name) =>
      Effect.gen(function* () {
        const imported = yield* invoke("import", recording(name), "-o", at("a.reel"))
        assert.deepStrictEqual([imported.code, imported.stdout], [0, ""])
        assert.match(imported.stderr, /a\.reel: \d+ events$/)
        const exported = yield* invoke("export", at("a.reel"), "--format", "watch")
        assert.strictEqual(exported.code, 0)
        assert.deepStrictEqual(linesOf(exported.stdout), linesOf(gunzipSync(readFileSync(recording(name))).toString()))
      })
  )

  it.effect("write the same to a file as to stdout, and leave nothing else behind", () =>
    Effect.gen(function* () {
      yield* invoke("import", recording("qos.1"), "-o", at("q.reel"))
      yield* invoke("export", at("q.reel"), "-o", at("q.jsonl"))
      assert.strictEqual(readFileSync(at("q.jsonl"), "utf8"), (yield* invoke("export", at("q.reel"))).stdout)
      assert.deepStrictEqual(
        readdirSync(folder).filter((name) => name.startsWith(".") || name.endsWith("-wal")),
        []
      )
    })
  )

  it.effect("give a headerless file a header with t0, and kubectl's own lines back without one", () =>
    Effect.gen(function* () {
      const timed = `{"observedAt":"2026-11-21T08:00:01.5Z",${pod("a").slice(1)}`
      writeFileSync(at("timed"), timed)
      writeFileSync(at("bare"), pod("a"))
      yield* invoke("import", at("timed"), "-o", at("t.reel"))
      const exported = yield* invoke("export", at("t.reel"))
      assert.deepStrictEqual(linesOf(exported.stdout), linesOf(`{"t0":"2026-11-21T08:00:01.500Z"}\n${timed}`))
      yield* invoke("import", at("bare"), "-o", at("t.reel"))
      assert.deepStrictEqual(linesOf((yield* invoke("export", at("t.reel"))).stdout), linesOf(pod("a")))
    })
  )

  it.effect("keep no secret unless told to, and say what was hidden", () =>
    Effect.gen(function* () {
      writeFileSync(
        at("secret"),
        pod("a", { spec: { containers: [{ env: [{ name: "TOKEN", value: "hunter2-canary" }] }] } })
      )
      const hidden = yield* invoke("import", at("secret"), "-o", at("s.reel"))
      assert.include(hidden.stderr, "1 environment values")
      assert.notInclude(readFileSync(at("s.reel")).toString("latin1"), "hunter2-canary")
      assert.match((yield* invoke("export", at("s.reel"))).stdout, /\[redacted by kubereel:[0-9a-f]{8}\]/)
      yield* invoke("import", at("secret"), "--no-redact", "-o", at("s.reel"))
      assert.include((yield* invoke("export", at("s.reel"))).stdout, "hunter2-canary")
    })
  )

  it.effect("answer with --json", () =>
    Effect.gen(function* () {
      const { stdout } = yield* invoke("import", recording("qos.1"), recording("qos.1"), "-o", at("j.reel"), "--json")
      const answer = JSON.parse(stdout) as { schemaVersion: number; events: number; repeated: number }
      assert.strictEqual(answer.schemaVersion, 1)
      assert.strictEqual(answer.repeated, answer.events)
    })
  )

  it.effect("show a torn file's gap, and say that a watch line cannot", () =>
    Effect.gen(function* () {
      writeFileSync(at("torn"), `${pod("a")}\n${pod("b").slice(0, 30)}`)
      const imported = yield* invoke("import", at("torn"), "-o", at("torn.reel"))
      assert.strictEqual(imported.code, 0)
      assert.match(imported.stderr, /warning: gap \(truncated\): .*torn:2: the last line is cut off/)
      assert.include((yield* invoke("show", at("torn.reel"))).stdout, "GAP")
      assert.match((yield* invoke("export", at("torn.reel"))).stderr, /1 gap of .* cannot be said in watch lines/)
    })
  )
})

describe("kubereel show", () => {
  it.effect("prints a pod's life, its state at a moment, and names the pods that there are", () =>
    Effect.gen(function* () {
      yield* invoke("import", recording("crash-loop.1"), "-o", at("c.reel"))
      assert.match((yield* invoke("show", at("c.reel"), "p")).stdout, /CrashLoopBackOff/)
      assert.match(
        (yield* invoke("show", at("c.reel"), "--at", "3s")).stdout,
        /^NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE\ncrash-loop +p +1\/1 +Running +1 \(/
      )
      assert.strictEqual(
        (yield* invoke("show", at("c.reel"), "--at", "2026-11-21T08:44:17.100Z")).stdout,
        (yield* invoke("show", at("c.reel"), "--at", "3s")).stdout
      )
      const json = JSON.parse((yield* invoke("show", at("c.reel"), "crash-loop/p", "--at", "3s", "--json")).stdout) as {
        schemaVersion: number
        objects: ReadonlyArray<{ kind: string }>
      }
      assert.deepStrictEqual([json.schemaVersion, json.objects.map(({ kind }) => kind)], [1, ["Pod"]])
      const none = yield* invoke("show", at("c.reel"), "nobody")
      assert.deepStrictEqual(
        [none.code, none.stderr.replace(folder, "")],
        [66, "kubereel: /c.reel: has no pod nobody; there are crash-loop/p"]
      )
    })
  )
})

describe("kubereel diff", () => {
  it.effect("finds nothing between two real runs, whether reel or file", () =>
    Effect.gen(function* () {
      yield* invoke("import", recording("crash-loop.1"), "-o", at("d.reel"))
      const { code, stdout } = yield* invoke("diff", at("d.reel"), recording("crash-loop.2"))
      assert.strictEqual(code, 0, stdout)
    })
  )

  it.effect("exits with 1 where there is something to be found, first difference first", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* invoke("diff", recording("run-forever.1"), recording("crash-loop.1"), "--json")
      const answer = JSON.parse(stdout) as {
        schemaVersion: number
        verdict: string
        differences: ReadonlyArray<object>
      }
      assert.deepStrictEqual([code, answer.schemaVersion, answer.verdict], [1, 1, "different"])
      assert.isAbove(answer.differences.length, 0)
    })
  )

  it.effect("exits with 2 where a gap leaves it open", () =>
    Effect.gen(function* () {
      const text = gunzipSync(readFileSync(recording("run-forever.1"))).toString()
      writeFileSync(at("torn"), `${text}{"type":"ADDED","obj`)
      assert.strictEqual((yield* invoke("diff", at("torn"), recording("run-forever.1"))).code, 2)
    })
  )
})
