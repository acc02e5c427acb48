/**
 * The scheduler against the clock: microseconds a pod in a cluster of 5,000 nodes, from the moment it hears of the pod until the
 * pod has its node, with an API server that answers at once. Pods are of five templates: of ReplicaSets, which are spread by
 * default, with an anti-affinity that is preferred, with a constraint over zones, and with a node selector.
 *
 * `npm run bench -- schedule` prints the numbers; more than 100 µs of the processor a pod fails the run.
 */
import {
  type Instant,
  type JsonObject,
  type KubernetesObject,
  later,
  type NodeObject,
  type PodObject,
  SECOND
} from "@kubereel/core"
import { expect, test } from "vitest"
import { Engine } from "../src/engine/Engine.ts"
import { Scheduler } from "../src/scheduler/Scheduler.ts"

const START = 1_767_225_600_000_000 as Instant
const NODES = 5_000
const LIMIT_MICROSECONDS = 100

const nodeOf = (index: number): NodeObject =>
  ({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: `n-${index}`,
      labels: {
        "kubernetes.io/hostname": `n-${index}`,
        "topology.kubernetes.io/zone": `zone-${index % 3}`,
        pool: index % 2 === 0 ? "even" : "odd"
      }
    },
    spec: {},
    status: { allocatable: { cpu: "32", memory: "128Gi", pods: "110" } }
  }) as unknown as NodeObject

const labelSelector = (app: string): JsonObject => ({ matchLabels: { app } })

const templates: ReadonlyArray<(app: string) => JsonObject> = [
  () => ({}),
  () => ({ tolerations: [{ key: "any", operator: "Exists" }] }),
  (app) => ({
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: labelSelector(app) } }
        ]
      }
    }
  }),
  (app) => ({
    topologySpreadConstraints: [
      {
        maxSkew: 2,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: labelSelector(app)
      }
    ]
  }),
  () => ({ nodeSelector: { pool: "even" } })
]

const replicaSet = (index: number): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name: `app-${index}`, namespace: "default" },
  spec: { selector: labelSelector(`app-${index}`) }
})

const podOf = (index: number): PodObject => {
  const template = index % templates.length
  const app = `app-${template}`
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${app}-${index}`,
      namespace: "default",
      uid: `uid-${index}`,
      generation: 1,
      labels: { app },
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: app, uid: app, controller: true }]
    },
    spec: {
      schedulerName: "default-scheduler",
      containers: [{ name: "main", image: "i", resources: { requests: { cpu: "100m", memory: "200Mi" } } }],
      ...templates[template]?.(app)
    },
    status: { phase: "Pending" }
  } as unknown as PodObject
}

const scheduled = (count: number): { readonly each: number; readonly bound: number } => {
  const engine = new Engine(START)
  const sets = new Map(templates.map((_, index) => [`app-${index}`, replicaSet(index)]))
  let bound = 0
  const scheduler: Scheduler = new Scheduler({
    engine,
    seed: 1,
    api: {
      bind: (pod, nodeName) => {
        bound++
        scheduler.hearPod("MODIFIED", { ...pod, spec: { ...pod.spec, nodeName } })
        return undefined
      },
      patchStatus: () => true,
      update: () => undefined,
      deletePod: () => true
    },
    objects: { get: (kind, _, name) => (kind === "ReplicaSet" ? sets.get(name) : undefined), list: () => [] },
    events: { create: () => {}, patch: () => true },
    latency: () => 0,
    host: "bench"
  })
  for (let index = 0; index < NODES; index++) scheduler.hearNode("ADDED", nodeOf(index))
  const pods = Array.from({ length: count }, (_, index) => podOf(index))
  const began = process.threadCpuUsage()
  for (const pod of pods) scheduler.hearPod("ADDED", pod)
  // The scheduler's client binds 50 pods a second after its first hundred.
  engine.runUntil(later(START, (10 + count / 20) * SECOND))
  const { system, user } = process.threadCpuUsage(began)
  return { each: (system + user) / count, bound }
}

test.each([10_000, 150_000])("%i pods on 5,000 nodes take no more than 100 µs each", (count) => {
  scheduled(1_000)
  const { bound, each } = scheduled(count)
  console.log(`${count} pods on ${NODES} nodes: ${each.toFixed(1)} µs a pod`)
  expect(bound).toBe(count)
  expect(each).toBeLessThanOrEqual(LIMIT_MICROSECONDS)
})
