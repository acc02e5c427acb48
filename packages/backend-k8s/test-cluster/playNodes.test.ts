/** What a scenario does to nodes, on the rig, whose driver does it: seen in the history, and undone in the end. */
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { K8sBackend } from "@kubereel/backend-k8s"
import { type Rig, rigDriver, startRig, testCluster } from "@kubereel/backend-k8s/rig"
import {
  asObject,
  type ClusterEvent,
  isJsonObject,
  type Json,
  type JsonObject,
  play,
  type Scenario,
  timeline
} from "@kubereel/core"
import { Effect, Stream } from "effect"
import { beforeAll } from "vitest"
import { scenario } from "./given.ts"

const cluster = await Effect.runPromise(testCluster)
const image = "127.0.0.1:5000/busybox:1"
const containers = [{ name: "main", image, command: ["sh", "-c", "sleep 1000"] }]

const pod = (name: string, node: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { terminationGracePeriodSeconds: 1, nodeName: node, containers, ...spec }
})

/** The history of the scenario on the rig, and what could not be undone. */
const playOn = (rig: Rig, given: Scenario) =>
  Effect.gen(function* () {
    const troubles: Array<string> = []
    const driver = rigDriver(rig)
    const real = yield* K8sBackend.openCluster({ context: "rig", kubeconfig: rig.kubeconfig })
    const prepared = yield* K8sBackend.prepare(given, { cluster: real, driver })
    const backend = K8sBackend.layer(prepared, {
      cluster: real,
      driver,
      run: "test",
      until: given.until,
      onTrouble: (message) => Effect.sync(() => void troubles.push(message))
    })
    const seen = yield* Stream.runCollect(Stream.provide(play(prepared.scenario, { until: given.until }), backend))
    return { seen, troubles }
  })

const changes = (events: ReadonlyArray<ClusterEvent>, kind: string, name: string) =>
  events.flatMap((event) => {
    if (event._tag !== "ObjectChanged" || event.change === "BOOKMARK") return []
    const object = asObject(event.object)
    return object.kind === kind && object.metadata.name === name ? [object as unknown as JsonObject] : []
  })

const at = (value: Json | undefined, ...path: ReadonlyArray<string>): Json | undefined =>
  path.reduce<Json | undefined>((inside, key) => (isJsonObject(inside) ? inside[key] : undefined), value)

/** What the node said of a condition, each once in its order. */
const said = (events: ReadonlyArray<ClusterEvent>, node: string, type: string) =>
  changes(events, "Node", node)
    .flatMap((object) => (at(object, "status", "conditions") as ReadonlyArray<JsonObject> | undefined) ?? [])
    .filter((condition) => condition["type"] === type)
    .map((condition) => condition["status"])
    .filter((status, i, all) => status !== all[i - 1])

const warnings = (events: ReadonlyArray<ClusterEvent>) =>
  events.flatMap((event) => (event._tag === "Warned" && /refused/.test(event.message) ? [event.message] : []))

