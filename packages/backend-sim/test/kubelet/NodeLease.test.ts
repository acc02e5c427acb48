/** The Lease with which a simulated kubelet says that it is alive. */
import { type Instant, type Intention, type KubernetesObject, later, parseInstant, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Store } from "../../src/apiserver/Store.ts"
import { Cluster } from "../../src/Cluster.ts"
import { Engine } from "../../src/engine/Engine.ts"
import { stream } from "../../src/engine/Random.ts"
import { NodeLease } from "../../src/kubelet/NodeLease.ts"
import { scenario, simulate } from "../given.ts"

const made = scenario({ steps: [], until: "600s" })
const at = (seconds: number): Instant => later(made.start, seconds * SECOND)

/** A patch that changes nothing answers with the object. */
const look: Intention = {
  _tag: "Patch",
  kind: "Lease",
  namespace: "kube-node-lease",
  name: "n-1",
  subresource: undefined,
  type: "merge",
  patch: {}
}
const leaseOf = (cluster: Cluster): KubernetesObject => cluster.submit(look)?.[0]?.body as unknown as KubernetesObject
const renewTime = (lease: KubernetesObject): string => String((lease.spec as { renewTime?: string }).renewTime)
const renewedAt = (cluster: Cluster): number =>
  ((parseInstant(renewTime(leaseOf(cluster))) ?? Number.NaN) - made.start) / SECOND
const step = (what: object): Intention => {
  const [intention] = scenario({ steps: [{ at: "0s", node: { name: "n-1", ...what } }], until: "1s" }).steps
  if (intention === undefined) throw new Error("there is one")
  return intention.intention
}

/** The cluster after some things were done to its node, at some seconds. */
const clusterAfter = (
  done: ReadonlyArray<readonly [seconds: number, what: object]>,
  until: number,
  seed = 0
): Cluster => {
  const cluster = new Cluster(made, { seed })
  for (const [seconds, what] of done) {
    cluster.run(at(seconds), Number.POSITIVE_INFINITY)
    cluster.submit(step(what))
  }
  cluster.run(at(until), Number.POSITIVE_INFINITY)
  return cluster
}

describe("a node's lease", () => {
  it("C-320: lies in kube-node-lease, lasts 40 s and goes with its Node", () => {
    const cluster = clusterAfter([], 0)
    const lease = leaseOf(cluster)
    const node = cluster
      .takeFacts()
      .flatMap((fact) => (fact._tag === "ObjectChanged" && fact.object.kind === "Node" ? [fact.object] : []))[0]
    expect(lease).toMatchObject({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name: "n-1",
        namespace: "kube-node-lease",
        ownerReferences: [
          { apiVersion: "v1", kind: "Node", name: "n-1", uid: (node as unknown as KubernetesObject).metadata.uid }
        ]
      },
      spec: { holderIdentity: "n-1", leaseDurationSeconds: 40, renewTime: "2025-12-31T23:59:59.000000Z" }
    })
  })

  it("C-320: is renewed every ten seconds and up to 0.4 s more, whenever somebody looks", () => {
    const moments = [...new Set(Array.from({ length: 600 }, (_, second) => renewedAt(clusterAfter([], second))))]
    const gaps = moments.slice(2).map((moment, index) => moment - (moments[index + 1] ?? 0))
    expect(gaps.length).toBeGreaterThan(55)
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(10)
      expect(gap).toBeLessThan(10.4)
    }
    expect(moments[1]).toBeLessThan(10)
  })

  it("looking changes nothing but the object's own version", () => {
    const often = new Cluster(made)
    const versions = new Set<string>()
    for (let second = 0; second <= 300; second++) {
      often.run(at(second), Number.POSITIVE_INFINITY)
      versions.add(leaseOf(often).metadata.resourceVersion ?? "")
    }
    expect(renewTime(leaseOf(often))).toBe(renewTime(leaseOf(clusterAfter([], 300))))
    expect(versions.size).toBeGreaterThan(25)
    expect(versions.size).toBeLessThan(33)
  })

  it.each([[{ kubelet: "stop" }], [{ power: "off" }], [{ power: "shutdown" }], [{ network: "cut" }]])(
    "C-320: keeps its last renewal once there is nobody who renews it: %j",
    (what) => {
      const last = renewedAt(clusterAfter([], 100))
      expect(100 - last).toBeLessThan(10.4)
      expect(renewedAt(clusterAfter([[100, what]], 400))).toBe(last)
    }
  )

  it("C-320: is renewed at once by a kubelet that starts", () => {
    const done = [
      [100, { kubelet: "stop" }],
      [200, { kubelet: "start" }]
    ] as const
    const first = renewedAt(clusterAfter(done, 201))
    expect(first).toBeGreaterThan(200.2)
    expect(first).toBeLessThan(200.3)
    const second = renewedAt(clusterAfter(done, 212))
    expect(second - first).toBeGreaterThanOrEqual(10)
    expect(second - first).toBeLessThan(10.4)
  })

  it("C-320: goes on as before if the network is back before its next renewal is due", () => {
    const last = renewedAt(clusterAfter([], 100))
    const done = [
      [last + 1, { network: "cut" }],
      [last + 2, { network: "heal" }]
    ] as const
    for (const seconds of [100, 160])
      expect(renewedAt(clusterAfter(done, seconds))).toBe(renewedAt(clusterAfter([], seconds)))
  })

  it("C-320: is renewed a few seconds after the network is back: the kubelet waits up to seven seconds between attempts", () => {
    for (const seed of [0, 1, 2]) {
      const done = [
        [100, { network: "cut" }],
        [200, { network: "heal" }]
      ] as const
      const renewed = renewedAt(clusterAfter(done, 208, seed))
      expect(renewed).toBeGreaterThanOrEqual(200)
      expect(renewed).toBeLessThan(207)
    }
  })

  it("no recorder sees it", () => {
    const facts = simulate({ steps: [{ at: "20s", node: { name: "n-1", kubelet: "restart" } }], until: "60s" })
    expect(JSON.stringify(facts)).not.toContain("Lease")
  })
})

it("renewals that nobody looks at cost nothing: nothing waits, and a month of them is written as one", () => {
  const engine = new Engine(made.start)
  const store = new Store(1_000)
  const changes: Array<string> = []
  store.watch((change, { kind }) => changes.push(`${change} ${kind}`))
  store.create({ kind: "Node", apiVersion: "v1", metadata: { name: "n-1", uid: "u" } })
  const random = stream(0, "lease")
  const lease = new NodeLease({ engine, entity: "lease", random, store, name: "n-1", reachable: () => true }, true)
  engine.runUntil(at(30 * 24 * 3_600))
  expect(engine.pending).toBe(0)
  lease.stop()
  expect(changes).toEqual(["ADDED Node", "ADDED Lease", "MODIFIED Lease"])
})
