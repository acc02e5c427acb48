/** Workloads of every kind, what stands beside them in a namespace, and what is done to them. */
import fc from "fast-check"
import type { Json, JsonObject } from "../../event/Json.ts"
import { anyImage } from "./anyContainer.ts"
import { mapping, oneOf, rarely, seconds, sometimes } from "./parts.ts"

const template = fc
  .record({
    image: fc.oneof({ weight: 5, arbitrary: fc.constant("there:1") }, { weight: 1, arbitrary: anyImage }),
    spec: mapping({
      terminationGracePeriodSeconds: seconds(0, 5),
      nodeSelector: rarely(fc.constant({ disk: "ssd" }), 12),
      tolerations: rarely(
        fc.constant([
          { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 10 }
        ]),
        3
      )
    }),
    resources: rarely(oneOf<JsonObject>({ requests: { cpu: "1" } }, { requests: { memory: "1Gi" } }), 3)
  })
  .map(({ image, resources, spec }) => ({
    metadata: { labels: { app: "a" } },
    spec: { ...spec, containers: [{ name: "c0", image, ...(resources === undefined ? {} : { resources }) }] }
  }))

const selector = { matchLabels: { app: "a" } }
const replicas = rarely(seconds(0, 4), 2)
const minReadySeconds = rarely(seconds(1, 6), 4)
const share = oneOf<number | string>(0, 1, 2, "25%", "50%", "100%")

const workload = (kind: string, fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<JsonObject> =>
  fc.record({ spec: mapping(fields), template }).map(({ spec, template: made }) => ({
    apiVersion: "apps/v1",
    kind,
    metadata: { name: "w" },
    spec: { selector, ...spec, template: made }
  }))

const deployment = workload("Deployment", {
  replicas,
  minReadySeconds,
  revisionHistoryLimit: rarely(seconds(0, 2), 3),
  progressDeadlineSeconds: rarely(seconds(10, 40), 3),
  paused: rarely(fc.constant(true), 8),
  strategy: sometimes(
    fc.oneof(
      fc.constant({ type: "Recreate" }),
      fc
        .record({ maxSurge: share, maxUnavailable: share })
        .map((rollingUpdate) => ({ type: "RollingUpdate", rollingUpdate }))
    )
  )
})

const statefulSet = workload("StatefulSet", {
  serviceName: fc.constant("w"),
  replicas,
  minReadySeconds,
  podManagementPolicy: rarely(fc.constant("Parallel"), 3),
  ordinals: rarely(fc.constant({ start: 2 }), 6),
  updateStrategy: rarely(
    oneOf<JsonObject>({ type: "OnDelete" }, { type: "RollingUpdate", rollingUpdate: { partition: 1 } }),
    3
  ),
  volumeClaimTemplates: rarely(
    fc.constant([
      {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } }
      }
    ]),
    5
  )
})

const daemonSet = workload("DaemonSet", {
  minReadySeconds,
  updateStrategy: sometimes(
    fc
      .record({ maxSurge: oneOf<number | string>(0, 1, "50%"), maxUnavailable: share })
      .map((rollingUpdate) => ({ type: "RollingUpdate", rollingUpdate }))
  )
})

const batchTemplate = fc
  .record({ template, restartPolicy: oneOf("Never", "OnFailure") })
  .map(({ restartPolicy, template: made }) => ({ spec: { ...made.spec, restartPolicy } }))

const jobSpec = fc
  .record({
    fields: mapping({
      completions: rarely(seconds(1, 4), 2),
      parallelism: rarely(seconds(0, 3), 2),
      backoffLimit: rarely(seconds(0, 3), 2),
      completionMode: rarely(fc.constant("Indexed"), 4),
      activeDeadlineSeconds: rarely(seconds(3, 40), 5),
      suspend: rarely(fc.constant(true), 6),
      ttlSecondsAfterFinished: rarely(seconds(0, 10), 4),
      podReplacementPolicy: rarely(fc.constant("Failed"), 6)
    }),
    template: batchTemplate
  })
  .map(({ fields, template: made }): JsonObject => ({ ...fields, template: made }))

const job = jobSpec.map((spec) => ({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "w" }, spec }))

const cronJob = fc
  .record({
    spec: mapping({
      schedule: oneOf("* * * * *", "*/2 * * * *"),
      concurrencyPolicy: sometimes(oneOf("Forbid", "Replace", "Allow")),
      suspend: rarely(fc.constant(true), 8),
      startingDeadlineSeconds: rarely(seconds(1, 60), 4)
    }),
    job: jobSpec
  })
  .map(({ job: one, spec }) => ({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "w" },
    spec: { ...spec, jobTemplate: { spec: one } }
  }))