describe.runIf(cluster.rig)("what is done to nodes", () => {
  const rig = cluster.rig as Rig

  it.live("is done by the cluster's driver, and undone in the end", () =>
    Effect.gen(function* () {
      const given = scenario(
        "kubereel-nodes",
        [
          { at: "0s", apply: pod("p", "rig-2") },
          { at: "4s", kill: { pod: "p", container: "main" } },
          { at: "6s", node: { name: "rig-2", cordon: true } },
          { at: "7s", node: { name: "rig-2", kubelet: "stop" } },
          { at: "7s", kill: { pod: "p", container: "nobody" } }
        ],
        { until: "9s" }
      )
      const { seen, troubles } = yield* playOn(rig, given)
      const codes = changes(seen, "Pod", "p").flatMap(
        ({ status }) => JSON.stringify(status).match(/"exitCode":137/) ?? []
      )
      assert.isAbove(codes.length, 0, JSON.stringify(timeline(seen)))
      assert.isTrue(changes(seen, "Node", "rig-2").some((node) => at(node, "spec", "unschedulable") === true))
      const unschedulable = yield* cluster.kubectl(["get", "node", "rig-2", "-o", "jsonpath={.spec.unschedulable}"])
      assert.strictEqual(unschedulable, "")
      assert.match(
        warnings(seen).join(),
        /^step at 7s .* was refused with 500: .*no container nobody of pod kubereel-nodes\/p is running$/
      )
      assert.deepStrictEqual(troubles, [])
      assert.match(yield* rig.node("rig-2").enter("pidof", "kubelet"), /^\d+/)
      const left = yield* cluster.kubectl(["get", "namespaces", "-l", "kubereel.dev/run=test", "-o", "name"])
      assert.strictEqual(left, "")
    })
  )

  it.live("their labels and taints are the scenario's while it is played, and what they were after it", () =>
    Effect.gen(function* () {
      const own = (name: string) =>
        cluster.kubectl(["get", "node", name, "-o", "jsonpath={.metadata.labels}{.spec.taints}{.spec.unschedulable}"])
      const before = [yield* own("rig-1"), yield* own("rig-2")]
      const zone = "topology.kubernetes.io/zone"
      const taint = { key: "kubereel.dev/for", value: "us", effect: "NoSchedule" }
      const anywhere = { apiVersion: "v1", kind: "Pod", spec: { terminationGracePeriodSeconds: 1, containers } }
      const given = scenario(
        "kubereel-dress",
        [
          {
            at: "0s",
            apply: [
              { ...anywhere, metadata: { name: "west" }, spec: { ...anywhere.spec, nodeSelector: { [zone]: "west" } } },
              { ...anywhere, metadata: { name: "anywhere" } }
            ]
          },
          { at: "2s", node: { name: "rig-2", cordon: true } }
        ],
        {
          nodes: [
            { name: "rig-1", labels: { [zone]: "west" } },
            { name: "rig-2", labels: { [zone]: "east" }, taints: [taint] }
          ],
          until: "6s"
        }
      )
      const { seen, troubles } = yield* playOn(rig, given)
      const nodeOf = (name: string) => at(changes(seen, "Pod", name).at(-1), "spec", "nodeName")
      assert.deepStrictEqual([nodeOf("west"), nodeOf("anywhere")], ["rig-1", "rig-1"])
      const [first] = changes(seen, "Node", "rig-2")
      assert.deepStrictEqual([at(first, "metadata", "labels", zone), at(first, "spec", "taints")], ["east", [taint]])
      assert.deepStrictEqual([troubles, warnings(seen)], [[], []])
      assert.deepStrictEqual([yield* own("rig-1"), yield* own("rig-2")], before)
    })
  )

  it.live("static pods are there from the beginning, come and go, and have their programs", () =>
    Effect.gen(function* () {
      const own = (name: string, more: JsonObject = {}) => ({
        apiVersion: "v1",
        kind: "Pod",
        spec: { terminationGracePeriodSeconds: 1, containers, ...more },
        metadata: { name, namespace: "kubereel-static" }
      })
      const scripted = own("second", { containers: [{ name: "main", image }], restartPolicy: "Never" })
      const given = scenario(
        "kubereel-static",
        [
          { at: "8s", node: { name: "rig-2", staticPods: [scripted] } },
          { at: "16s", node: { name: "rig-2", staticPods: [] } }
        ],
        {
          nodes: [{ name: "rig-2", staticPods: [own("first")] }],
          programs: [{ match: { pod: "second-rig-2" }, runs: [{ exitAfter: "1s", exitCode: 7 }] }]
        }
      )
      const { seen, troubles } = yield* playOn(rig, given)
      const phases = (name: string) => changes(seen, "Pod", name).map((object) => at(object, "status", "phase"))
      assert.include(phases("first-rig-2"), "Running")
      assert.include(phases("second-rig-2"), "Failed")
      assert.include(JSON.stringify(changes(seen, "Pod", "second-rig-2")), '"exitCode":7')
      const deleted = seen.flatMap((event) =>
        event._tag === "ObjectChanged" && event.change === "DELETED" ? [asObject(event.object).metadata.name] : []
      )
      assert.includeMembers(deleted, ["first-rig-2", "second-rig-2"])
      assert.deepStrictEqual([troubles, warnings(seen)], [[], []])
      assert.deepStrictEqual(readdirSync(join(rig.directory, "machines", "rig-2", "manifests")), [])
    })
  )

  it.live("is refused for what this rig cannot do, before anything is made", () =>
    Effect.gen(function* () {
      const given = scenario("kubereel-refused", [
        { at: "0s", node: { name: "rig-9", kubelet: "stop" } },
        { at: "0s", node: { name: "rig-2", pressure: "disk" } }
      ])
      const { message } = yield* Effect.flip(playOn(rig, given))
      assert.match(message, /rig \w+ has no node rig-9: it has rig-1, rig-2$/m)
      assert.match(
        message,
        /disk pressure needs nodes with disks of their own: start the rig with KUBEREEL_RIG_DISK=8G$/m
      )
    })
  )
})

