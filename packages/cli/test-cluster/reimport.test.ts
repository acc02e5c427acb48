/** What a run on a real cluster has recorded, read again from elsewhere: from its own exported watch lines, and from the audit log. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { type Rig, rigDriver, testCluster } from "@kubereel/backend-k8s/rig"
import { asObject, type ClusterEvent, canonical, type Json, type KubernetesObject, SECOND } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { afterAll, beforeAll } from "vitest"
import { collect, openHistory } from "../src/input/openHistory.ts"
import { playOn } from "../src/input/playOn.ts"
import { writeReel } from "../src/output/writeReel.ts"
import { invoke } from "../test/command/invoke.ts"

const cluster = await Effect.runPromise(testCluster)
const folder = mkdtempSync(join(tmpdir(), "kubereel-reimport-"))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

const scenarios = ["restart-rules", "delete-one-ignores", "kubelet-restart", "deployment-scale", "job-parallel"]
const root = join(import.meta.dirname, "..", "..", "..")

interface Version {
  readonly resourceVersion: number
  readonly object: KubernetesObject
}

/** Versions of the objects in the scenario's namespace; that an object is gone is one of its own. */
const versions = (events: ReadonlyArray<ClusterEvent>, namespace: string): ReadonlyMap<string, Version> =>
  new Map(
    events.flatMap((event): ReadonlyArray<readonly [string, Version]> => {
      if (event._tag !== "ObjectChanged" || event.change === "BOOKMARK") return []
      const object = asObject(event.object)
      const { kind, metadata } = object
      if (metadata.namespace !== namespace) return []
      const gone = event.change === "DELETED" ? " gone" : ""
      const name = `${kind} ${metadata.name} ${metadata.resourceVersion}${gone}`
      return [[name, { resourceVersion: Number(metadata.resourceVersion), object }]]
    })
  )

interface AuditLine {
  readonly requestReceivedTimestamp: string
  readonly objectRef?: { readonly namespace?: string; readonly name?: string; readonly subresource?: string }
}

/** Lines of the audit log that are about the namespace, since then. */
const auditOf = (rig: Rig, namespace: string, since: string) =>
  Effect.map(rig.auditLines, (lines) =>
    lines.filter((line) => {
      const { objectRef, requestReceivedTimestamp } = JSON.parse(line) as AuditLine
      return objectRef?.namespace === namespace && requestReceivedTimestamp >= since
    })
  )

const t0Of = (events: ReadonlyArray<ClusterEvent>): string =>
  events.flatMap((event) => (event._tag === "RecordingStarted" ? [String(event.header.t0)] : []))[0] ?? ""

/** What was scaled: the answer to that is a Scale, not the object. */
const scaled = (lines: ReadonlyArray<string>): ReadonlySet<string | undefined> =>
  new Set(
    lines.flatMap((line) => {
      const { objectRef } = JSON.parse(line) as AuditLine
      return objectRef?.subresource === "scale" ? [objectRef.name] : []
    })
  )

const read = (file: string) => openHistory(file).pipe(Effect.flatMap(collect), Effect.provide(NodeServices.layer))

describe.runIf(cluster.rig)("a run on a real cluster", () => {
  const rig = cluster.rig as Rig
  const reelOf = (name: string): string => at(`${name}.reel`)

  beforeAll(async () => {
    const keepReel = (name: string) =>
      Effect.gen(function* () {
        const { events } = yield* playOn(join(root, "scenarios", `${name}.yaml`), {
          on: cluster.context,
          kubeconfig: rig.kubeconfig,
          keep: false,
          redact: false,
          driver: rigDriver(rig),
          // By then each has done what it is for.
          until: 26 * SECOND
        })
        yield* writeReel(reelOf(name), events)
      }).pipe(Effect.provide(NodeServices.layer))
    await Effect.runPromise(Effect.forEach(scenarios, keepReel, { concurrency: "unbounded", discard: true }))
  }, 180_000)

  const headOf = (events: ReadonlyArray<ClusterEvent>) =>
    writeReel(at("part.reel"), Stream.fromIterable(events)).pipe(
      Effect.map(({ head }) => head),
      Effect.provide(NodeServices.layer)
    )

  const headOfImport = Effect.fnUntraced(function* (name: string, format: string) {
    yield* invoke("export", reelOf(name), "--format", format, "-o", at("lines.jsonl"))
    const { stdout } = yield* invoke("import", at("lines.jsonl"), "-o", at("again.reel"), "--no-redact", "--json")
    return (JSON.parse(stdout) as { readonly head: object }).head
  })

  it.live.each(scenarios)("guarantee 20: the reel of %s equals the import of what is exported of it", (name) =>
    Effect.gen(function* () {
      const seen = yield* read(reelOf(name))
      assert.isAbove(versions(seen, name).size, 5)
      assert.deepStrictEqual(yield* headOfImport(name, "reel"), yield* headOf(seen))
      // No watch says what of the scenario was not played.
      const watched = seen.filter(({ _tag }) => _tag !== "Warned")
      assert.deepStrictEqual(yield* headOfImport(name, "watch"), yield* headOf(watched))
    })
  )

  it.live.each(scenarios)("the audit log has the same versions as the reel of %s, up to what it cannot show", (name) =>
    Effect.gen(function* () {
      const reel = yield* read(reelOf(name))
      const lines = yield* auditOf(rig, name, t0Of(reel))
      writeFileSync(at("audit.jsonl"), lines.map((line) => `${line}\n`).join(""))
      const seen = versions(reel, name)
      const audit = versions(yield* read(at("audit.jsonl")), name)
      const isScaled = scaled(lines)
      for (const [version, { object }] of seen) {
        const told = audit.get(version)
        if (told !== undefined) {
          // The scheduler writes Events in another version of their API, whose fields have other names.
          if (told.object.apiVersion === object.apiVersion)
            assert.strictEqual(canonical(told.object as unknown as Json), canonical(object as unknown as Json), version)
          continue
        }
        // The last request for a pod writes a version with a grace period of 0, and then deletes that.
        const isLast = object.kind === "Pod" && object.metadata.deletionGracePeriodSeconds === 0
        assert.isTrue(isLast || isScaled.has(object.metadata.name), version)
      }
      const last = Math.max(...[...seen.values()].map(({ resourceVersion }) => resourceVersion))
      for (const [version, { resourceVersion }] of audit)
        if (!seen.has(version)) {
          // The namespace's end: the reel was over, and what is deleted at once keeps the version that it had.
          const kept = version.endsWith(" gone") && seen.has(version.replace(/ gone$/, ""))
          assert.isTrue(resourceVersion > last || kept, `${version} is not in the reel, which goes to ${last}`)
        }
    })
  )
})
