/** What a pod is, as users of Kubernetes are told it: one unit, one node, one network, one life. */
import type { ClusterEvent, KubernetesObject, PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { containerState, podManifest, podMessages, podMoments, simulate, when } from "../given.ts"

const apply = (manifest: object, at = "0s") => ({ at, apply: manifest })
const withSpec = (name: string, spec: object) => ({ ...podManifest(name, []), spec })
const container = (name: string, more: object = {}) => ({ name, image: "busybox:1", ...more })
const remove = (name: string, at: string) => ({ at, delete: { kind: "Pod", name } })
const node = (name: string, cpu = 2) => ({ name, cpu, memory: "4Gi", pods: 110, profile: "rig" })
const cpu = (request: string) => ({ resources: { requests: { cpu: request } } })
const last = (facts: ReadonlyArray<ClusterEvent>, name = "p"): PodObject => {
  const pod = podMoments(facts, name).at(-1)?.pod
  if (pod === undefined) throw new Error(`there was no pod ${name}`)
  return pod
}
const eventsOf = (facts: ReadonlyArray<ClusterEvent>): ReadonlyArray<KubernetesObject> =>
  facts.flatMap((fact) =>
    fact._tag === "ObjectChanged" && fact.object.kind === "Event" ? [fact.object as unknown as KubernetesObject] : []
  )
const isReady = ({ status }: PodObject) =>
  status.conditions?.some(({ status: value, type }) => type === "Ready" && value === "True") === true

describe("one unit", () => {
  const pair = (request: string) =>
    withSpec("p", { containers: [container("a", cpu(request)), container("b", cpu(request))] })

  it("S-001, S-002, S-359: its containers go to one node together, or nowhere", () => {
    const nodes = [node("n-1", 1), node("n-2", 1)]
    const apart = simulate({ nodes, steps: [apply(pair("600m"))], until: "20s" })
    expect(last(apart).spec.nodeName).toBeUndefined()
    expect(last(apart).status).toMatchObject({
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }]
    })
    expect(last(apart).status.conditions?.[0]?.message).toMatch(/^0\/2 nodes are available: 2 Insufficient cpu\./)
    const together = simulate({ nodes, steps: [apply(pair("400m"))], until: "20s" })
    const { nodeName } = last(together).spec
    expect(nodes.map(({ name }) => name)).toContain(nodeName)
    const hosts = eventsOf(together)
      .filter(({ reason }) => reason === "Started")
      .map(({ source }) => (source as { host?: string }).host)
    expect(hosts).toEqual([nodeName, nodeName])
  })

  it("S-413: the kubelet of its node runs it and reports on it, and no other one", () => {
    const facts = simulate({
      nodes: [node("n-1"), node("n-2")],
      steps: [
        apply(withSpec("p", { nodeName: "n-1", containers: [container("main")] })),
        apply(withSpec("q", { nodeName: "n-2", containers: [container("main")] }))
      ],
      until: "20s"
    })
    const byPod = new Map<string, Set<unknown>>()
    for (const { involvedObject, source } of eventsOf(facts)) {
      const { kind, name } = involvedObject as { kind: string; name: string }
      if (kind === "Pod") byPod.set(name, (byPod.get(name) ?? new Set()).add((source as { host?: string }).host))
    }
    expect([byPod.get("p"), byPod.get("q")]).toEqual([new Set(["n-1"]), new Set(["n-2"])])
    expect(last(facts).status.hostIP).not.toBe(last(facts, "q").status.hostIP)
  })

  it("S-414: its containers are those of the CRI runtime", () => {
    const facts = simulate({ steps: [apply(podManifest("p", ["main"]))], until: "9s" })
    expect(last(facts).status.containerStatuses?.[0]?.containerID).toMatch(/^containerd:\/\/[0-9a-f]{64}$/)
  })

  it("S-022: it says where it wants to run, how its images come, and what is done when it fails", () => {
    const required = {
      nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n-2"] }] }]
    }
    const facts = simulate({
      nodes: [node("n-1"), node("n-2")],
      images: [{ image: "*", pull: "1s" }],
      runs: { main: [{ exitAfter: "2s", exitCode: 1 }] },
      steps: [
        apply(
          withSpec("p", {
            affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
            restartPolicy: "Never",
            containers: [container("main", { imagePullPolicy: "Always" })]
          })
        )
      ],
      until: "20s"
    })
    expect(last(facts)).toMatchObject({ spec: { nodeName: "n-2" }, status: { phase: "Failed" } })
    expect(podMessages(facts)).toContainEqual(expect.stringMatching(/^Pulling x1: /))
  })
})

