/** What a run has done to machines and to objects that everybody shares is taken back in the end. */
import { assert, describe, it } from "@effect/vitest"
import {
  defaultKubeletConfiguration,
  type Intention,
  type JsonObject,
  type KubernetesObject,
  type NodeSpec
} from "@kubereel/core"
import { Effect } from "effect"
import { ApiClient } from "../../src/client/ApiClient.ts"
import { ApiWriter } from "../../src/client/ApiWriter.ts"
import { Kinds } from "../../src/play/Kinds.ts"
import { type NodeDriver, NodeDriverFailure } from "../../src/play/NodeDriver.ts"
import { Orders } from "../../src/play/Orders.ts"
import { apiStub } from "./apiStub.ts"

const nodeStep = (more: object): Intention => ({
  _tag: "Node",
  name: "a",
  kubelet: undefined,
  cordon: undefined,
  power: undefined,
  network: undefined,
  pressure: undefined,
  staticPods: undefined,
  ...more
})

const node = (name: string): NodeSpec => ({
  name,
  cpu: "2",
  memory: "4Gi",
  pods: 110,
  labels: {},
  taints: [],
  profile: undefined,
  kubelet: defaultKubeletConfiguration,
  staticPods: []
})

const patchNode = (patch: JsonObject): Intention => ({
  _tag: "Patch",
  kind: "Node",
  namespace: undefined,
  name: "a",
  subresource: undefined,
  type: "merge",
  patch
})

const namespaceObject: KubernetesObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "other" } }

/** Orders for a stub, and a driver that tells what it was told; `broken`: what it cannot do. */
const setUp = Effect.fnUntraced(function* (broken: ReadonlyArray<string> = [], driven = true) {
  const { kubeconfig, stub } = yield* apiStub
  const done: Array<string> = []
  const driver: NodeDriver = {
    act: ({ node, ...rest }) => {
      const what = [node, ...Object.entries(rest).flat()].join(" ")
      if (broken.includes(what)) return Effect.fail(new NodeDriverFailure({ problem: `cannot: ${what}` }))
      return Effect.sync(() => void done.push(what))
    },
    check: () => Effect.void
  }
  const writer = yield* ApiWriter.make({ kubeconfig })
  const kinds = new Kinds(yield* ApiClient.make({ kubeconfig }))
  const orders = new Orders({ writer, kinds, namespace: "shop", driver: driven ? driver : undefined })
  return { orders, stub, done }
})

