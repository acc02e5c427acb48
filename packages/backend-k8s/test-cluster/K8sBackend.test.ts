/** A real cluster satisfies the contract of the simulator and of recordings, in namespaces that it makes and removes. */
import { assert, describe, it } from "@effect/vitest"
import { K8sBackend, NotPlayable } from "@kubereel/backend-k8s"
import { testCluster } from "@kubereel/backend-k8s/rig"
import {
  asObject,
  ClusterBackend,
  type ClusterEvent,
  type JsonObject,
  later,
  play,
  type Scenario
} from "@kubereel/core"
import { clusterBackendContract } from "@kubereel/core/testing"
import { Effect, Layer, Stream } from "effect"
import { scenario } from "./given.ts"

const cluster = await Effect.runPromise(testCluster)
const image = cluster.rig === undefined ? "docker.io/library/busybox:1.37" : "127.0.0.1:5000/busybox:1"
const { KUBECONFIG } = cluster.environment
const reached = { context: cluster.context, ...(KUBECONFIG === undefined ? {} : { kubeconfig: KUBECONFIG }) }

const pod = (name: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { terminationGracePeriodSeconds: 1, containers: [{ name: "main", image }], ...spec }
})

/** Nobody schedules such a pod, so that it is gone as soon as it is deleted. */
const nowhere: JsonObject = { nodeSelector: { "kubereel.dev/nowhere": "1" } }

type More = Partial<K8sBackend.PlayOnOptions>

const layerOf = (given: Scenario, more: More = {}) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const real = yield* K8sBackend.openCluster(reached)
      const options = { cluster: real, ...more }
      const prepared = yield* K8sBackend.prepare(given, options)
      return K8sBackend.layer(prepared, { ...options, run: "test", until: given.until })
    })
  )

const run = (given: Scenario, more: More = {}) =>
  Stream.runCollect(Stream.provide(play(given, { until: given.until }), layerOf(given, more)))

const namespaceExists = (name: string) =>
  Effect.map(cluster.kubectl(["get", "namespace", name, "--ignore-not-found", "-o", "name"]), (found) => found !== "")

const changes = (events: ReadonlyArray<ClusterEvent>, kind: string) =>
  events.flatMap((event) =>
    event._tag === "ObjectChanged" && event.change !== "BOOKMARK" && asObject(event.object).kind === kind
      ? [asObject(event.object)]
      : []
  )

let built = 0

clusterBackendContract("K8sBackend", {
  layer: Layer.unwrap(Effect.sync(() => layerOf(scenario(`kubereel-contract-${built++}`, [])))),
  horizon: 1_500_000,
  clock: "wall",
  apply: { _tag: "Apply", objects: [pod("p", nowhere) as never] }
})

