/** Other people's formats in and out, as the shell sees it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { canonical, type Json } from "@kubereel/core"
import { Effect } from "effect"
import { afterAll } from "vitest"
import { parseAllDocuments } from "yaml"
import { invoke } from "./invoke.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-formats-"))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)

const root = join(import.meta.dirname, "../../../..")
const recording = join(root, "recordings/deployment-scale.1.jsonl.gz")
const pair = (name: string): string => join(root, `packages/backend-k8s/test/import/data/pair.${name}.jsonl.gz`)

const head = Effect.fnUntraced(function* (reel: string, ...args: ReadonlyArray<string>) {
  const { stdout } = yield* invoke("import", ...args, "-o", at(reel), "--redact-key", "k", "--json")
  const { reel: _, ...answer } = JSON.parse(stdout) as { reel: string; events: number; gaps: object; head: object }
  return answer
})

describe("guarantee 20: export is import", () => {
  it.effect.each(["deployment-scale.1", "node-lost.1", "crash-loop.1"])(
    "the reel of %s equals the import of its exported watch lines",
    (name) =>
      Effect.gen(function* () {
        const first = yield* head("a.reel", join(root, `recordings/${name}.jsonl.gz`))
        yield* invoke("export", at("a.reel"), "-o", at("a.jsonl"))
        assert.deepStrictEqual(yield* head("b.reel", at("a.jsonl")), first)
      })
  )

  it.effect("audit lines give the same versions of the same objects in the same order", () =>
    Effect.gen(function* () {
      yield* head("a.reel", recording)
      const versions = Effect.fnUntraced(function* (reel: string) {
        const lines = (yield* invoke("export", at(reel))).stdout.trim().split("\n").slice(1)
        return lines.map((line) => {
          const { object, type } = JSON.parse(line) as { type: string; object: Json }
          return `${type} ${canonical(object)}`
        })
      })
      yield* invoke("export", at("a.reel"), "--format", "audit", "-o", at("a.audit"))
      yield* head("b.reel", at("a.audit"))
      const [before, after] = [yield* versions("a.reel"), yield* versions("b.reel")]
      // What was listed and what was created both begin as ADDED; nothing else may differ but the order of one moment.
      assert.deepStrictEqual(after.toSorted(), before.toSorted())
      assert.strictEqual((yield* invoke("diff", at("a.reel"), at("b.reel"))).code, 0)
    })
  )
})

describe("the reel of a run", () => {
  const objectsIn = (lines: string): ReadonlyArray<string> =>
    lines
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => {
        const { object, type } = JSON.parse(line) as { type: string; object: Json }
        return `${type} ${canonical(object)}`
      })

  it.effect.each(["crash-loop", "delete-shortened", "init-two"])(
    "equals the import of its watch lines and, up to what an audit log cannot show, of its audit lines: %s",
    (name) =>
      Effect.gen(function* () {
        yield* invoke("run", join(root, `scenarios/${name}.yaml`), "-o", at("run.reel"))
        const lines = (yield* invoke("export", at("run.reel"))).stdout
        writeFileSync(at("run.jsonl"), lines)
        yield* invoke("import", at("run.jsonl"), "--no-redact", "-o", at("again.reel"))
        assert.strictEqual((yield* invoke("export", at("again.reel"))).stdout, lines)
        assert.strictEqual((yield* invoke("diff", at("run.reel"), at("again.reel"))).code, 0)
        yield* invoke("export", at("run.reel"), "--format", "audit", "-o", at("run.audit"))
        yield* invoke("import", at("run.audit"), "--no-redact", "-o", at("audit.reel"))
        const audited = (yield* invoke("export", at("audit.reel"))).stdout
        // Bookmarks and what stands beside a line are no requests.
        assert.deepStrictEqual(objectsIn(audited).toSorted(), objectsIn(lines).toSorted())
        assert.strictEqual((yield* invoke("diff", at("run.reel"), at("audit.reel"))).code, 0)
      })
  )
})

describe("kubereel export", () => {
  it.effect("writes Events as kubectl lists them", () =>
    Effect.gen(function* () {
      yield* head("a.reel", recording)
      const { stdout } = yield* invoke("export", at("a.reel"), "--format", "events")
      const list = JSON.parse(stdout) as {
        kind: string
        items: ReadonlyArray<{ kind: string; metadata: { uid: string } }>
      }
      assert.strictEqual(list.kind, "List")
      assert.isAbove(list.items.length, 5)
      assert.strictEqual(new Set(list.items.map(({ metadata }) => metadata.uid)).size, list.items.length)
    })
  )

  it.effect("writes the objects of a moment as YAML, complete and exact", () =>
    Effect.gen(function* () {
      yield* head("a.reel", recording)
      const yaml = (yield* invoke("export", at("a.reel"), "--format", "manifests", "--at", "5s")).stdout
      const documents = parseAllDocuments(yaml, { version: "1.1" }) as ReadonlyArray<{ toJS(): unknown }>
      const shown = JSON.parse((yield* invoke("show", at("a.reel"), "--at", "5s", "--json")).stdout) as {
        objects: ReadonlyArray<Json>
      }
      assert.deepStrictEqual(
        documents.map((document) => canonical(document.toJS() as Json)),
        shown.objects.map(canonical)
      )
      const wrong = yield* invoke("export", at("a.reel"), "--at", "5s")
      assert.deepStrictEqual([wrong.code, wrong.stdout], [64, ""])
    })
  )
})

describe("kubereel import", () => {
  it.effect("reads the audit log and the watch of one time: they differ in what an audit log cannot show", () =>
    Effect.gen(function* () {
      yield* head("w.reel", pair("watch"))
      yield* head("u.reel", pair("audit"))
      // The watch began five seconds before the first request.
      const { stdout } = yield* invoke("diff", at("w.reel"), at("u.reel"), "--tolerance", "10s", "--json")
      const found = JSON.parse(stdout) as {
        differences: ReadonlyArray<{ kind: string; left?: string; right?: string }>
        objects: number
      }
      assert.isAbove(found.objects, 2)
      const said = found.differences.map(({ kind, left, right }) => `${kind} ${left ?? right}`)
      // Nobody watched Events; of a pod's end the audit log has no version with a grace period of 0 before it is gone.
      assert.deepStrictEqual(
        said.filter((words) => !/Event|grace.* 0s/.test(words)),
        []
      )
      assert.strictEqual(said.filter((words) => /^OnlyLeft .*grace.* 0s/.test(words)).length, 3)
    })
  )

  it.effect("takes the files together, in any order, and both into one reel with the watch lines", () =>
    Effect.gen(function* () {
      const lines = (yield* invoke("export", at("u.reel"), "--format", "audit")).stdout.trim().split("\n")
      writeFileSync(at("1.log"), lines.filter((_, i) => i % 2 === 0).join("\n"))
      writeFileSync(
        at("2.log"),
        lines
          .filter((_, i) => i % 2 === 1)
          .toReversed()
          .join("\n")
      )
      const one = yield* head("1.reel", at("1.log"), at("2.log"))
      const other = yield* head("2.reel", at("2.log"), at("1.log"))
      assert.strictEqual(one.events, other.events)
      const both = yield* invoke("import", pair("watch"), pair("audit"), "-o", at("both.reel"))
      assert.strictEqual(both.code, 0, both.stderr)
      assert.match(both.stderr, /left out because the reel had the same change already/)
    })
  )

  it.effect("guarantee 6: keeps what one recording tells in two ways, and what two of them do", () =>
    Effect.gen(function* () {
      const pod = (phase: string) =>
        JSON.stringify({
          type: "ADDED",
          object: {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: "p", namespace: "d", uid: "u", resourceVersion: "1" },
            status: { phase }
          }
        })
      writeFileSync(at("one.jsonl"), `${pod("Pending")}\n${pod("Running")}\n`)
      writeFileSync(at("two.jsonl"), `${pod("Failed")}\n`)
      const { code, stderr } = yield* invoke("import", at("one.jsonl"), at("two.jsonl"), "-o", at("says.reel"))
      assert.strictEqual(code, 0, stderr)
      const lines = (yield* invoke("export", at("says.reel"))).stdout.trim().split("\n")
      assert.deepStrictEqual(
        lines.flatMap((line) => {
          const { era, object, source } = JSON.parse(line) as {
            era?: number
            object?: { status: { phase: string } }
            source?: string
          }
          return object === undefined ? [] : [[object.status.phase, source, era]]
        }),
        [
          ["Pending", "one.jsonl", undefined],
          ["Running", "one.jsonl", 1],
          ["Failed", "two.jsonl", undefined]
        ]
      )
      assert.match(stderr, /1 version of objects told in two ways by one recording/)
      assert.strictEqual((yield* invoke("verify", at("says.reel"))).code, 0)
      // Said again it is a repeat, also by who opens the reel anew; out of its own lines the same reel comes again.
      yield* invoke("export", at("says.reel"), "--format", "reel", "-o", at("says.lines"))
      assert.include(readFileSync(at("says.lines"), "utf8"), "version 1 of Pod p was seen before with other content")
      const again = yield* head("again.reel", at("says.lines"))
      assert.include((yield* invoke("verify", at("says.reel"))).stdout, (again.head as { hash: string }).hash)
    })
  )

  it.effect("guarantee 18: leaves no canary in the reel of an audit log", () =>
    Effect.gen(function* () {
      yield* invoke("import", pair("audit"), "-o", at("s.reel"))
      assert.notInclude(readFileSync(at("s.reel")).toString("latin1"), "hunter2-canary")
      assert.notInclude((yield* invoke("export", at("s.reel"))).stdout, "hunter2-canary")
      assert.include((yield* invoke("show", pair("audit"), "--at", "5s", "--json")).stdout, "hunter2-canary")
    })
  )

  it.effect("says some of very many gaps and how many more, and what the source cannot show", () =>
    Effect.gen(function* () {
      const request = (name: string, verb: string, second: number, more: object) =>
        JSON.stringify({
          kind: "Event",
          apiVersion: "audit.k8s.io/v1",
          level: "Metadata",
          auditID: `${name}-${verb}`,
          stage: "ResponseComplete",
          verb,
          user: { username: "u" },
          objectRef: { resource: "pods", namespace: "d", name },
          responseStatus: { code: 200 },
          stageTimestamp: `2026-08-01T12:00:0${second}.000000Z`,
          ...more
        })
      const lines = Array.from({ length: 50 }, (_, i) => {
        const metadata = { name: `p${i}`, namespace: "d", uid: `u${i}`, resourceVersion: `${i + 1}` }
        const pod = { kind: "Pod", apiVersion: "v1", metadata, spec: { containers: [] }, status: {} }
        return [request(`p${i}`, "create", 1, { responseObject: pod }), request(`p${i}`, "update", 2, {})]
      })
      writeFileSync(at("many"), lines.flat().join("\n"))
      const { stderr } = yield* invoke("import", at("many"), "-o", at("m.reel"))
      const said = stderr.split("\n")
      assert.strictEqual(said.filter((line) => line.startsWith("warning: gap: ")).length, 20)
      assert.include(said, "warning: 30 more gaps; `kubereel show` has them")
      assert.match(stderr, /audit log: it cannot show what stood before its first line/)
    })
  )

  it.effect("is told what a file is, against what its content says", () =>
    Effect.gen(function* () {
      writeFileSync(at("odd"), "{}\n")
      const odd = yield* invoke("import", at("odd"), "--format", "audit", "-o", at("o.reel"))
      assert.deepStrictEqual(
        [odd.code, odd.stderr.replace(folder, "")],
        [65, "kubereel: /odd: has no line of an audit log (audit.k8s.io Events)"]
      )
    })
  )
})