describe("one life", () => {
  const never = podManifest("p", ["main"], { restartPolicy: "Never" })

  it("S-004: one that has ended is not started again: as long as it is there, another of its name is refused", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "2s" }] },
      steps: [apply(never), apply(never, "30s")],
      until: "90s"
    })
    expect(last(facts).status.phase).toBe("Succeeded")
    expect(podMoments(facts).filter(({ seconds }) => seconds > 29)).toEqual([])
  })

  it("S-003, S-005: deleted and created again it is another pod: another UID, younger, never restarted, on a node of its own", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "2s", exitCode: 1 }, {}] },
      steps: [apply(podManifest("p", ["main"])), remove("p", "60s"), apply(podManifest("p", ["main"]), "100s")],
      until: "101500ms"
    })
    const moments = podMoments(facts)
    const [before, after] = [
      when(moments, ({ status }) => status.containerStatuses?.[0]?.restartCount === 1).pod,
      last(facts)
    ]
    expect(after.metadata.uid).not.toBe(before.metadata.uid)
    expect(after.metadata.creationTimestamp).toBe("2026-01-01T00:01:40Z")
    for (const { pod } of moments.filter(({ pod: one }) => one.metadata.uid === after.metadata.uid))
      expect(pod.status.containerStatuses?.[0]?.restartCount ?? 0).toBe(0)
    for (const { uid } of [before.metadata, after.metadata]) {
      const nodes = moments.filter(({ pod }) => pod.metadata.uid === uid).flatMap(({ pod }) => pod.spec.nodeName ?? [])
      expect(new Set(nodes).size).toBe(1)
    }
  })

  it("S-006, S-426: deleted it is gone with its processes, and nobody brings it back", () => {
    const facts = simulate({
      steps: [apply(podManifest("p", ["main"], { terminationGracePeriodSeconds: 1 })), remove("p", "20s")],
      until: "600s"
    })
    const gone = podMoments(facts).at(-1)
    expect(gone?.change).toBe("DELETED")
    expect(gone?.seconds).toBeLessThan(30)
    expect(gone?.pod === undefined ? "" : containerState(gone.pod)).toBe("terminated")
  })

  it("S-003: one whose node is lost stays with it, whatever other nodes there are", () => {
    const facts = simulate({
      nodes: [node("n-1"), node("n-2")],
      steps: [
        apply(withSpec("p", { nodeName: "n-1", containers: [container("main")] })),
        { at: "20s", node: { name: "n-1", power: "off" } },
        { at: "200s", node: { name: "n-1", power: "on" } }
      ],
      until: "300s"
    })
    expect(new Set(podMoments(facts).map(({ pod }) => pod.spec.nodeName))).toEqual(new Set(["n-1"]))
    expect(last(facts).status.containerStatuses?.[0]?.restartCount).toBe(1)
    expect(containerState(last(facts))).toBe("running")
  })

  it("S-423: another description of it changes what runs: another image replaces the container, not the pod", () => {
    const image = { spec: { containers: [{ name: "main", image: "busybox:2" }] } }
    const facts = simulate({
      steps: [
        apply(podManifest("p", ["main"], { terminationGracePeriodSeconds: 1 })),
        { at: "20s", patch: { kind: "Pod", name: "p", patch: image } }
      ],
      until: "60s"
    })
    expect(podMoments(facts).filter(({ change }) => change === "ADDED")).toHaveLength(1)
    expect(last(facts)).toMatchObject({ metadata: { generation: 2 }, status: { observedGeneration: 2 } })
    expect(last(facts).status.containerStatuses?.[0]).toMatchObject({
      image: "docker.io/library/busybox:2",
      restartCount: 1,
      state: { running: {} }
    })
  })

  it("S-422: what it says is kept true: a process that somebody kills is replaced", () => {
    const facts = simulate({
      steps: [apply(podManifest("p", ["main"])), { at: "20s", kill: { pod: "p", container: "main", signal: 9 } }],
      until: "60s"
    })
    expect(last(facts).status.containerStatuses?.[0]).toMatchObject({ restartCount: 1, state: { running: {} } })
    expect(isReady(last(facts))).toBe(true)
  })
})