describe.concurrent("a scenario on a real cluster", () => {
  it.live("has a namespace of its own that is gone afterwards, also when something in it is held", () =>
    Effect.gen(function* () {
      const held = { ...pod("held"), metadata: { name: "held", finalizers: ["kubereel.dev/test"] } }
      const given = scenario("kubereel-held", [{ at: "0s", apply: held }], { until: "1s" })
      yield* Effect.gen(function* () {
        assert.isTrue(yield* namespaceExists("kubereel-held"))
        const { advance, now, submit } = yield* ClusterBackend
        const [answer] = yield* submit(given.steps[0]?.intention as never)
        assert.strictEqual(answer?.status, 201)
        yield* Stream.runDrain(advance(later(yield* now, 500_000)))
      }).pipe(Effect.provide(layerOf(given)))
      assert.isFalse(yield* namespaceExists("kubereel-held"))
    })
  )

  it.live("is refused where the namespace is somebody else's, and leaves that alone", () =>
    Effect.gen(function* () {
      yield* cluster.kubectl(["create", "namespace", "kubereel-foreign"])
      const refusal = yield* Effect.flip(run(scenario("kubereel-foreign", [], { until: "1s" })))
      assert.instanceOf(refusal, NotPlayable)
      assert.match((refusal as NotPlayable).message, /was not made by kubereel; name another one$/)
      assert.isTrue(yield* namespaceExists("kubereel-foreign"))
      yield* cluster.kubectl(["delete", "namespace", "kubereel-foreign"])
    })
  )

  it.live("leaves its namespace if it is asked to, and takes the place of one that was left", () =>
    Effect.gen(function* () {
      const given = scenario("kubereel-left", [{ at: "0s", apply: pod("p", nowhere) }], { until: "1s" })
      yield* run(given, { keep: true })
      assert.isTrue(yield* namespaceExists("kubereel-left"))
      const again = yield* run(given)
      assert.isTrue(changes(again, "Pod").some(({ metadata }) => metadata.name === "p"))
      assert.isFalse(yield* namespaceExists("kubereel-left"))
    })
  )

  it.live("is refused while another run uses the namespace", () =>
    Effect.gen(function* () {
      const given = scenario("kubereel-busy", [], { until: "1s" })
      const refusal = yield* Effect.provide(Effect.flip(run(given)), layerOf(given))
      assert.match((refusal as NotPlayable).message, /^spec\.namespace: a run uses namespace kubereel-busy until 2/)
    })
  )

  it.live("answers as the API server does, order by order", () =>
    Effect.gen(function* () {
      const replicas = { replicas: 2, selector: { matchLabels: { app: "a" } } }
      const template = {
        metadata: { labels: { app: "a" } },
        spec: { ...nowhere, containers: [{ name: "main", image }] }
      }
      const deployment = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "d" },
        spec: { ...replicas, template }
      }
      const given = scenario("kubereel-orders", [
        { at: "0s", apply: [deployment, { ...deployment, kind: "Deploiment" }] },
        { at: "0s", apply: deployment },
        { at: "1s", scale: { kind: "Deployment", name: "d", replicas: 1 } },
        { at: "1s", patch: { kind: "deploy", name: "d", type: "merge", patch: { metadata: { labels: { a: "b" } } } } },
        { at: "2s", delete: { kind: "Pod", selector: { app: "a" }, pick: "newest", gracePeriodSeconds: 0 } },
        { at: "2s", evict: { pod: "none" } },
        { at: "2s", exec: { pod: "none", command: ["true"] } },
        { at: "2s", delete: { kind: "Deployment", name: "d", propagationPolicy: "Background" } }
      ])
      const answers = yield* Effect.gen(function* () {
        const { advance, now, submit } = yield* ClusterBackend
        const start = yield* now
        return yield* Effect.forEach(given.steps, ({ at, intention }) =>
          Effect.andThen(Stream.runDrain(advance(later(start, at))), submit(intention))
        )
      }).pipe(Effect.provide(layerOf(given)))
      const statuses = answers.map((several) => several.map(({ status }) => status))
      assert.deepStrictEqual(statuses, [[201, 404], [200], [200], [200], [200], [404], [404], [200]])
    })
  )

  it.live("says of an executed command how it ended, in the kubelet's words", () =>
    Effect.gen(function* () {
      const command = ["sh", "-c", "sleep 1000"]
      const containers = [{ name: "main", image, command }]
      const given = scenario("kubereel-exec", [{ at: "0s", apply: pod("p", { containers }) }])
      yield* Effect.gen(function* () {
        const { advance, now, submit } = yield* ClusterBackend
        yield* submit(given.steps[0]?.intention as never)
        let running = false
        for (let i = 0; i < 100 && !running; i++) {
          const seen = yield* Stream.runCollect(advance(later(yield* now, 200_000)))
          running = changes(seen, "Pod").some(({ status }) => (status as JsonObject).phase === "Running")
        }
        const exec = (...words: ReadonlyArray<string>) =>
          submit({ _tag: "Exec", namespace: undefined, pod: "p", container: undefined, command: words })
        const [good] = yield* exec("true")
        const [bad] = yield* exec("sh", "-c", "exit 3")
        assert.deepStrictEqual([good?.status, good?.body.status], [200, "Success"])
        assert.deepStrictEqual([bad?.status, bad?.body.reason], [200, "NonZeroExitCode"])
      }).pipe(Effect.provide(layerOf(given)))
    })
  )
})
