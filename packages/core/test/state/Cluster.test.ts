/** What a recorder's sightings make of a cluster, by example. */
import { HashMap } from "effect"
import { assert, describe, it } from "vitest"
import type { ClusterEvent, ObjectChanged } from "../../src/event/ClusterEvent.ts"
import { anomaliesOf, evolveCluster, initialCluster, podOf } from "../../src/state/Cluster.ts"

const sight = (
  change: ObjectChanged["change"],
  version: string | undefined,
  phase: string,
  uid?: string
): ObjectChanged => ({
  _tag: "ObjectChanged",
  change,
  object: {
    kind: "Pod",
    apiVersion: "v1",
    metadata: {
      name: "p",
      namespace: "d",
      ...(uid === undefined ? {} : { uid }),
      ...(version === undefined ? {} : { resourceVersion: version })
    },
    spec: { containers: [] },
    status: { phase }
  }
})

const fold = (...events: ReadonlyArray<ClusterEvent>) => events.reduce(evolveCluster, initialCluster)

describe("evolveCluster", () => {
  it("takes versions as numbers, not as texts or floats", () => {
    const cluster = fold(
      sight("ADDED", "9", "Pending", "u"),
      sight("MODIFIED", "9007199254740993", "Running", "u"),
      sight("MODIFIED", "9007199254740992", "Pending", "u")
    )
    assert.strictEqual(podOf(cluster, "u")?.phase, "Running")
    assert.strictEqual(anomaliesOf(cluster), 1)
  })

  it("believes a server that went back in time, once it is told so", () => {
    const before = fold(sight("ADDED", "9", "Running", "u"), sight("DELETED", "10", "Running", "u"))
    const after = [
      { ...sight("ADDED", "7", "Pending", "u"), era: 1 },
      { ...sight("MODIFIED", "9", "Failed", "u"), era: 1 }
    ]
    const cluster = after.reduce(evolveCluster, before)
    assert.deepInclude(podOf(cluster, "u"), { phase: "Failed", present: true })
    assert.strictEqual(anomaliesOf(cluster), 0)
  })

  it("lets a deletion have the number of the version before it, and nothing come after", () => {
    const gone = fold(sight("ADDED", "5", "Running", "u"), sight("DELETED", "5", "Running", "u"))
    assert.isFalse(podOf(gone, "u")?.present)
    const after = [sight("MODIFIED", "6", "Running", "u"), sight("ADDED", "5", "Running", "u")].reduce(
      evolveCluster,
      gone
    )
    assert.isFalse(podOf(after, "u")?.present)
    assert.strictEqual(anomaliesOf(after), 1)
  })

  it("tells repeats by their content where nothing has a version, and lets a name live again where nothing has a uid", () => {
    const first = fold(sight("ADDED", undefined, "Running"))
    assert.strictEqual(evolveCluster(first, sight("MODIFIED", undefined, "Running")), first)
    const again = [sight("DELETED", undefined, "Running"), sight("ADDED", undefined, "Pending")].reduce(
      evolveCluster,
      first
    )
    assert.deepInclude(podOf(again, "d/p"), { phase: "Pending", present: true })
    assert.strictEqual(anomaliesOf(again), 0)
  })

  it("keeps objects of other kinds while they are there", () => {
    const object = { kind: "Node", apiVersion: "v1", metadata: { name: "n", uid: "n1", resourceVersion: "1" } }
    const there = fold({ _tag: "ObjectChanged", change: "ADDED", object })
    assert.deepStrictEqual([...HashMap.values(there.objects)], [object])
    const metadata = { ...object.metadata, resourceVersion: "2" }
    assert.strictEqual(
      HashMap.size(
        evolveCluster(there, { _tag: "ObjectChanged", change: "DELETED", object: { ...object, metadata } }).objects
      ),
      0
    )
  })

  it("takes facts of the simulator as they are, and what the API shows only from the API", () => {
    const cluster = fold(sight("ADDED", "1", "Running", "u"))
    const pod = { namespace: "d", name: "p", uid: "u" }
    assert.strictEqual(
      evolveCluster(cluster, { _tag: "PodFact", pod, event: { _tag: "PodSynced", sync: "SyncPod" } }),
      cluster
    )
    const twice = evolveCluster(cluster, { _tag: "PodFact", pod, event: { _tag: "PodPhaseChanged", phase: "Failed" } })
    assert.deepInclude(podOf(twice, "u"), { phase: "Running", anomalies: 1 })
  })

  it("has nothing to do with bookmarks, errors, gaps and warnings", () => {
    const cluster = fold(sight("ADDED", "1", "Running", "u"))
    const others: ReadonlyArray<ClusterEvent> = [
      { _tag: "RecordingStarted", header: {} },
      { _tag: "Gap", cause: "closed", detail: "" },
      { _tag: "Warned", message: "" },
      sight("BOOKMARK", "9", "Running", "u"),
      { _tag: "ObjectChanged", change: "ERROR", object: { kind: "Status", code: 410 } }
    ]
    assert.strictEqual(others.reduce(evolveCluster, cluster), cluster)
  })
})
