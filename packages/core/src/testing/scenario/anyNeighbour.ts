/** What stands in a namespace beside a workload, and what a cluster has for all of them. */
import fc from "fast-check"
import type { JsonObject } from "../../event/Json.ts"
import { mapping, oneOf, rarely, seconds, sometimes } from "./parts.ts"

const selector = { matchLabels: { app: "a" } }

const budget = oneOf<JsonObject>(
  { minAvailable: 1 },
  { maxUnavailable: 1 },
  { minAvailable: "50%" },
  { maxUnavailable: 0 }
).map((spec) => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "b" },
  spec: { selector, ...spec }
}))

const quota = oneOf<JsonObject>(
  { pods: "2" },
  { "requests.cpu": "2" },
  { "count/pods": "3" },
  { "count/deployments.apps": "1" },
  { persistentvolumeclaims: "1", "requests.storage": "1Gi" }
).map((hard) => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "q" },
  spec: { hard }
}))

const service = mapping({
  selector: fc.constant({ app: "a" }),
  ports: oneOf([{ port: 80 }], [{ name: "a", port: 80, targetPort: "web" }]),
  publishNotReadyAddresses: rarely(fc.constant(true), 4),
  clusterIP: rarely(fc.constant("None"), 4),
  type: rarely(fc.constant("NodePort"), 6)
}).map((spec) => ({ apiVersion: "v1", kind: "Service", metadata: { name: "w" }, spec }))

const limits: JsonObject = {
  apiVersion: "v1",
  kind: "LimitRange",
  metadata: { name: "l" },
  spec: { limits: [{ type: "Container", defaultRequest: { cpu: "100m" }, max: { memory: "2Gi" } }] }
}

const autoscaler = fc
  .record({
    kind: oneOf("Deployment", "StatefulSet", "DaemonSet"),
    spec: mapping({
      minReplicas: sometimes(seconds(1, 3)),
      maxReplicas: seconds(3, 6),
      metrics: sometimes(
        oneOf<JsonObject>(
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
          { type: "Resource", resource: { name: "memory", target: { type: "AverageValue", averageValue: "1Mi" } } },
          { type: "Pods", pods: { metric: { name: "m" }, target: { type: "AverageValue", averageValue: "1" } } }
        ).map((metric) => [metric])
      ),
      behavior: sometimes(oneOf<JsonObject>({}, { scaleDown: { stabilizationWindowSeconds: 0 } }))
    })
  })
  .map(({ kind, spec }) => ({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "h" },
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind, name: "w" }, ...spec }
  }))

const priorityClass = fc
  .record({ name: oneOf("high", "low"), preemptionPolicy: rarely(fc.constant("Never"), 4) })
  .map(({ name, preemptionPolicy }) => ({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value: name === "high" ? 1_000 : -1,
    ...(preemptionPolicy === undefined ? {} : { preemptionPolicy })
  }))

const driver = "disk.example.com"

const storageClass = mapping({
  provisioner: oneOf(driver, "nobody.example.com", "kubernetes.io/no-provisioner"),
  volumeBindingMode: sometimes(oneOf("WaitForFirstConsumer", "Immediate")),
  reclaimPolicy: sometimes(oneOf("Delete", "Retain")),
  allowVolumeExpansion: sometimes(fc.constant(true))
}).map((fields) => ({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "fast" }, ...fields }))

const volume = mapping({
  capacity: oneOf({ storage: "1Gi" }, { storage: "5Gi" }),
  accessModes: oneOf(["ReadWriteOnce"], ["ReadOnlyMany", "ReadWriteOnce"], ["ReadWriteOncePod"]),
  storageClassName: sometimes(fc.constant("fast")),
  persistentVolumeReclaimPolicy: sometimes(oneOf("Delete", "Retain")),
  csi: fc.constant({ driver, volumeHandle: "h" }),
  nodeAffinity: rarely(
    fc.constant({
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["a"] }] }
        ]
      }
    }),
    4
  )
}).map((spec) => ({ apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "pv" }, spec }))

const claim = mapping({
  accessModes: oneOf(["ReadWriteOnce"], ["ReadWriteOncePod"]),
  storageClassName: sometimes(oneOf("fast", "")),
  resources: oneOf({ requests: { storage: "1Gi" } }, { requests: { storage: "3Gi" } })
}).map((spec) => ({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "claim" }, spec }))

const settings = oneOf<JsonObject>(
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { a: "1" } },
  { apiVersion: "v1", kind: "Secret", metadata: { name: "token" }, stringData: { t: "x" } },
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot" } },
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "other", labels: { "pod-security.kubernetes.io/enforce": "restricted" } }
  }
)

/** What pods name and workloads expect to be there. */
export const equipment: ReadonlyArray<JsonObject> = [
  { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "high" }, value: 1_000 },
  { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "low" }, value: -1 },
  {
    ...{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "fast" } },
    ...{ provisioner: driver, volumeBindingMode: "WaitForFirstConsumer" }
  },
  {
    ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "claim" } },
    spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "1Gi" } } }
  },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { a: "1" } }
]

const pod = rarely(oneOf("other"), 4).map((namespace) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", labels: { app: "a" }, ...(namespace === undefined ? {} : { namespace }) },
  spec: { containers: [{ name: "c0", image: "there:1" }] }
}))

/** What stands beside the workload, in its namespace or in none. */
export const anyNeighbour: fc.Arbitrary<JsonObject> = fc.oneof(
  ...[budget, quota, autoscaler, service, fc.constant(limits), priorityClass, storageClass, volume, claim],
  ...[settings, pod]
)

/** The driver that makes and attaches its volumes. */
export const anyStorage: fc.Arbitrary<JsonObject> = mapping({
  driver: fc.constant(driver),
  attach: sometimes(oneOf("0s", "1s", "40s")),
  detach: rarely(oneOf("0s", "30s"), 4),
  provision: rarely(oneOf("0s", "20s"), 4),
  attachRequired: rarely(fc.constant(false), 4),
  volumesPerNode: rarely(seconds(0, 2), 4),
  topologyKeys: rarely(fc.constant(["topology.kubernetes.io/zone"]), 4),
  provisionError: rarely(fc.constant("no room"), 8),
  attachError: rarely(fc.constant("no such disk"), 8)
})
