/** Pods with claims, on nodes that have what the claims' volumes are. */
import { describe, expect, it } from "vitest"
import { containerState, podManifest, podMessages, podMoments, simulate, when } from "../given.ts"

const told = (facts: ReturnType<typeof simulate>) => podMessages(facts).map((message) => message.replace(/ x\d+:/, ":"))
const claim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "c" },
  spec: { accessModes: ["ReadWriteOnce"], storageClassName: "", resources: { requests: { storage: "1Gi" } } }
}
const volume = (source: object) => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: "v" },
  spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, ...source }
})
const pod = (
  spec: object = {},
  container: object = { volumeMounts: [{ name: "d", mountPath: "/d" }] },
  name = "p"
) => ({
  ...podManifest(name, [], { volumes: [{ name: "d", persistentVolumeClaim: { claimName: "c" } }], ...spec }),
  spec: {
    volumes: [{ name: "d", persistentVolumeClaim: { claimName: "c" } }],
    ...spec,
    containers: [{ name: "main", image: "busybox:1", ...container }]
  }
})
const on = (node: string) => ({
  required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "disk", operator: "In", values: [node] }] }] }
})
const given = (source: object, manifest: object, until = "10s") => ({
  steps: [
    { at: "0s", apply: volume(source) },
    { at: "0s", apply: claim },
    { at: "0s", apply: manifest }
  ],
  nodes: [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "rig", labels: { disk: "one" } }],
  until
})

describe("a history", () => {
  const claims = (facts: ReturnType<typeof simulate>) =>
    facts.flatMap((fact) =>
      fact._tag === "ObjectChanged" && fact.object.kind === "PersistentVolumeClaim"
        ? [`${fact.change} ${(fact.object as unknown as { readonly status: { readonly phase: string } }).status.phase}`]
        : []
    )

  it("shows the claims where somebody claims storage, and no volumes", () => {
    const facts = simulate(given({ hostPath: { path: "/data" } }, pod()))
    expect(claims(facts)).toEqual(["ADDED Pending", "MODIFIED Pending", "MODIFIED Bound"])
    const kinds = facts.flatMap((fact) => (fact._tag === "ObjectChanged" ? [fact.object.kind] : []))
    expect(kinds).not.toContain("PersistentVolume")
  })
})

describe("a pod with a claim", () => {
  it("S-338: waits until its claim is bound, and has what the volume is", () => {
    const { steps, ...rest } = given({ hostPath: { path: "/data" } }, pod(), "40s")
    const [volumeStep, ...others] = steps
    const facts = simulate({ ...rest, steps: [...others, { ...volumeStep, at: "5s" }] })
    expect(told(facts)).toContain(
      "FailedScheduling: 0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"
    )
    expect(when(podMoments(facts), (one) => containerState(one) === "running").seconds).toBeLessThan(20)
  })

  it("S-342: another pod of the claim has the same volume, with what is on it", () => {
    // A directory that the kubelet makes for the first pod is there for a second one that makes none.
    const first = { hostPath: { path: "/data", type: "DirectoryOrCreate" } }
    const second = pod({ volumes: [{ name: "d", hostPath: { path: "/data", type: "Directory" } }] }, undefined, "q")
    const facts = simulate({
      ...given(first, pod(), "60s"),
      steps: [
        ...given(first, pod()).steps,
        { at: "30s", delete: { kind: "Pod", name: "p", gracePeriodSeconds: 0 } },
        { at: "40s", apply: second }
      ]
    })
    expect(podMessages(facts).filter((message) => message.startsWith("FailedMount"))).toEqual([])
    expect(when(podMoments(facts, "q"), (one) => containerState(one) === "running").seconds).toBeLessThan(50)
  })

  it.each([
    [
      { hostPath: { path: "/data", type: "Directory" } },
      'FailedMount: MountVolume.SetUp failed for volume "v" : hostPath type check failed: /data is not a directory'
    ],
    [
      { local: { path: "/disks/1" }, nodeAffinity: on("one") },
      'FailedMount: MountVolume.NewMounter initialization failed for volume "v" : path "/disks/1" does not exist'
    ]
  ])("S-330: what is not there cannot be mounted: %j", (source, message) => {
    const facts = simulate(given(source, pod(), "30s"))
    expect(told(facts)).toContain(message)
  })

  it("K-330: a device is no file system", () => {
    const facts = simulate({
      ...given({ hostPath: { path: "/data" }, volumeMode: "Block" }, pod({ nodeName: "n-1" }), "30s"),
      steps: [
        { at: "0s", apply: volume({ hostPath: { path: "/data" }, volumeMode: "Block" }) },
        { at: "0s", apply: { ...claim, spec: { ...claim.spec, volumeMode: "Block" } } },
        { at: "20s", apply: pod({ nodeName: "n-1" }) }
      ]
    })
    expect(told(facts)).toContain(
      "FailedMount: Unable to attach or mount volumes: unmounted volumes=[d], unattached volumes=[], failed to process volumes=[d]: volume d has volumeMode Block, but is specified in volumeMounts"
    )
  })

  it("goes to no node from which the volume cannot be reached, and is not mounted there either", () => {
    const source = { hostPath: { path: "/data" }, nodeAffinity: on("two") }
    const facts = simulate(given(source, pod(), "40s"))
    const scheduled = podMoments(facts)
      .at(-1)
      ?.pod.status.conditions?.find(({ type }) => type === "PodScheduled")
    expect(scheduled?.message).toContain("1 node(s) didn't match PersistentVolume's node affinity")
    const forced = simulate({
      ...given(source, pod(), "40s"),
      steps: [...given(source, pod()).steps.slice(0, 2), { at: "20s", apply: pod({ nodeName: "n-1" }) }]
    })
    expect(told(forced)).toContain(
      'FailedMount: MountVolume.NodeAffinity check failed for volume "v" : no matching NodeSelectorTerms'
    )
  })
})

