/** Workloads of every kind: what makes pods of a template. */
import fc from "fast-check"
import type { JsonObject } from "../../event/Json.ts"
import { anyImage } from "./anyContainer.ts"
import { mapping, oneOf, rarely, seconds, sometimes } from "./parts.ts"

const labelSelector = { matchLabels: { app: "a" } }
const zone = "topology.kubernetes.io/zone"

const preferred = (weight: number) => [{ weight, podAffinityTerm: { topologyKey: zone, labelSelector } }]
const affinity = oneOf<JsonObject>(
  {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector }]
    }
  },
  { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred(10) } },
  { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred(100) } },
  {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: zone, operator: "In", values: ["a", "b"] }] }]
      }
    }
  }
)

const spread = oneOf("DoNotSchedule", "ScheduleAnyway").map((whenUnsatisfiable) => [
  { maxSkew: 1, topologyKey: zone, whenUnsatisfiable, labelSelector }
])

const volumes = oneOf<JsonObject>(
  { emptyDir: { medium: "Memory", sizeLimit: "10Mi" } },
  { configMap: { name: "settings" } },
  { secret: { secretName: "token", optional: true } },
  { hostPath: { path: "/data", type: "DirectoryOrCreate" } },
  { persistentVolumeClaim: { claimName: "claim" } },
  {
    ephemeral: {
      volumeClaimTemplate: {
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "1Gi" } } }
      }
    }
  }
).map((source) => [{ name: "v", ...source }])

const probe = oneOf<JsonObject>(
  { httpGet: { port: 80 }, periodSeconds: 2, failureThreshold: 1 },
  { tcpSocket: { port: 8080 }, initialDelaySeconds: 1 },
  { exec: { command: ["true"] }, periodSeconds: 1, timeoutSeconds: 1 }
)

const container = fc.record({
  image: fc.oneof({ weight: 5, arbitrary: fc.constant("there:1") }, { weight: 1, arbitrary: anyImage }),
  more: mapping({
    resources: rarely(
      oneOf<JsonObject>(
        { requests: { cpu: "1" } },
        { requests: { memory: "1Gi" } },
        { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "64Mi" } }
      ),
      3
    ),
    ports: rarely(
      oneOf([{ containerPort: 80 }], [{ containerPort: 80, hostPort: 80 }], [{ name: "web", containerPort: 8080 }]),
      4
    ),
    readinessProbe: rarely(probe, 5),
    livenessProbe: rarely(probe, 8),
    lifecycle: rarely(fc.constant({ preStop: { sleep: { seconds: 2 } } }), 12)
  })
})

const spec = mapping({
  terminationGracePeriodSeconds: seconds(0, 5),
  nodeSelector: rarely(fc.constant({ disk: "ssd" }), 12),
  affinity: rarely(affinity, 6),
  topologySpreadConstraints: rarely(spread, 8),
  priorityClassName: rarely(oneOf("high", "low"), 6),
  schedulingGates: rarely(fc.constant([{ name: "example.com/wait" }]), 30),
  readinessGates: rarely(fc.constant([{ conditionType: "example.com/gate" }]), 20),
  hostNetwork: rarely(fc.constant(true), 30),
  volumes: rarely(volumes, 3),
  tolerations: rarely(
    fc.constant([
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 10 }
    ]),
    3
  )
})

const template = fc.record({ container, spec }).map(({ container: { image, more }, spec: of }) => {
  const mounts = of["volumes"] === undefined ? {} : { volumeMounts: [{ name: "v", mountPath: "/v" }] }
  return {
    metadata: { labels: { app: "a" } },
    spec: { ...of, containers: [{ name: "c0", image, ...more, ...mounts }] }
  }
})

const selector = labelSelector
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

const replicaSet = workload("ReplicaSet", { replicas, minReadySeconds })

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

const podFailurePolicy = oneOf("FailJob", "Ignore", "Count", "FailIndex").map((action) => ({
  rules: [
    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
    { action, onExitCodes: { operator: "In", values: [42, 137] } }
  ]
}))

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
    policies: mapping({
      podFailurePolicy: rarely(podFailurePolicy, 5)
    }),
    indexed: rarely(
      mapping({
        completionMode: fc.constant("Indexed"),
        completions: seconds(1, 4),
        backoffLimitPerIndex: fc.nat(2),
        maxFailedIndexes: sometimes(fc.nat(2)),
        successPolicy: sometimes(fc.constant({ rules: [{ succeededCount: 1 }] }))
      }),
      4
    ),
    template: batchTemplate
  })
  .map(
    ({ fields, indexed, policies, template: made }): JsonObject => ({
      ...fields,
      ...policies,
      ...indexed,
      template: made
    })
  )

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
  { weight: 1, arbitrary: replicaSet },
  { weight: 3, arbitrary: statefulSet },
  { weight: 2, arbitrary: daemonSet },
  { weight: 3, arbitrary: job },
  { weight: 1, arbitrary: cronJob }
)
