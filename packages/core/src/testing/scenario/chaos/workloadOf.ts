/** Workloads: what makes pods of a template, and the budget that stands beside some of them. */
import type { JsonObject } from "../../../event/Json.ts"
import { present } from "./fields.ts"
import { Draw } from "./genes.ts"
import { type PodGenes, type PodShape, podOf } from "./podOf.ts"
import type { Feature } from "./Swarm.ts"

export const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet", "CronJob"] as const
export type WorkloadKind = (typeof workloadKinds)[number]

export interface Workload {
  readonly kind: WorkloadKind
  readonly manifest: JsonObject
  readonly budget: JsonObject | undefined
  readonly shape: PodShape
  readonly replicas: number
}

const share = [1, 0, "25%", "50%", "100%"] as const

const deploymentStrategy = (draw: Draw): JsonObject | undefined => {
  switch (draw.below(4)) {
    case 1:
      return { type: "Recreate" }
    case 2: {
      const [maxSurge, maxUnavailable] = [draw.of(share), draw.of(share)]
      // Neither more nor fewer: nothing could ever be replaced, and it is refused.
      return { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable: maxSurge === 0 ? 1 : maxUnavailable } }
    }
    default:
      return undefined
  }
}

const podFailurePolicy = (draw: Draw): JsonObject => ({
  rules: [
    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
    { action: draw.of(["FailJob", "Ignore", "Count"]), onExitCodes: { operator: "In", values: [42, 137] } }
  ]
})

const jobFields = (draw: Draw, restartPolicy: unknown): JsonObject => {
  const indexed = draw.rarely(3)
  return {
    completions: indexed ? 1 + draw.below(4) : draw.of([undefined, 1, 2, 4]),
    parallelism: draw.of([undefined, 1, 2, 3]),
    backoffLimit: draw.of([undefined, 0, 1, 3]),
    completionMode: indexed ? "Indexed" : undefined,
    activeDeadlineSeconds: draw.rarely(6) ? draw.of([60, 10, 600]) : undefined,
    ttlSecondsAfterFinished: draw.rarely(4) ? draw.of([10, 0, 100]) : undefined,
    podFailurePolicy: restartPolicy === "Never" && draw.rarely(4) ? podFailurePolicy(draw) : undefined
  }
}

const fieldsOf = (draw: Draw, kind: WorkloadKind, name: string, policy: unknown): JsonObject => {
  const minReadySeconds = draw.rarely(5) ? draw.of([1, 10, 30]) : undefined
  switch (kind) {
    case "ReplicaSet":
      return { minReadySeconds }
    case "Deployment":
      return {
        minReadySeconds,
        strategy: deploymentStrategy(draw),
        progressDeadlineSeconds: draw.rarely(4) ? draw.of([60, 31]) : undefined
      }
    case "StatefulSet":
      return {
        serviceName: name,
        minReadySeconds,
        podManagementPolicy: draw.rarely(3) ? "Parallel" : undefined,
        updateStrategy: draw.of<JsonObject | undefined>([
          undefined,
          undefined,
          { type: "OnDelete" },
          { type: "RollingUpdate", rollingUpdate: { partition: 1 } }
        ])
      }
    case "DaemonSet":
      return {
        minReadySeconds,
        updateStrategy: draw.rarely(3)
          ? {
              type: "RollingUpdate",
              rollingUpdate: draw.of([{ maxUnavailable: "50%" }, { maxSurge: 1, maxUnavailable: 0 }])
            }
          : undefined
      }
    default:
      return jobFields(draw, policy)
  }
}

const budgetOf = (draw: Draw, name: string): JsonObject => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    ...draw.of<JsonObject>([{ maxUnavailable: 1 }, { minAvailable: 1 }, { maxUnavailable: 0 }, { minAvailable: "50%" }])
  }
})

const counted = new Set<WorkloadKind>(["Deployment", "StatefulSet", "ReplicaSet"])

/** The workload of that name; its pods have the label `app` with that name. */
export const workloadOf = (genes: PodGenes, name: string, features: ReadonlySet<Feature>): Workload => {
  const draw = new Draw(genes.own)
  const kind = draw.of(workloadKinds)
  const isBatch = kind === "Job" || kind === "CronJob"
  const replicas = draw.below(4)
  const budgeted = features.has("budgets") && !isBatch && draw.rarely(2)
  const budget = budgeted ? budgetOf(draw, name) : undefined
  const shape = podOf(
    { own: genes.own.slice(16), containers: genes.containers },
    isBatch ? "job" : "workload",
    features
  )
  const labels = { app: name }
  const template = { metadata: { labels }, spec: shape.spec }
  const fields = fieldsOf(draw, kind, name, shape.spec["restartPolicy"])
  const spec = present({
    ...(counted.has(kind) ? { replicas } : {}),
    ...(isBatch ? {} : { selector: { matchLabels: labels } }),
    ...fields,
    template
  })
  const of = { apiVersion: isBatch ? "batch/v1" : "apps/v1", kind, metadata: { name } }
  return {
    ...{ kind, budget, shape, replicas },
    manifest:
      kind === "CronJob"
        ? { ...of, spec: { schedule: draw.of(["*/20 * * * *", "*/10 * * * *"]), jobTemplate: { spec } } }
        : { ...of, spec }
  }
}
