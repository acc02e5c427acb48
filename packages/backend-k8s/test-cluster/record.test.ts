/** A real cluster is recorded while everything between it and the recorder breaks; its audit log is the witness. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { connect as connectTo, createServer, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { type Rig, testCluster } from "@kubereel/backend-k8s/rig"
import { type ClusterEvent, EventLogMemory, type Gap } from "@kubereel/core"
import { KubeConfig } from "@kubernetes/client-node"
import { Effect } from "effect"
import { timing } from "../src/record/reflect.ts"
import { gapsOf, logged, session } from "../test/record/session.ts"
import { askedForPods, firstListed, upToDate, witnessed } from "./witness.ts"

const { rig } = await Effect.runPromise(testCluster)

/** A wire that can be cut: everything through it to the API server. */
const wire = (host: string, port: number) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const sockets = new Set<Socket>()
      let open = true
      const server = createServer((near) => {
        if (!open) return void near.destroy()
        const far = connectTo(port, host)
        for (const [one, other] of [
          [near, far],
          [far, near]
        ] as const) {
          sockets.add(one)
          one
            .on("data", (bytes) => other.write(bytes))
            .on("close", () => other.destroy())
            .on("error", () => other.destroy())
        }
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      const cut = () => {
        for (const socket of sockets) socket.destroy()
        sockets.clear()
      }
      const address = server.address()
      return {
        port: typeof address === "object" ? address?.port : undefined,
        cut,
        close: () => {
          open = false
          cut()
        },
        mend: () => {
          open = true
        },
        end: () => {
          cut()
          server.close()
        }
      }
    }),
    ({ end }) => Effect.sync(end)
  )

/** The rig's kubeconfig with the wire's address in it. */
const throughWire = (rig: Rig) =>
  Effect.gen(function* () {
    const config = new KubeConfig()
    config.loadFromFile(rig.kubeconfig)
    const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()]
    const there = new URL(cluster?.server ?? "")
    const cable = yield* wire(there.hostname, Number(there.port || 443))
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "kubereel-record-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
    )
    const near = new KubeConfig()
    near.loadFromClusterAndUser(
      { name: "rig", server: `https://127.0.0.1:${cable.port}`, skipTLSVerify: true },
      user ?? { name: "nobody" }
    )
    const file = join(folder, "kubeconfig")
    writeFileSync(file, near.exportConfig())
    return { cable, file }
  })

const run = (rig: Rig, name: string, script: string) =>
  rig.kubectl(["run", name, "--image=127.0.0.1:5000/busybox:1", "--restart=Never", "--", "sh", "-c", script])

const covers = (gap: Gap, resourceVersion: string): boolean =>
  gap.resource === "pods" &&
  gap.to !== undefined &&
  Number(gap.from?.resourceVersion ?? 0) < Number(resourceVersion) &&
  Number(resourceVersion) <= Number(gap.to.resourceVersion)

const versionsIn = (log: ReadonlyArray<ClusterEvent>): ReadonlySet<string> =>
  new Set(
    log.flatMap((event) => {
      if (event._tag !== "ObjectChanged") return []
      const { uid, resourceVersion } = event.object["metadata"] as { uid?: string; resourceVersion: string }
      return uid === undefined ? [] : [`${uid} ${resourceVersion}`]
    })
  )

describe.runIf(rig !== undefined)("a recorder of a real cluster", () => {
  it.live(
    "guarantee 8: what the audit log has is in the log or in a gap, whatever is cut, killed and compacted",
    () =>
      Effect.gen(function* () {
        assert.isDefined(rig)
        if (rig === undefined) return
        const { cable, file } = yield* throughWire(rig)
        yield* run(rig, "before", "sleep 1")
        const first = yield* session(file, { timing })
        yield* run(rig, "a", "sleep 2; exit 3")
        yield* Effect.sleep("1 second")
        cable.cut()
        yield* run(rig, "b", "sleep 1")
        yield* Effect.sleep("2 seconds")
        yield* first.stop
        yield* run(rig, "c", "sleep 1")
        yield* rig.kubectl(["delete", "pod", "before", "--wait=false"])
        yield* session(file, { timing })
        yield* Effect.sleep("2 seconds")
        yield* rig.apiServer.kill
        yield* rig.apiServer.start
        yield* run(rig, "d", "sleep 1")
        yield* upToDate(rig)
        cable.close()
        yield* run(rig, "e", "sleep 1")
        yield* rig.kubectl(["delete", "pod", "a", "--wait=true"])
        yield* rig.compact
        yield* rig.apiServer.restart
        yield* run(rig, "f", "sleep 1")
        cable.mend()
        // First the witness, then the log: what happens between the two is in the log alone.
        const lines = yield* rig.auditLines
        const witnesses = witnessed(lines)
        yield* upToDate(rig)
        const asked = askedForPods(lines)
        const streamed = asked.filter((query) => query.get("sendInitialEvents") === "true").length
        const inPieces = asked.filter((query) => query.get("limit") === "500").length
        assert.isAbove(streamed, 2, "a server of 1.36 streams lists")
        assert.isAtMost(inPieces, 1, "but for one that broke off, perhaps")
        const log = yield* logged
        const told = versionsIn(log)
        const gaps = gapsOf(log)
        const since = firstListed(log)
        let count = 0
        for (const { uid, resourceVersion, what } of witnesses) {
          if (Number(resourceVersion) <= since) continue
          count++
          assert.isTrue(
            told.has(`${uid} ${resourceVersion}`) || gaps.some((gap) => covers(gap, resourceVersion)),
            `${what} is neither told nor inside a gap: ${JSON.stringify(gaps)}`
          )
        }
        assert.isAbove(count, 20, "the witness has seen something")
        const causes = new Set(gaps.filter(({ to }) => to !== undefined).map(({ cause }) => cause))
        assert.includeMembers([...causes], ["stopped", "closed"])
        assert.isTrue(
          gaps.some(({ found }) => found?.vanished.some(({ name }) => name === "a")),
          `a vanished while nobody could see it: ${JSON.stringify(gaps)}`
        )
      }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer)),
    300_000
  )
})