describe("in the end", () => {
  it.live("nodes are healed of what was last done to them, and of nothing else", () =>
    Effect.gen(function* () {
      const { done, orders } = yield* setUp()
      yield* orders.submit(nodeStep({ kubelet: "stop", network: "cut" }))
      yield* orders.submit(nodeStep({ name: "b", power: "off" }))
      yield* orders.submit(nodeStep({ network: "heal" }))
      yield* orders.submit(nodeStep({ name: "b", kubelet: "restart" }))
      done.length = 0
      assert.deepStrictEqual(yield* orders.undo, [])
      assert.deepStrictEqual(done, ["a kubelet start", "b power on"])
    }).pipe(Effect.scoped)
  )

  it.live("a step that failed half-way is undone too, and one trouble keeps nothing else from being undone", () =>
    Effect.gen(function* () {
      const { done, orders } = yield* setUp(["a network cut", "a network heal"])
      const [answer] = yield* orders.submit(nodeStep({ network: "cut" }))
      assert.strictEqual(answer?.status, 500)
      yield* orders.submit(nodeStep({ name: "b", kubelet: "stop" }))
      done.length = 0
      const troubles = yield* orders.undo
      assert.deepStrictEqual(
        troubles.map(({ message }) => message),
        ["cannot: a network heal"]
      )
      assert.deepStrictEqual(done, ["b kubelet start"])
    }).pipe(Effect.scoped)
  )

  it.live("a node has the labels, taints and readiness for pods that it had before the first change", () =>
    Effect.gen(function* () {
      const { orders, stub } = yield* setUp()
      const taints = [{ key: "t", effect: "NoSchedule" }]
      const before = { metadata: { name: "a", labels: { zone: "z" } }, spec: { taints } }
      const between = { metadata: { name: "a", labels: { zone: "y" } }, spec: { taints } }
      const after = { metadata: { name: "a", labels: { zone: "x", extra: "1" } }, spec: { unschedulable: true } }
      stub.objects.set("/api/v1/nodes/a", before)
      yield* orders.submit(nodeStep({ cordon: true }))
      stub.objects.set("/api/v1/nodes/a", between)
      yield* orders.submit(patchNode({ metadata: { labels: { extra: "1" } } }))
      stub.objects.set("/api/v1/nodes/a", after)
      stub.asked.length = 0
      assert.deepStrictEqual(yield* orders.undo, [])
      assert.deepStrictEqual(stub.writes, [
        {
          method: "PATCH",
          path: "/api/v1/nodes/a",
          body: { metadata: { labels: { zone: "z", extra: null } }, spec: { taints, unschedulable: null } }
        }
      ])
    }).pipe(Effect.scoped)
  )

  it.live("a node is as it was before it got the labels and taints of the scenario's", () =>
    Effect.gen(function* () {
      const { orders, stub } = yield* setUp()
      const cordoned = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }
      const kept = { key: "t", value: "old", effect: "NoSchedule" }
      const before = {
        metadata: { name: "a", labels: { zone: "z", disk: "ssd" }, resourceVersion: "7" },
        spec: { taints: [cordoned, kept], unschedulable: true }
      }
      const same = { metadata: { name: "b", labels: { zone: "y" } }, spec: {} }
      stub.objects.set("/api/v1/nodes/a", before).set("/api/v1/nodes/b", same)
      const taint = { ...kept, value: "new" }
      const spec = (name: string) => ({ ...node(name), labels: { zone: "y", disk: "ssd" } })
      yield* orders.dressNodes([
        { ...spec("a"), taints: [taint] },
        { ...spec("b"), labels: { zone: "y" } },
        spec("nobody")
      ])
      const path = "/api/v1/nodes/a"
      const patch = { metadata: { labels: { zone: "y" }, resourceVersion: "7" }, spec: { taints: [cordoned, taint] } }
      assert.deepStrictEqual(stub.writes, [{ method: "PATCH", path, body: patch }])
      stub.asked.length = 0
      assert.deepStrictEqual(yield* orders.undo, [])
      const back = { metadata: { labels: { zone: "z", disk: "ssd" } }, spec: before.spec }
      assert.deepStrictEqual(stub.writes, [{ method: "PATCH", path, body: back }])
    }).pipe(Effect.scoped)
  )

  it.live("a node that somebody else keeps writing is given up, with a reason", () =>
    Effect.gen(function* () {
      const { orders, stub } = yield* setUp()
      stub.objects.set("/api/v1/nodes/a", { metadata: { name: "a" }, spec: {} })
      stub.refuses.set("PATCH /api/v1/nodes/a", 409)
      const failure = yield* Effect.flip(orders.dressNodes([{ ...node("a"), labels: { zone: "y" } }]))
      assert.match(failure.message, /node a does not get the labels and taints that spec\.nodes says/)
      assert.lengthOf(stub.writes, 10)
    }).pipe(Effect.scoped)
  )

  it.live("nodes without a driver are left alone", () =>
    Effect.gen(function* () {
      const { orders, stub } = yield* setUp([], false)
      stub.objects.set("/api/v1/nodes/a", { metadata: { name: "a" }, spec: {} })
      yield* orders.dressNodes([{ ...node("a"), labels: { zone: "y" } }])
      assert.deepStrictEqual(stub.writes, [])
    }).pipe(Effect.scoped)
  )

  it.live("objects that belong to no namespace are deleted if they are still the same, the newest first", () =>
    Effect.gen(function* () {
      const { orders, stub } = yield* setUp()
      const second = { ...namespaceObject, metadata: { name: "second" } }
      const inside = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } }
      yield* orders.submit({ _tag: "Apply", objects: [namespaceObject, second, inside] })
      stub.asked.length = 0
      stub.objects.delete("/api/v1/namespaces/other")
      assert.deepStrictEqual(yield* orders.undo, [])
      assert.deepStrictEqual(
        stub.writes.map(({ body, method, path }) => [method, path, body?.["preconditions"]]),
        [
          ["DELETE", "/api/v1/namespaces/second", { uid: "uid-1" }],
          ["DELETE", "/api/v1/namespaces/other", { uid: "uid-0" }]
        ]
      )
    }).pipe(Effect.scoped)
  )

  it.live("what the server refuses to take back is told; a node that is gone needs nothing", () =>
    Effect.gen(function* () {
      const { orders, stub } = yield* setUp()
      const node = { metadata: { name: "a", labels: {} }, spec: {} }
      stub.objects.set("/api/v1/nodes/a", node)
      yield* orders.submit(nodeStep({ cordon: true }))
      yield* orders.submit({ _tag: "Apply", objects: [namespaceObject] })
      stub.refuses.set("PATCH /api/v1/nodes/a", 403).set("DELETE /api/v1/namespaces/other", 403)
      assert.deepStrictEqual(
        (yield* orders.undo).map(({ message }) => message),
        ["node a is not as it was: no rights", "/api/v1/namespaces/other is not deleted: no rights"]
      )
      stub.objects.delete("/api/v1/nodes/a")
      stub.refuses.clear()
      assert.deepStrictEqual(yield* orders.undo, [])
    }).pipe(Effect.scoped)
  )
})