export const anyWorkload: fc.Arbitrary<JsonObject> = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: deployment },
  { weight: 3, arbitrary: statefulSet },
  { weight: 2, arbitrary: daemonSet },
  { weight: 3, arbitrary: job },
  { weight: 1, arbitrary: cronJob }
)

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

const quota = oneOf<JsonObject>({ pods: "2" }, { "requests.cpu": "2" }, { "count/pods": "3" }).map((hard) => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "q" },
  spec: { hard }
}))

const service: JsonObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "w" },
  spec: { selector: { app: "a" }, ports: [{ port: 80 }] }
}

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

/** What stands in the namespace beside the workload. */
export const anyNeighbour: fc.Arbitrary<JsonObject> = fc.oneof(
  budget,
  quota,
  autoscaler,
  fc.constant(service),
  fc.constant(limits)
)

const ofKind = (kind: string): fc.Arbitrary<JsonObject> => {
  const name = "w"
  const patch = (body: Json): JsonObject => ({ patch: { kind, name, type: "merge", patch: body } })
  const changes = fc.oneof(
    oneOf("there:1", "pulled:1", "missing:1").map((image) =>
      patch({ spec: { template: { spec: { containers: [{ name: "c0", image }] } } } })
    ),
    oneOf<JsonObject>(
      { spec: { paused: true } },
      { spec: { paused: null } },
      { spec: { suspend: true } },
      { spec: { suspend: false } },
      { spec: { template: { metadata: { annotations: { v: "2" } } } } },
      { metadata: { annotations: { note: "n" } } }
    ).map(patch)
  )
  const scale = seconds(0, 5).map((count) => ({ scale: { kind, name, replicas: count } }))
  const remove = sometimes(oneOf("Background", "Foreground", "Orphan")).map((propagationPolicy) => ({
    delete: { kind, name, ...(propagationPolicy === undefined ? {} : { propagationPolicy }) }
  }))
  return fc.oneof({ weight: 4, arbitrary: changes }, { weight: 3, arbitrary: scale }, { weight: 2, arbitrary: remove })
}

const node = oneOf("n-1", "n-2")

const toPods: fc.Arbitrary<JsonObject> = oneOf("oldest", "newest", "all").map((pick) => ({
  delete: { kind: "Pod", selector: { app: "a" }, pick }
}))

const toNodes: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .record({
      name: node,
      what: oneOf<JsonObject>(
        { kubelet: "stop" },
        { kubelet: "start" },
        { power: "off" },
        { power: "on" },
        { network: "cut" },
        { network: "heal" },
        { cordon: true },
        { cordon: false },
        { remove: true }
      )
    })
    .map(({ name, what }) => ({ node: { name, ...what } })),
  fc
    .record({
      node,
      options: mapping({
        force: sometimes(fc.constant(true)),
        ignoreDaemonSets: fc.constant(true),
        timeout: rarely(oneOf("5s", "30s"), 2)
      })
    })
    .map(({ node: of, options }) => ({ drain: { node: of, ...options } })),
  fc.record({ name: node, effect: oneOf("NoSchedule", "NoExecute") }).map(({ effect, name }) => ({
    patch: { kind: "Node", name, type: "merge", patch: { spec: { taints: [{ key: "k", effect }] } } }
  })),
  fc
    .record({
      of: oneOf<JsonObject>(
        { of: "kubelet", node: "n-1" },
        { of: "kube-scheduler" },
        { of: "kube-scheduler", kinds: ["Node"] },
        { of: "kube-controller-manager" },
        { of: "kube-controller-manager", kinds: ["Pod"] },
        { of: "replicaset-controller", kinds: ["Pod"] }
      ),
      late: mapping({ lag: sometimes(oneOf("1s", "7s")), for: oneOf("5s", "40s") })
    })
    .map(({ late, of }) => ({ watch: { ...of, ...late } })),
  fc.constant({ node: { name: "n-3", add: { cpu: 2, memory: "4Gi" } } })
)

/** One order to a workload of a kind, its pods or its nodes, without its time. */
export const anyWorkloadOrder = (kind: string): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    { weight: 5, arbitrary: ofKind(kind) },
    { weight: 2, arbitrary: toPods },
    { weight: 4, arbitrary: toNodes },
    { weight: 1, arbitrary: fc.record({ apply: anyNeighbour }) }
  )
