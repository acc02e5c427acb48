/** Deployments and their ReplicaSets, in a few words. */
import type {
  DeploymentCondition,
  DeploymentObject,
  DeploymentSpec,
  DeploymentStatus,
  IntOrPercent,
  ReplicaSetObject
} from "../../../../src/decide/controller/deployment/Deployment.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import { ago } from "../given.ts"

export const rolling = (maxSurge: IntOrPercent, maxUnavailable: IntOrPercent) => ({
  type: "RollingUpdate",
  rollingUpdate: { maxSurge, maxUnavailable }
})

export const template = (labels: JsonObject = { app: "web" }, more: JsonObject = {}): JsonObject => ({
  metadata: { labels },
  spec: { containers: [{ name: "main", image: "i" }], ...more }
})

export const deployment = (
  spec: Partial<DeploymentSpec> = {},
  status: DeploymentStatus = {},
  annotations: { readonly [key: string]: string } = {}
): DeploymentObject => ({
  kind: "Deployment",
  apiVersion: "apps/v1",
  metadata: { name: "web", namespace: "n", uid: "d", generation: 1, annotations },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "web" } },
    template: template(),
    strategy: rolling(0, 1),
    progressDeadlineSeconds: 600,
    revisionHistoryLimit: 10,
    ...spec
  },
  status
})

export interface ReplicaSetWords {
  readonly name?: string
  readonly replicas?: number
  readonly available?: number
  readonly actual?: number
  /** Its age in seconds. */
  readonly age?: number
  readonly annotations?: { readonly [key: string]: string }
  readonly template?: JsonObject
  readonly status?: JsonObject
}

export const replicaSet = (words: ReplicaSetWords = {}): ReplicaSetObject => {
  const { actual, age = 0, annotations = {}, available, name = "web-1", replicas = 0 } = words
  return {
    kind: "ReplicaSet",
    apiVersion: "apps/v1",
    metadata: { name, namespace: "n", uid: name, generation: 1, creationTimestamp: ago(age), annotations },
    spec: { replicas, template: words.template ?? template({ app: "web", "pod-template-hash": name }) },
    status: {
      replicas: actual ?? replicas,
      readyReplicas: available ?? 0,
      availableReplicas: available ?? 0,
      observedGeneration: 1,
      terminatingReplicas: 0,
      ...words.status
    }
  }
}

export const condition = (type: string, status: string, reason: string, secondsAgo = 60): DeploymentCondition => ({
  type,
  status,
  reason,
  message: "",
  lastUpdateTime: ago(secondsAgo),
  lastTransitionTime: ago(secondsAgo)
})
