/** What recordings of a real cluster have beyond a pod's life: mirrors, owners, finalizers; and what today's kubectl says. */
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { eventually, testCluster, testNamespace } from "@kubereel/backend-k8s/rig"
import { type ClusterEvent, EventLog, EventLogMemory } from "@kubereel/core"
import { Effect } from "effect"
import { timing } from "../src/record/reflect.ts"
import { logged, session } from "../test/record/session.ts"

const cluster = await Effect.runPromise(testCluster)

interface Seen {
  readonly change: string
  readonly name: string
  readonly metadata: {
    readonly uid: string
    readonly resourceVersion: string
    readonly generation?: number
    readonly annotations?: Readonly<Record<string, string>>
    readonly finalizers?: ReadonlyArray<string>
    readonly ownerReferences?: ReadonlyArray<{ readonly kind: string; readonly name: string }>
    readonly deletionTimestamp?: string
    readonly deletionGracePeriodSeconds?: number
  }
  readonly spec: { readonly nodeName?: string }
  readonly status: { readonly phase?: string; readonly reason?: string }
}

const seenIn = (log: ReadonlyArray<ClusterEvent>, namespace: string): ReadonlyArray<Seen> =>
  log.flatMap((event) => {
    if (event._tag !== "ObjectChanged" || event.change === "BOOKMARK") return []
    const object = event.object as unknown as Seen & { metadata: { namespace: string; name: string } }
    return object.metadata.namespace === namespace
      ? [{ ...object, change: event.change, name: object.metadata.name }]
      : []
  })

const pod = (name: string, spec: object, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, ...metadata },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "main", image: cluster.image, command: ["sleep", "1000000"] }],
    ...spec
  }
})

