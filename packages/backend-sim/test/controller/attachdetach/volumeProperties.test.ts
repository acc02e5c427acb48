/** Whatever happens to claims, volumes, pods and nodes: nothing breaks, and a volume for one node is told of by one Node. */
import { isJsonObject, type JsonObject } from "@kubereel/core"
import fc from "fast-check"
import { expect, it } from "vitest"
import { podManifest, simulate } from "../../given.ts"
import { objectMoments } from "../clusterObjects.ts"

const DRIVER = "pd.csi.storage.gke.io"
const names = ["n-1", "n-2"]
const claims = ["c", "d"]

const storageClass = (volumeBindingMode: string) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "disk" },
  provisioner: DRIVER,
  volumeBindingMode
})
const claim = (name: string, storageClassName: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name },
  spec: { accessModes: ["ReadWriteOnce"], storageClassName, resources: { requests: { storage: "1Gi" } } }
})
const volume = (persistentVolumeReclaimPolicy: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: "v" },
  spec: {
    ...{
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      storageClassName: "",
      persistentVolumeReclaimPolicy
    },
    csi: { driver: DRIVER, volumeHandle: "v" }
  }
})
const pod = (name: string, claimName: string, node: string) => {
  const manifest = podManifest(name, ["main"], {
    terminationGracePeriodSeconds: 1,
    nodeSelector: { "kubernetes.io/hostname": node },
    volumes: [{ name: "d", persistentVolumeClaim: { claimName } }]
  })
  const containers = manifest.spec.containers.map((one) => ({ ...one, volumeMounts: [{ name: "d", mountPath: "/d" }] }))
  return { ...manifest, spec: { ...manifest.spec, containers } }
}

const anyClaim = fc.constantFrom(...claims)
const anyNode = fc.constantFrom(...names)
const anyPod = fc.constantFrom("p", "q")
const anyAct = fc.oneof(
  fc.tuple(anyClaim, fc.constantFrom("", "disk")).map(([name, of]) => ({ apply: claim(name, of) })),
  fc.constantFrom("Retain", "Delete").map((policy) => ({ apply: volume(policy) })),
  fc.tuple(anyPod, anyClaim, anyNode).map(([name, of, node]) => ({ apply: pod(name, of, node) })),
  fc.tuple(anyPod, fc.constantFrom(0, 1)).map(([name, gracePeriodSeconds]) => ({
    delete: { kind: "Pod", name, gracePeriodSeconds }
  })),
  anyClaim.map((name) => ({ delete: { kind: "PersistentVolumeClaim", name } })),
  fc.constant({ delete: { kind: "PersistentVolume", name: "v" } }),
  fc.tuple(anyNode, fc.constantFrom("off", "on")).map(([name, power]) => ({ node: { name, power } })),
  fc
    .tuple(anyNode, fc.constantFrom("restart", "stop", "start"))
    .map(([name, kubelet]) => ({ node: { name, kubelet } })),
  fc.tuple(anyNode, fc.constantFrom("cut", "heal")).map(([name, network]) => ({ node: { name, network } }))
)
const anySteps = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), anyAct), { maxLength: 14 })

const attached = (node: JsonObject): ReadonlyArray<string> => {
  const { status } = node
  const told = isJsonObject(status) ? ((status["volumesAttached"] ?? []) as ReadonlyArray<JsonObject>) : []
  return told.map(({ name }) => String(name))
}

it("a volume for one node is on one at a time, and the same seed shows the same", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.constantFrom("Immediate", "WaitForFirstConsumer"), anySteps, (mode, acts) => {
      const given = {
        storage: [{ driver: DRIVER, provision: "1s", attach: "2s", detach: "2s" }],
        nodes: names.map((name) => ({ name, cpu: 2, memory: "4Gi", pods: 110, profile: "rig" })),
        steps: [
          { at: "0s", apply: storageClass(mode) },
          ...[...acts].sort(([a], [b]) => a - b).map(([seconds, act]) => ({ at: `${seconds}s`, ...act }))
        ],
        until: "900s"
      }
      const facts = simulate(given)
      expect(simulate(given)).toEqual(facts)
      const held = new Map<string, ReadonlySet<string>>()
      for (const { object } of objectMoments(facts, "Node")) {
        held.set(object.metadata.name, new Set(attached(object)))
        const [one, other] = names.map((name) => held.get(name) ?? new Set<string>())
        expect([...(one ?? [])].filter((name) => other?.has(name))).toEqual([])
      }
    }),
    { numRuns: 25 }
  )
})
