/** Volumes that drivers make and attach: who may have them, where, and what becomes of them when nodes fail. */
import type { JsonObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { containerState, podManifest, podMessages, podMoments, simulate, when } from "../../given.ts"
import { eventMoments, objectMoments } from "../clusterObjects.ts"

const DRIVER = "pd.csi.storage.gke.io"
const storage = [{ driver: DRIVER, provision: "1s", attach: "2s", detach: "2s" }]
const nodes = ["n-1", "n-2"].map((name) => ({ name, cpu: 2, memory: "4Gi", pods: 110, profile: "rig" }))
const storageClass = (more: object = {}) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "disk" },
  provisioner: DRIVER,
  ...more
})
const claim = (mode = "ReadWriteOnce") => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "c" },
  spec: { accessModes: [mode], storageClassName: "disk", resources: { requests: { storage: "1Gi" } } }
})
const pod = (name: string, nodeName?: string, volume: object = { persistentVolumeClaim: { claimName: "c" } }) => {
  const manifest = podManifest(name, ["main"], {
    terminationGracePeriodSeconds: 1,
    volumes: [{ name: "d", ...volume }]
  })
  const containers = manifest.spec.containers.map((one) => ({ ...one, volumeMounts: [{ name: "d", mountPath: "/d" }] }))
  const affinity = nodeName === undefined ? {} : { nodeSelector: { "kubernetes.io/hostname": nodeName } }
  return { ...manifest, spec: { ...manifest.spec, ...affinity, containers } }
}
const at = (seconds: number, manifest: object) => ({ at: `${seconds}s`, apply: manifest })
const first = [at(0, storageClass()), at(0, claim())]
const told = (facts: ReturnType<typeof simulate>) =>
  podMessages(facts).map((message) => message.replace(/ x\d+:/, ":").replace(/pvc-[0-9a-f-]{36}/g, "pvc-X"))
const runs = (facts: ReturnType<typeof simulate>, name: string) =>
  podMoments(facts, name).find(({ pod: one }) => containerState(one) === "running")?.seconds
const attachedTo = (facts: ReturnType<typeof simulate>, node: string) =>
  objectMoments(facts, "Node", node).map(({ object, seconds }) => {
    const status = object["status"] as JsonObject
    const names = ((status["volumesAttached"] ?? []) as ReadonlyArray<JsonObject>).map((one) => one["name"])
    return { seconds, attached: names, inUse: (status["volumesInUse"] ?? []) as ReadonlyArray<string> }
  })

describe("a claim of a class", () => {
  const facts = simulate({ storage, nodes, steps: [...first, at(0, pod("p", "n-1"))], until: "60s" })

  it("S-339: gets a volume that a driver makes, which is attached before the pod starts", () => {
    const messages = told(facts)
    for (const message of [
      'Provisioning: External provisioner is provisioning volume for claim "test/c"',
      "ProvisioningSucceeded: Successfully provisioned volume pvc-X",
      'SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume "pvc-X" '
    ])
      expect(messages).toContain(message)
    expect(messages.some((message) => message.startsWith("ExternalProvisioning: Waiting for a volume"))).toBe(true)
    const [attached] = eventMoments(facts, "SuccessfulAttachVolume")
    expect(attached?.about["name"]).toBe("p")
    expect(attached?.object["source"]).toEqual({ component: "attachdetach-controller" })
    expect(runs(facts, "p") ?? 0).toBeGreaterThan(attached?.seconds ?? 0)
  })

  it("S-306: the node says that it will use the volume, and the controller that it is there", () => {
    const shown = attachedTo(facts, "n-1")
    const inUse = shown.find((one) => one.inUse.length === 1)
    const there = shown.find((one) => one.attached.length === 1)
    expect(there?.attached[0]).toMatch(/^kubernetes\.io\/csi\/pd\.csi\.storage\.gke\.io\^pvc-/)
    expect(inUse?.inUse).toEqual(there?.attached)
  })

  it("is destroyed with its claim, once no node has it", () => {
    const gone = simulate({
      storage,
      nodes,
      steps: [
        ...first,
        at(0, pod("p", "n-1")),
        { at: "60s", delete: { kind: "Pod", name: "p" } },
        { at: "61s", delete: { kind: "PersistentVolumeClaim", name: "c" } }
      ],
      until: "150s"
    })
    expect(attachedTo(gone, "n-1").at(-1)).toMatchObject({ attached: [], inUse: [] })
    // The driver had to wait for the node first.
    const [early] = eventMoments(gone, "VolumeFailedDelete")
    expect(early?.message).toMatch(/^persistentvolume pvc-[0-9a-f-]{36} is still attached to node n-1$/)
  })
})

