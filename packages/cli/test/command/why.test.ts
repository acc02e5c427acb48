/** `kubereel why` as the shell sees it. */
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { invoke } from "./invoke.ts"

const root = join(import.meta.dirname, "..", "..", "..", "..")
const recorded = join(root, "recordings", "preemption.1.jsonl.gz")

const written = (...objects: ReadonlyArray<object>): string => {
  const file = join(mkdtempSync(join(tmpdir(), "kubereel-why-")), "watch.jsonl")
  writeFileSync(file, objects.map((object) => `${JSON.stringify({ type: "ADDED", object })}\n`).join(""))
  return file
}

const pod = (namespace: string, spec: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace, name: "p", uid: `p-${namespace}` },
  spec: { containers: [{ name: "main", image: "i" }], ...spec },
  status: { phase: "Pending" }
})

describe("kubereel why", () => {
  it.effect("tells the decisions of a real scheduler, each with its event, and every node's answer to the last", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* invoke("why", recorded, "high")
      assert.strictEqual(code, 0)
      assert.match(stdout, /^preemption\/high\n +8\.016s {2}event 16 {2}no node would do: 0\/2 nodes/)
      assert.match(stdout, /10\.150s {2}event 23 {2}bound to rig-1\n/)
      assert.match(stdout, / {2}rig-1 {2}418 {2}TaintToleration 3 × 100, /)
      assert.match(stdout, / {2}rig-2 {3}no {2}NodeAffinity: node\(s\) didn't match Pod's node affinity\/selector\n$/)
    })
  )

  it.effect("tells of an earlier moment what was known then, whom preemption ends", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* invoke("why", recorded, "preemption/high", "--at", "9s")
      assert.strictEqual(code, 0)
      assert.notMatch(stdout, /bound to/)
      assert.match(stdout, /Room can be made on rig-1 by ending preemption\/low\.\n$/)
    })
  )

  it.effect("asks a simulation in the same way, and has a form for machines", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* invoke("why", join(root, "scenarios", "preemption.yaml"), "high", "--json")
      assert.strictEqual(code, 0)
      const told = JSON.parse(stdout)
      assert.deepInclude(told, { schemaVersion: 1, namespace: "preemption", name: "high", unknown: [] })
      assert.deepEqual(
        told.steps.map(({ outcome }: { readonly outcome: { readonly _tag: string } }) => outcome._tag),
        ["Refused", "Bound"]
      )
      assert.deepEqual(told.answer.best, ["rig-1"])
    })
  )

  it.effect("ends with 2 where nobody can say, and with 0 where there was nothing to decide", () =>
    Effect.gen(function* () {
      const undecided = yield* invoke("why", written(pod("d")), "p")
      assert.strictEqual(undecided.code, 2)
      assert.match(undecided.stdout, /Not known: the history shows no decision of the scheduler about it\.\n$/)
      const made = yield* invoke("why", written(pod("d", { nodeName: "n" })), "p")
      assert.deepEqual(
        [made.code, made.stdout],
        [0, "d/p\n            event 1  made with spec.nodeName n: no scheduler was asked\n"]
      )
    })
  )

  it.effect("says what is wrong with a question, and what to ask", () =>
    Effect.gen(function* () {
      const two = written(pod("a"), pod("b"))
      for (const [args, code, words] of [
        [[recorded, "nobody"], 66, /has no pod nobody; there are preemption\/low, preemption\/high$/],
        [[recorded, "high", "--at", "1s"], 66, /had no pod high then; name a later --at$/],
        [[two, "p"], 64, /has several pods p; name one: a\/p, b\/p$/],
        [[two, "a/p", "--at", "1s"], 65, /has no times, so --at means nothing/],
        [[recorded, "high", "--at", "noon"], 64, /--at: "noon" is no time/]
      ] as const) {
        const said = yield* invoke("why", ...args)
        assert.strictEqual(said.code, code, said.stderr)
        assert.match(said.stderr, words)
      }
    })
  )
})
