/** Claims, volumes and classes for tests. */
import type { JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"

export const claim = (spec: JsonObject = {}, metadata: JsonObject = {}): KubernetesObject =>
  ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "c", namespace: "n", uid: "u-c", resourceVersion: "1", ...metadata },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
    status: { phase: "Pending" }
  }) as KubernetesObject

export const volume = (name: string, spec: JsonObject = {}, metadata: JsonObject = {}): KubernetesObject =>
  ({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, ...metadata },
    spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, ...spec },
    status: { phase: "Available" }
  }) as KubernetesObject