describe("a volume for one node", () => {
  it("S-304, S-306: may be used by all pods of that node", () => {
    const facts = simulate({
      ...{ storage, nodes, until: "60s" },
      steps: [...first, at(0, pod("p", "n-1")), at(0, pod("q", "n-1"))]
    })
    expect(runs(facts, "p")).toBeDefined()
    expect(runs(facts, "q")).toBeDefined()
  })

  it("S-305, S-341: is not attached to a second one until the first has let it go", () => {
    const facts = simulate({
      ...{ storage, nodes, until: "180s" },
      steps: [
        ...first,
        at(0, pod("p", "n-1")),
        at(60, pod("q", "n-2")),
        { at: "90s", delete: { kind: "Pod", name: "p" } }
      ]
    })
    const [error] = eventMoments(facts, "FailedAttachVolume")
    expect(error?.message.replace(/pvc-[0-9a-f-]{36}/, "pvc-X")).toBe(
      'Multi-Attach error for volume "pvc-X" Volume is already used by pod(s) p'
    )
    expect(error?.seconds ?? 0).toBeLessThan(62)
    expect(runs(facts, "q") ?? 0).toBeGreaterThan(90)
    expect(attachedTo(facts, "n-1").at(-1)?.attached).toEqual([])
    expect(attachedTo(facts, "n-2").at(-1)?.attached).toHaveLength(1)
  })

  it("S-342: comes to another node with the pod that is made anew there", () => {
    const facts = simulate({
      ...{ storage, nodes, until: "150s" },
      steps: [
        ...first,
        at(0, pod("p", "n-1")),
        { at: "60s", delete: { kind: "Pod", name: "p" } },
        at(70, pod("q", "n-2"))
      ]
    })
    const names = [...attachedTo(facts, "n-1"), ...attachedTo(facts, "n-2")].flatMap(({ attached }) => attached)
    expect(new Set(names).size).toBe(1)
    expect(runs(facts, "q")).toBeDefined()
  })

  it.each([
    ["after six minutes by force", [], 360, 480],
    [
      "at once where the node is said to be out of service",
      [
        {
          at: "120s",
          patch: {
            kind: "Node",
            name: "n-1",
            type: "strategic",
            patch: { spec: { taints: [{ key: "node.kubernetes.io/out-of-service", effect: "NoExecute" }] } }
          }
        }
      ],
      0,
      60
    ]
  ])("S-306: of a node without power is detached %s", (_, more, least, most) => {
    const facts = simulate({
      ...{ storage, nodes, until: "700s" },
      steps: [
        ...first,
        at(0, pod("p", "n-1")),
        { at: "60s", node: { name: "n-1", power: "off" } },
        { at: "120s", delete: { kind: "Pod", name: "p", gracePeriodSeconds: 0 } },
        at(121, pod("q", "n-2")),
        ...more
      ]
    })
    const [error] = eventMoments(facts, "FailedAttachVolume")
    expect(error?.message ?? "").toContain(
      more.length > 0 ? "" : "Volume is already exclusively attached to one node and can't be attached to another"
    )
    const attached = eventMoments(facts, "SuccessfulAttachVolume").find(({ about }) => about["name"] === "q")
    expect((attached?.seconds ?? 0) - 120).toBeGreaterThan(least)
    expect((attached?.seconds ?? 0) - 120).toBeLessThan(most)
  })
})

