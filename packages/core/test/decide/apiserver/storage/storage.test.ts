import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import { defaultClass } from "../../../../src/decide/apiserver/storage/storageClass.ts"
import { updateObject } from "../../../../src/decide/apiserver/updateObject.ts"
import type { Instant } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"

const now = 1_767_225_600_000_000 as Instant
const identity = { namespace: "n", uid: "u", resourceVersion: "1", now, nameSuffix: "" }
const create = (object: JsonObject) => createObject(object as unknown as KubernetesObject, identity)
const pv = (spec: JsonObject) => ({ apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "v" }, spec })
const good = { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, hostPath: { path: "/d" } }
const storageClass = (fields: JsonObject = {}) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "fast" },
  provisioner: "disk.example.com",
  ...fields
})
const messageOf = (result: Result.Result<unknown, { readonly message?: unknown }>) =>
  Result.isFailure(result) ? String(result.failure.message) : ""

describe("PersistentVolumes", () => {
  const made = Result.getOrThrow(create(pv(good)))

  it("are completed as Kubernetes completes them, and held while they are in use", () => {
    expect(made).toMatchObject({
      metadata: { name: "v", finalizers: ["kubernetes.io/pv-protection"] },
      spec: { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" },
      status: { phase: "Pending", lastPhaseTransitionTime: "2026-01-01T00:00:00Z" }
    })
    expect(made.metadata.namespace).toBeUndefined()
  })

  it.each<[JsonObject, string]>([
    [{ capacity: { storage: "1Gi" }, hostPath: { path: "/d" } }, "spec.accessModes: Required value"],
    [
      { accessModes: ["ReadWriteOnce", "Sometimes"], capacity: { storage: "1Gi" }, hostPath: { path: "/d" } },
      'spec.accessModes: Unsupported value: "Sometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"'
    ],
    [
      { ...good, accessModes: ["ReadWriteOncePod", "ReadOnlyMany"] },
      "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"
    ],
    [{ ...good, capacity: { storage: "0" } }, 'spec.capacity[storage]: Invalid value: "0": must be greater than zero'],
    [
      { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" } },
      "spec: Required value: must specify a volume type"
    ],
    [{ ...good, nfs: { server: "s", path: "/e" } }, "spec.nfs: Forbidden: may not specify more than 1 volume type"],
    [
      { ...good, hostPath: { path: "/" }, persistentVolumeReclaimPolicy: "Recycle" },
      "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"
    ],
    [
      { ...good, persistentVolumeReclaimPolicy: "Burn" },
      'spec.persistentVolumeReclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Recycle", "Retain"'
    ],
    [
      { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, local: { path: "/d" } },
      "spec.nodeAffinity: Required value: Local volume requires node affinity"
    ],
    [
      { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, nfs: { server: "s", path: "e" } },
      'spec.nfs.path: Invalid value: "e": must be an absolute path'
    ],
    [
      { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, csi: { driver: "d.example.com" } },
      "spec.csi.volumeHandle: Required value"
    ],
    [
      { ...good, nodeAffinity: {} },
      "spec.nodeAffinity.required: Required value: must specify required node constraints"
    ]
  ])("are refused: %j", (spec, text) => {
    expect(messageOf(create(pv(spec)))).toContain(text)
  })

  it("stay what they are", () => {
    const moved = updateObject(
      made,
      { ...made, spec: { ...(made["spec"] as JsonObject), hostPath: { path: "/e" } } },
      ""
    )
    expect(messageOf(moved)).toContain(
      "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable"
    )
    const bound = updateObject(made, { ...made, status: { phase: "Bound" } }, "status", {
      now: (now + 5_000_000) as Instant
    })
    expect(Result.getOrThrow(bound)["status"]).toEqual({
      phase: "Bound",
      lastPhaseTransitionTime: "2026-01-01T00:00:05Z"
    })
  })
})

describe("StorageClasses", () => {
  it("delete what they made, and bind at once, unless they say otherwise", () => {
    expect(Result.getOrThrow(create(storageClass()))).toMatchObject({
      reclaimPolicy: "Delete",
      volumeBindingMode: "Immediate"
    })
  })

  it.each<[JsonObject, string]>([
    [{ provisioner: "" }, "provisioner: Required value"],
    [{ reclaimPolicy: "Recycle" }, 'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
    [
      { volumeBindingMode: "Later" },
      'volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"'
    ],
    [
      { allowedTopologies: [{ matchLabelExpressions: [{ key: "zone", values: [] }] }] },
      "allowedTopologies[0].matchLabelExpressions[0].values: Required value"
    ]
  ])("are refused: %j", (fields, text) => {
    expect(messageOf(create(storageClass(fields)))).toContain(text)
  })

  it("do not change", () => {
    const made = Result.getOrThrow(create(storageClass()))
    expect(messageOf(updateObject(made, { ...made, provisioner: "other.example.com" }, ""))).toBe(
      'StorageClass.storage.k8s.io "fast" is invalid: provisioner: Invalid value: "other.example.com": field is immutable'
    )
  })

  it("are those of claims that name none: the newest default class, by name among equals", () => {
    const named = (name: string, creationTimestamp: string, isDefault = "true") =>
      ({
        ...storageClass(),
        metadata: {
          name,
          creationTimestamp,
          annotations: { "storageclass.kubernetes.io/is-default-class": isDefault }
        }
      }) as unknown as KubernetesObject
    const [old, young] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]
    expect(
      defaultClass([named("a", old), named("c", young), named("b", young), named("z", young, "false")])?.metadata.name
    ).toBe("b")
    expect(defaultClass([named("z", young, "false")])).toBeUndefined()
  })
})
