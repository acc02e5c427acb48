/** Rigs live side by side, and end with whoever started them. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { attachRig, eventually, startRig, testCluster } from "@kubereel/backend-k8s/rig"
import { Effect } from "effect"

const cluster = await Effect.runPromise(testCluster)
const [first, second] = [`o${process.pid.toString(36)}`, `p${process.pid.toString(36)}`]

/** Another process, which has started a rig and would keep it for ever. */
const owner = (name: string) =>
  Effect.acquireRelease(
    Effect.promise(async (): Promise<ChildProcess> => {
      const program = join(import.meta.dirname, "owner.ts")
      const child = spawn(process.execPath, ["--conditions=source", program, name], {
        stdio: ["ignore", "pipe", "inherit"]
      })
      const [said] = await Promise.race([once(child.stdout, "data"), once(child, "exit")])
      assert.strictEqual(String(said), "up\n")
      return child
    }),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

const traces = (name: string) =>
  [`/sys/class/net/kr-${name}`, `/var/tmp/kubereel-rigs/${name}`].filter((path) => existsSync(path))

describe.runIf(cluster.rig !== undefined)("another rig", () => {
  it.live("has a cluster of its own, ends when its owner is killed, and leaves nothing after the next start", () =>
    Effect.gen(function* () {
      yield* Effect.scoped(
        Effect.gen(function* () {
          const child = yield* owner(first)
          const rig = yield* attachRig(first)
          const uid = ["get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}"]
          assert.notStrictEqual(yield* rig.kubectl(uid), yield* cluster.kubectl(uid))
          assert.strictEqual(yield* rig.kubectl(["get", "nodes", "-o", "name"]), "node/rig-1")
          assert.lengthOf(traces(first), 2)

          child.kill("SIGKILL")
          yield* eventually("its end", Effect.flip(attachRig(first)), () => true, { seconds: 30 })
          const next = yield* startRig({
            name: second,
            kubelet: { maxPods: 17 },
            apiServerFlags: ["--profiling=false"]
          })
          assert.deepStrictEqual(traces(first), [])
          assert.lengthOf(traces(second), 2)
          assert.strictEqual(
            yield* next.kubectl(["get", "nodes", "-o", "jsonpath={.items[*].status.capacity.pods}"]),
            "17"
          )
          assert.match((yield* Effect.flip(next.kubectl(["get", "--raw", "/debug/pprof/"]))).message, /not find/)
        })
      )
      assert.deepStrictEqual(traces(second), [])
      assert.strictEqual(yield* cluster.kubectl(["get", "--raw", "/readyz"]), "ok")
    })
  )

  it.live("that is not there is named in a sentence", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(attachRig("nobody"))
      assert.strictEqual(failure.message, "no rig nobody runs on this machine")
    })
  )
})