it("S-305: a volume that many may write is attached to several nodes", () => {
  const facts = simulate({
    ...{ storage, nodes, until: "60s" },
    steps: [at(0, storageClass()), at(0, claim("ReadWriteMany")), at(0, pod("p", "n-1")), at(0, pod("q", "n-2"))]
  })
  expect(eventMoments(facts, "FailedAttachVolume")).toEqual([])
  expect([runs(facts, "p"), runs(facts, "q")].every((one) => one !== undefined)).toBe(true)
})

describe("a disk that a pod names itself", () => {
  const disk = (readOnly: boolean) => ({ gcePersistentDisk: { pdName: "mongodb", fsType: "ext4", readOnly } })

  it("S-331, S-341: is attached by its driver, to one node at a time", () => {
    const facts = simulate({
      ...{ storage, nodes, until: "60s" },
      steps: [at(0, pod("p", "n-1", disk(false))), at(30, pod("q", "n-2", disk(false)))]
    })
    expect(told(facts)).toContain(
      `SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume "${DRIVER}-mongodb" `
    )
    expect(told(facts)).toContain(
      `FailedAttachVolume: Multi-Attach error for volume "${DRIVER}-mongodb" Volume is already used by pod(s) p`
    )
    expect([runs(facts, "p") !== undefined, runs(facts, "q")]).toEqual([true, undefined])
  })

  it("S-343: is on several nodes when all of them only read it", () => {
    const facts = simulate({
      ...{ storage, nodes, until: "60s" },
      steps: [at(0, pod("p", "n-1", disk(true))), at(0, pod("q", "n-2", disk(true)))]
    })
    expect([runs(facts, "p"), runs(facts, "q")].every((one) => one !== undefined)).toBe(true)
  })

  it.each([
    ["S-332", "ebs.csi.aws.com", { awsElasticBlockStore: { volumeID: "vol-1" } }, "vol-1"],
    [
      "S-333",
      "disk.csi.azure.com",
      { azureDisk: { diskName: "d", diskURI: "/subscriptions/x", kind: "Managed", cachingMode: "None" } },
      "d"
    ]
  ])("%s: %s attaches", (_, driver, volume, name) => {
    const facts = simulate({
      ...{ storage: [{ driver }], nodes, until: "60s" },
      steps: [at(0, pod("p", "n-1", volume))]
    })
    expect(told(facts)).toContain(
      `SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume "${driver}-${name}" `
    )
    expect(runs(facts, "p")).toBeDefined()
  })

  it("S-333: a share is mounted without being attached", () => {
    const driver = "file.csi.azure.com"
    const facts = simulate({
      ...{ storage: [{ driver, attachRequired: false }], nodes, until: "20s" },
      steps: [at(0, pod("p", "n-1", { azureFile: { secretName: "s", shareName: "f" } }))]
    })
    expect(runs(facts, "p")).toBeDefined()
    expect(eventMoments(facts, "SuccessfulAttachVolume")).toEqual([])
  })

  it("S-331: without its driver nobody attaches it: that is told after two minutes, and the pod waits", () => {
    const facts = simulate({
      ...{ nodes, until: "200s" },
      steps: [at(0, pod("p", "n-1", disk(false)))]
    })
    const [error] = eventMoments(facts, "FailedAttachVolume")
    expect(error?.message).toBe(
      `AttachVolume.Attach failed for volume "${DRIVER}-mongodb" : timed out waiting for external-attacher of ${DRIVER} CSI driver to attach volume projects/UNSPECIFIED/zones/UNSPECIFIED/disks/mongodb`
    )
    expect(error?.seconds ?? 0).toBeGreaterThan(120)
    expect(runs(facts, "p")).toBeUndefined()
  })
})

