/**
 * Scenarios on a real control plane without any kubelet, whose node is one of ours: as alike to what they did on a real cluster as real
 * runs are among themselves. On a rig of its own.
 */
import { assert, describe, it } from "@effect/vitest"
import { ApiClient } from "@kubereel/backend-k8s"
import { startRig, testCluster } from "@kubereel/backend-k8s/rig"
import { outlineOf, score } from "@kubereel/core"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll } from "vitest"
import { recordedOutlines } from "../tool/fidelity/measure.ts"
import { playJoined, type RealControlPlane, run } from "../tool/joined/playJoined.ts"

const { rig } = await Effect.runPromise(testCluster)

/** The long ones first, so that all end together. */
const played = [
  // A crash loop.
  "always-exit-zero",
  // Roll-outs.
  "rollout-surge",
  "statefulset",
  // Probes.
  "liveness-exec",
  "readiness-http",
  // Deletions.
  "delete-one-ignores",
  "trap-term",
  // Init containers.
  "init-two",
  "init-fail-never"
]

/** A test's machine has other things to do: that much less alike than the least alike of the real runs are. */
const SLACK = 0.07

describe.runIf(rig)("joined nodes beside real ones", () => {
  const scope = Scope.makeUnsafe()
  let histories: Effect.Success<ReturnType<typeof playJoined>>
  let cluster: RealControlPlane

  beforeAll(async () => {
    const own = await Effect.runPromise(Scope.provide(startRig({ nodes: [] }), scope))
    cluster = { context: "rig", kubeconfig: own.kubeconfig }
    histories = await run(playJoined(played, cluster, { beside: played.length, seed: 0 }))
  }, 300_000)
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

  const scoreOf = (name: string, history: Parameters<typeof outlineOf>[0] | string | undefined) =>
    Effect.gen(function* () {
      if (typeof history !== "object") return yield* Effect.fail(new Error(history ?? `${name} was not played`))
      return score(outlineOf(history), yield* recordedOutlines(name))
    })

  it.live.each(played)("%s is what it was on a real cluster", (name) =>
    Effect.gen(function* () {
      let judged = yield* scoreOf(name, histories.get(name))
      // Where several at once were too much for the machine, once more, alone.
      if (judged.states < judged.realStates - SLACK || judged.events < judged.realEvents - SLACK) {
        const again = yield* Effect.promise(() => run(playJoined([name], cluster, { beside: 1, seed: 1 })))
        judged = yield* scoreOf(name, again.get(name))
      }
      assert.isAtLeast(judged.states, judged.realStates - SLACK, "states")
      assert.isAtLeast(judged.events, judged.realEvents - SLACK, "Events")
    })
  )

  it.live("nothing is left of the nodes afterwards", () =>
    Effect.gen(function* () {
      const client = yield* ApiClient.make(cluster)
      assert.deepStrictEqual((yield* client.get("/api/v1/nodes"))["items"], [])
      const leases = yield* client.get("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases")
      assert.deepStrictEqual(leases["items"], [])
    })
  )
})