describe.runIf(cluster.rig !== undefined)("a recording of a real cluster", () => {
  const rig = cluster.rig!

  /** Waits until the log has such a version of a pod, and answers with all of that pod. */
  const recorded = Effect.fnUntraced(function* (namespace: string, name: string, holds: (seen: Seen) => boolean) {
    const log = yield* EventLog
    const lives = Effect.map(logged, (events) => seenIn(events, namespace).filter((one) => one.name === name))
    const ask = Effect.provideService(lives, EventLog, log)
    return yield* eventually(`${name} in the log`, ask, (seen) => seen.some(holds), { seconds: 40 })
  })

  it.live("X-22: has mirror pods, what the pod garbage collector ended, and deadlines", () =>
    Effect.gen(function* () {
      const { name, apply, kubectl } = yield* testNamespace(cluster, "kubereel-mirrors")
      yield* session(rig.kubeconfig, { timing })
      const manifest = join(rig.directory, "machines", "rig-1", "manifests", "kubereel-static.json")
      yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(manifest, { force: true })))
      writeFileSync(manifest, JSON.stringify(pod("static", {}, { namespace: name })))
      yield* apply(
        pod("nowhere", { nodeSelector: { "kubereel.dev/no": "where" } }, { finalizers: ["kubereel.dev/hold"] }),
        pod("late", { activeDeadlineSeconds: 1 })
      )
      const release = kubectl(["patch", "pod", "nowhere", "--type=merge", "-p", '{"metadata":{"finalizers":null}}'])
      yield* Effect.addFinalizer(() => Effect.ignore(release))
      yield* kubectl(["delete", "pod", "nowhere", "--wait=false"])

      const isMirror = ({ metadata }: Seen) => metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined
      const [mirror] = yield* recorded(
        name,
        "static-rig-1",
        (seen) => isMirror(seen) && seen.status.phase === "Running"
      )
      assert.deepStrictEqual(
        mirror?.metadata.ownerReferences?.map((owner) => `${owner.kind}/${owner.name}`),
        ["Node/rig-1"]
      )
      yield* kubectl(["delete", "pod", "static-rig-1", "--wait=false"])
      const another = ({ metadata, change }: Seen) => change === "ADDED" && metadata.uid !== mirror?.metadata.uid
      const lives = yield* recorded(name, "static-rig-1", another)
      assert.strictEqual(new Set(lives.map((one) => one.metadata.annotations?.["kubernetes.io/config.mirror"])).size, 1)
      rmSync(manifest)
      const uid = lives.find(another)?.metadata.uid
      yield* recorded(name, "static-rig-1", ({ change, metadata }) => change === "DELETED" && metadata.uid === uid)

      yield* recorded(name, "late", ({ status }) => status.phase === "Failed" && status.reason === "DeadlineExceeded")
      // It never had a node: no kubelet could end it.
      const ended = yield* recorded(name, "nowhere", ({ status }) => status.phase === "Failed")
      assert.isTrue(ended.every(({ spec }) => spec.nodeName === undefined))
      yield* release
      yield* recorded(name, "nowhere", ({ change }) => change === "DELETED")
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("X-23: has owners, finalizers, versions, generations and bookmarks", () =>
    Effect.gen(function* () {
      const { name, apply, kubectl } = yield* testNamespace(cluster, "kubereel-owners")
      const { stop } = yield* session(rig.kubeconfig, { timing })
      yield* apply({
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        metadata: { name: "web" },
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: "web" } },
          template: { metadata: { labels: { app: "web" }, finalizers: ["kubereel.dev/hold"] }, spec: pod("p", {}).spec }
        }
      })
      const first = yield* eventually(
        "its pod",
        kubectl(["get", "pods", "-o", "jsonpath={.items[0].metadata.name}"]),
        Boolean
      )
      const release = kubectl(["patch", "pod", first, "--type=merge", "-p", '{"metadata":{"finalizers":null}}'])
      yield* Effect.addFinalizer(() => Effect.ignore(release))
      yield* recorded(name, first, ({ status }) => status.phase === "Running")
      yield* kubectl(["delete", "replicaset", "web", "--cascade=orphan"])
      yield* kubectl(["delete", "pod", first, "--wait=false"])
      const done = yield* recorded(name, first, ({ metadata }) => metadata.deletionGracePeriodSeconds === 0)
      assert.notInclude(
        done.map(({ change }) => change),
        "DELETED",
        "the finalizer holds it"
      )
      yield* release
      const life = yield* recorded(name, first, ({ change }) => change === "DELETED")
      assert.deepStrictEqual(
        life[0]?.metadata.ownerReferences?.map((owner) => `${owner.kind}/${owner.name}`),
        ["ReplicaSet/web"]
      )
      assert.deepStrictEqual(life[0]?.metadata.finalizers, ["kubereel.dev/hold"])
      assert.strictEqual(life[0]?.metadata.generation, 1)
      assert.isAbove(life.at(-1)?.metadata.generation ?? 0, 1, "a deletion is another generation")
      const versions = life.map(({ metadata }) => Number(metadata.resourceVersion))
      assert.deepStrictEqual(
        versions,
        [...new Set(versions)].toSorted((a, b) => a - b)
      )
      yield* stop
      const bookmarks = (yield* logged).filter((event) => event._tag === "ObjectChanged" && event.change === "BOOKMARK")
      assert.isAbove(bookmarks.length, 0)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live(
    "X-02: period 0 without force is a period of 1, which the recording has; with force the pod is gone at once",
    () =>
      Effect.gen(function* () {
        const { name, apply, kubectl } = yield* testNamespace(cluster, "kubereel-force")
        yield* session(rig.kubeconfig, { timing })
        const nodeName = "rig-1"
        yield* apply(
          pod("gently", { nodeName, terminationGracePeriodSeconds: 30 }),
          pod("forced", { nodeName, terminationGracePeriodSeconds: 30 })
        )
        for (const one of ["gently", "forced"]) yield* recorded(name, one, ({ status }) => status.phase === "Running")
        yield* kubectl(["delete", "pod", "gently", "--grace-period=0", "--wait=false"])
        yield* kubectl(["delete", "pod", "forced", "--grace-period=0", "--force"])
        const life = yield* recorded(name, "gently", ({ change }) => change === "DELETED")
        const graces = life.flatMap(({ metadata }) => metadata.deletionGracePeriodSeconds ?? [])
        assert.deepStrictEqual([...new Set(graces)], [1, 0])
        const last = (yield* recorded(name, "forced", ({ change }) => change === "DELETED")).at(-1)
        assert.strictEqual(last?.status.phase, "Running", "its containers run on when the object is gone")
      }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )
})

// Elsewhere nobody knows which kubectl there is.
describe.runIf(cluster.rig !== undefined)("today's kubectl", () => {
  it.live("X-31: says from where it deleted, wants -- before a command, and has Events as a command", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { name, apply, kubectl, read } = yield* testNamespace(cluster, "kubereel-kubectl")
        yield* apply(pod("p", {}))
        yield* eventually("p runs", read("pod/p", "{.status.phase}"), (phase) => phase === "Running")
        const refused = yield* Effect.flip(kubectl(["exec", "p", "ls"]))
        assert.include(refused.message, "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND]")
        assert.include(yield* kubectl(["exec", "p", "--", "ls", "/"]), "bin")
        assert.match(yield* kubectl(["events", "--for", "pod/p"]), /Normal +Started +Pod\/p +Container started/)
        assert.strictEqual(yield* kubectl(["delete", "pod", "p"]), `pod "p" deleted from ${name} namespace`)
      })
    )
  )
})