describe("a driver that fails", () => {
  it("S-341: what it says of attaching is told, again and again", () => {
    const attachError =
      "rpc error: code = Internal desc = Attach failed: googleapi: Error 400: RESOURCE_IN_USE_BY_ANOTHER_RESOURCE"
    const facts = simulate({
      ...{ storage: [{ driver: DRIVER, attachError }], nodes, until: "90s" },
      steps: [...first, at(0, pod("p", "n-1"))]
    })
    expect(told(facts)).toContain(`FailedAttachVolume: AttachVolume.Attach failed for volume "pvc-X" : ${attachError}`)
    expect(runs(facts, "p")).toBeUndefined()
  })

  it("what it says of making a volume is told, and the pod waits", () => {
    const provisionError = "rpc error: code = ResourceExhausted desc = no room"
    const facts = simulate({
      ...{ storage: [{ driver: DRIVER, provisionError }], nodes, until: "30s" },
      steps: [...first, at(0, pod("p"))]
    })
    expect(told(facts)).toContain(
      `ProvisioningFailed: failed to provision volume with StorageClass "disk": ${provisionError}`
    )
    expect(podMoments(facts, "p").at(-1)?.pod.spec.nodeName).toBeUndefined()
  })
})

it("S-331: where a volume is made for a pod it stays in that zone", () => {
  const zone = "topology.kubernetes.io/zone"
  const zonal = nodes.map((node, i) => ({ ...node, labels: { [zone]: `z-${i + 1}` } }))
  const facts = simulate({
    ...{ storage: [{ driver: DRIVER, topologyKeys: [zone] }], nodes: zonal, until: "120s" },
    steps: [
      at(0, storageClass({ volumeBindingMode: "WaitForFirstConsumer" })),
      at(0, claim()),
      at(5, pod("p", "n-2")),
      { at: "60s", delete: { kind: "Pod", name: "p" } },
      at(80, pod("q", "n-1"))
    ]
  })
  expect(when(podMoments(facts, "p"), (one) => containerState(one) === "running").seconds).toBeLessThan(60)
  const last = podMoments(facts, "q")
    .at(-1)
    ?.pod.status.conditions?.find(({ type }) => type === "PodScheduled")
  expect(last?.message).toContain("1 node(s) didn't match PersistentVolume's node affinity")
})

it("nothing of it goes on when nothing can come of it", () => {
  const facts = simulate({ storage, nodes, steps: [...first, at(0, pod("p", "n-1"))], until: "59m" })
  const late = objectMoments(facts, "Event").flatMap(({ object, seconds }) =>
    seconds < 60 || object["reason"] === "FailedScheduling" ? [] : [String(object["reason"])]
  )
  expect(late).toEqual([])
  const shown = attachedTo(facts, "n-1").filter(({ seconds }) => seconds > 30)
  expect(new Set(shown.map(({ attached, inUse }) => JSON.stringify([attached, inUse]))).size).toBe(1)
})

it("S-339: a volume of its own is made for a pod, and goes with it", () => {
  const template = {
    spec: { accessModes: ["ReadWriteOnce"], storageClassName: "disk", resources: { requests: { storage: "1Gi" } } }
  }
  const facts = simulate({
    ...{ storage, nodes, until: "60s" },
    steps: [at(0, storageClass()), at(0, pod("p", "n-1", { ephemeral: { volumeClaimTemplate: template } }))]
  })
  expect(told(facts)).toContain('Provisioning: External provisioner is provisioning volume for claim "test/p-d"')
  expect(runs(facts, "p")).toBeDefined()
})

it("a node has no more volumes of a driver than it can: another pod waits until one is gone", () => {
  const disk = (pdName: string) => ({ gcePersistentDisk: { pdName } })
  const facts = simulate({
    ...{ storage: [{ driver: DRIVER, volumesPerNode: 1 }], nodes, until: "120s" },
    steps: [
      at(0, pod("p", "n-1", disk("a"))),
      at(20, pod("q", "n-1", disk("b"))),
      { at: "60s", delete: { kind: "Pod", name: "p" } }
    ]
  })
  expect(told(facts)).toContainEqual(expect.stringContaining("1 node(s) exceed max volume count"))
  expect(runs(facts, "q") ?? 0).toBeGreaterThan(60)
})