describe("WaitForFirstConsumer", () => {
  const storageClass = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "local" },
    provisioner: "kubernetes.io/no-provisioner",
    volumeBindingMode: "WaitForFirstConsumer"
  }
  const waiting = { ...claim, spec: { ...claim.spec, storageClassName: "local" } }
  const local = { hostPath: { path: "/data" }, storageClassName: "local", nodeAffinity: on("two") }
  const nodes = ["one", "two"].map((disk, i) => ({
    ...{ name: `n-${i + 1}`, cpu: 2, memory: "4Gi", pods: 110, profile: "rig" },
    labels: { disk }
  }))
  const steps = [storageClass, volume(local), waiting].map((manifest) => ({ at: "0s", apply: manifest }))

  it("C-252: the pod goes where its volume is, says so while that is bound, and is bound a second later", () => {
    const facts = simulate({ nodes, steps: [...steps, { at: "20s", apply: pod() }], until: "30s" })
    expect(told(facts)[0]).toBe("WaitForFirstConsumer: waiting for first consumer to be created before binding")
    const nominated = when(podMoments(facts), (one) => one.status["nominatedNodeName"] === "n-2")
    const bound = when(podMoments(facts), (one) => one.spec.nodeName === "n-2")
    expect(nominated.seconds).toBeLessThan(20.5)
    expect(bound.seconds - nominated.seconds).toBeGreaterThan(0.9)
    expect(bound.seconds - nominated.seconds).toBeLessThan(2)
    expect(bound.pod.status["nominatedNodeName"]).toBeUndefined()
    expect(when(podMoments(facts), (one) => containerState(one) === "running").seconds).toBeLessThan(30)
  })

  it("where there is no volume to be had the pod waits, and is tried again when there is one", () => {
    const without = [storageClass, waiting].map((manifest) => ({ at: "0s", apply: manifest }))
    const facts = simulate({
      nodes,
      steps: [...without, { at: "1s", apply: pod() }, { at: "10s", apply: volume(local) }],
      until: "30s"
    })
    expect(told(facts)).toContainEqual(
      expect.stringContaining("2 node(s) didn't find available persistent volumes to bind")
    )
    expect(when(podMoments(facts), (one) => one.spec.nodeName === "n-2").seconds).toBeLessThan(20)
  })

  it("two pods do not get one volume", () => {
    const second = { ...waiting, metadata: { name: "e" } }
    const other = pod({ volumes: [{ name: "d", persistentVolumeClaim: { claimName: "e" } }] }, undefined, "q")
    const facts = simulate({
      nodes,
      steps: [...steps, { at: "0s", apply: second }, { at: "1s", apply: pod() }, { at: "1s", apply: other }],
      until: "30s"
    })
    const placed = ["p", "q"].filter((name) => podMoments(facts, name).at(-1)?.pod.spec.nodeName === "n-2")
    expect(placed.length).toBe(1)
  })
})