describe.runIf(cluster.rig)("nodes that run short, fail and are shut down", () => {
  const short = scenario(
    "kubereel-short",
    [
      { at: "0s", apply: pod("p", "rig-1") },
      { at: "3s", node: { name: "rig-1", pressure: ["memory", "disk", "pids"] } },
      { at: "25s", node: { name: "rig-1", pressure: false } },
      { at: "46s", apply: pod("q", "rig-1") },
      { at: "52s", node: { name: "rig-1", power: "shutdown" } }
    ],
    { until: "60s" }
  )

  const fault = (call: string, more: JsonObject) => ({ fault: { node: "rig-2", call, ...more } })
  const faults = scenario(
    "kubereel-faults",
    [
      { at: "0s", ...fault("RunPodSandbox", { pod: "bo[!y]*", message: "no room for you", for: "6s" }) },
      { at: "0s", ...fault("CreateContainer", { pod: "uncreated", message: "cannot be" }) },
      { at: "0s", apply: [pod("box", "rig-2"), pod("boy", "rig-2"), pod("uncreated", "rig-2")] },
      { at: "10s", ...fault("NetworkReady", { for: "12s" }) }
    ],
    { until: "38s" }
  )

  type Played = Effect.Success<ReturnType<typeof playOn>>
  let played: { readonly short: Played; readonly faults: Played; readonly kubelet: string }

  beforeAll(async () => {
    const able = startRig({
      nodes: ["rig-1", "rig-2"],
      disk: "6G",
      faults: true,
      kubelet: {
        shutdownGracePeriod: "15s",
        evictionPressureTransitionPeriod: "1s",
        evictionHard: { "memory.available": "100Mi", "nodefs.available": "10%", "pid.available": "1000" }
      }
    })
    const play = Effect.flatMap(able, (rig) =>
      Effect.gen(function* () {
        const both = yield* Effect.all({ short: playOn(rig, short), faults: playOn(rig, faults) }, { concurrency: 2 })
        return { ...both, kubelet: yield* rig.node("rig-1").enter("pidof", "kubelet") }
      })
    )
    played = await Effect.runPromise(Effect.scoped(play))
  }, 170_000)

  it("a node that runs short of memory, disk and processes says so, evicts, and recovers", () => {
    const { seen, troubles } = played.short
    for (const type of ["MemoryPressure", "DiskPressure", "PIDPressure"])
      assert.deepStrictEqual(said(seen, "rig-1", type), ["False", "True", "False"], type)
    const p = JSON.stringify(changes(seen, "Pod", "p"))
    assert.include(p, '"reason":"Evicted"')
    assert.include(p, "The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi.")
    assert.deepStrictEqual([troubles, warnings(seen)], [[], []])
  })

  it("a node whose shutdown is announced ends its pods, goes off, and is switched on in the end", () => {
    const q = JSON.stringify(changes(played.short.seen, "Pod", "q"))
    assert.include(q, "Pod was terminated in response to imminent node shutdown.")
    assert.match(played.kubelet, /^\d+/)
  })

  it("a runtime whose calls fail says what the scenario says, for as long as it says", () => {
    const { seen, troubles } = played.faults
    const messages = seen.flatMap((event) =>
      event._tag === "ObjectChanged" && event.object.kind === "Event" ? [JSON.stringify(event.object)] : []
    )
    const told = (name: string, message: string) =>
      messages.some((one) => one.includes(`"name":"${name}"`) && one.includes(message))
    const refusal = "Failed to create pod sandbox: rpc error: code = Unknown desc = no room for you"
    assert.deepStrictEqual([told("box", refusal), told("boy", refusal)], [true, false])
    assert.isTrue(told("uncreated", "Error: cannot be"))
    const phases = (name: string) => changes(seen, "Pod", name).map((object) => at(object, "status", "phase"))
    for (const [name, runs] of Object.entries({ box: true, boy: true, uncreated: false }))
      assert.strictEqual(phases(name).includes("Running"), runs, name)
    assert.deepStrictEqual(said(seen, "rig-2", "Ready").slice(-3), ["True", "False", "True"])
    assert.include(
      JSON.stringify(changes(seen, "Node", "rig-2")),
      "NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"
    )
    assert.deepStrictEqual([troubles, warnings(seen)], [[], []])
  })
})
