/** A real cluster goes back in time while it is recorded: its etcd is restored from a backup. The audit log is the witness. */
import { assert, describe, it } from "@effect/vitest"
import { type Rig, startRig, testCluster } from "@kubereel/backend-k8s/rig"
import { type ClusterEvent, EventLogMemory, type Gap } from "@kubereel/core"
import { Effect } from "effect"
import { timing } from "../src/record/reflect.ts"
import { gapsOf, logged, session } from "../test/record/session.ts"
import { firstListed, upToDate, type Witnessed, witnessed } from "./witness.ts"

const cluster = await Effect.runPromise(testCluster)

const run = (rig: Rig, name: string) =>
  rig.kubectl(["run", name, "--image=127.0.0.1:5000/busybox:1", "--restart=Never", "--", "sleep", "3600"])

/** After a restoration versions say nothing of what came before what: then the time does. */
const covers = (gap: Gap, { at, resourceVersion }: Witnessed): boolean => {
  if (gap.resource !== "pods" || gap.to === undefined) return false
  const isAfter = Number(gap.from?.resourceVersion ?? 0) < Number(resourceVersion)
  if (gap.cause !== "restored") return isAfter && Number(resourceVersion) <= Number(gap.to.resourceVersion)
  return at <= (gap.to.at ?? 0) && (isAfter || at >= (gap.from?.at ?? 0))
}

/** Uid, version and how often the server had gone back. */
const told = (log: ReadonlyArray<ClusterEvent>): ReadonlySet<string> =>
  new Set(
    log.flatMap((event) => {
      if (event._tag !== "ObjectChanged") return []
      const { uid, resourceVersion } = event.object["metadata"] as { uid?: string; resourceVersion: string }
      return uid === undefined ? [] : [`${uid} ${resourceVersion} ${event.era ?? 0}`]
    })
  )

const namesIn = (refs: ReadonlyArray<{ readonly name: string }> | undefined): ReadonlyArray<string> =>
  (refs ?? []).map(({ name }) => name)

describe.runIf(cluster.rig !== undefined)("a recorder of a real cluster whose etcd is restored", () => {
  it.live(
    "guarantee 8: marks it as a gap, with what was changed, created and vanished; all else is told or inside a gap",
    () =>
      Effect.gen(function* () {
        const rig = yield* startRig()
        yield* session(rig.kubeconfig, { timing })
        for (const name of ["stays", "changes", "goes"]) yield* run(rig, name)
        yield* rig.kubectl(["wait", "--for=condition=Ready", "pod", "--all", "--timeout=60s"])
        yield* rig.backup("before")
        yield* rig.kubectl(["label", "pod", "changes", "turn=second"])
        yield* rig.kubectl(["delete", "pod", "goes", "--grace-period=1"])
        yield* run(rig, "later")
        yield* rig.kubectl(["wait", "--for=condition=Ready", "pod", "later", "--timeout=60s"])
        yield* upToDate(rig)

        yield* rig.apiServer.stop
        const era0 = witnessed(yield* rig.auditLines)
        yield* rig.restore("before")
        yield* rig.kubectl(["label", "pod", "stays", "turn=third"])
        const all = witnessed(yield* rig.auditLines)
        yield* upToDate(rig)

        const log = yield* logged
        const gaps = gapsOf(log)
        const restored = gaps.filter(
          ({ cause, to, resource }) => cause === "restored" && to !== undefined && resource === "pods"
        )
        assert.lengthOf(restored, 1)
        const found = restored[0]?.found
        assert.includeMembers([...namesIn(found?.changed)], ["changes"])
        assert.includeMembers([...namesIn(found?.created)], ["goes"])
        assert.includeMembers([...namesIn(found?.vanished)], ["later"])
        assert.match(restored[0]?.detail ?? "", /went back in between/)

        const known = told(log)
        const since = firstListed(log)
        for (const [i, one] of all.entries()) {
          const era = i < era0.length ? 0 : 1
          if (era === 0 && Number(one.resourceVersion) <= since) continue
          assert.isTrue(
            known.has(`${one.uid} ${one.resourceVersion} ${era}`) || gaps.some((gap) => covers(gap, one)),
            `${one.what} (era ${era}) is neither told nor inside a gap: ${JSON.stringify(gaps)}`
          )
        }
        assert.isAbove(era0.length, 12, "the witness has seen something")
        assert.isAbove(all.length, era0.length, "and something after the restoration")
      }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer)),
    300_000
  )
})