describe("one network", () => {
  const serving = { http: [{ port: 8080, path: "/", status: 200 }] }
  const probe = (port: number | string) => ({ httpGet: { port, path: "/" }, periodSeconds: 1 })
  const readyWith = (a: object, b: object) =>
    podMoments(
      simulate({
        runs: { b: [serving] },
        steps: [apply(withSpec("p", { containers: [container("a", a), container("b", b)] }))],
        until: "20s"
      })
    ).some(({ pod }) => isReady(pod))

  it("S-007: what one container listens on is the pod's: the probe of another one finds it", () => {
    expect(readyWith({ readinessProbe: probe(8080) }, {})).toBe(true)
    expect(readyWith({ readinessProbe: probe(8081) }, {})).toBe(false)
  })

  it("S-012: ports in the spec neither open nor close anything", () => {
    const declares = (containerPort: number) => ({ ports: [{ containerPort }] })
    expect(readyWith({}, { ...declares(9999), readinessProbe: probe(8080) })).toBe(true)
    expect(readyWith({}, { ...declares(9999), readinessProbe: probe(9999) })).toBe(false)
  })

  it("S-013: a probe may name a port of its container; a name that nobody has fails it", () => {
    const named = { ports: [{ name: "web", containerPort: 8080 }] }
    expect(readyWith({}, { ...named, readinessProbe: probe("web") })).toBe(true)
    expect(readyWith({}, { ...named, readinessProbe: probe("other") })).toBe(false)
  })

  it("S-009: every pod has an address of its own from its node's range, and keeps it", () => {
    const names = ["p", "q", "r"]
    const facts = simulate({ steps: names.map((name) => apply(podManifest(name, ["main"]))), until: "20s" })
    const addresses = names.map((name) => podMoments(facts, name).flatMap(({ pod }) => pod.status.podIP ?? []))
    for (const one of addresses) expect(new Set(one).size).toBe(1)
    expect(new Set(addresses.flat()).size).toBe(3)
    for (const name of names) {
      const { hostIP, podIP, podIPs } = last(facts, name).status
      expect(podIPs).toEqual([{ ip: podIP }])
      expect(podIP).not.toBe(hostIP)
    }
  })

  it("S-023: its status has addresses, start, class, phase, conditions and every container's state", () => {
    const facts = simulate({
      runs: { i: [{ exitAfter: "1s" }] },
      steps: [apply(withSpec("p", { initContainers: [container("i")], containers: [container("a"), container("b")] }))],
      until: "20s"
    })
    const { status } = last(facts)
    expect(status).toMatchObject({
      phase: "Running",
      qosClass: "BestEffort",
      observedGeneration: 1,
      startTime: expect.stringMatching(/^2026-01-01T00:00:0\dZ$/),
      hostIP: expect.any(String),
      hostIPs: [{ ip: status.hostIP }],
      podIP: expect.any(String),
      podIPs: [{ ip: status.podIP }]
    })
    expect(status.conditions).toHaveLength(5)
    const states = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
    expect(states.map(({ name, state }) => `${name} ${Object.keys(state ?? {})}`)).toEqual([
      "i terminated",
      "a running",
      "b running"
    ])
  })
})
