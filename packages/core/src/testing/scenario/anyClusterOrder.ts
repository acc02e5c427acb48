/** What is done to a workload, its pods, its nodes and those who look after them. */
import fc from "fast-check"
import type { Json, JsonObject } from "../../event/Json.ts"
import { controllerNames } from "../../port/watchSchema.ts"
import { anyNeighbour } from "./anyNeighbour.ts"
import { mapping, oneOf, rarely, seconds, sometimes } from "./parts.ts"

const apiVersionOf = (kind: string): string => (kind === "Job" || kind === "CronJob" ? "batch/v1" : "apps/v1")

const ofKind = (kind: string): fc.Arbitrary<JsonObject> => {
  const name = "w"
  const patch = (body: Json): JsonObject => ({ patch: { kind, name, type: "merge", patch: body } })
  const applied = fc
    .record({ fieldManager: oneOf("a", "b"), force: sometimes(fc.constant(true)), replicas: seconds(0, 3) })
    .map(({ fieldManager, force, replicas }) => ({
      patch: {
        ...{ kind, name, type: "apply", fieldManager, ...(force === undefined ? {} : { force }) },
        patch: {
          apiVersion: apiVersionOf(kind),
          kind,
          metadata: { name, labels: { by: fieldManager } },
          spec: { replicas }
        }
      }
    }))
  const changes = fc.oneof(
    applied,
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

const node = oneOf("n-1", "n-2", "n-3")

const toPods: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .record({ pick: oneOf("oldest", "newest", "all"), gracePeriodSeconds: rarely(oneOf(0, 3), 3) })
    .map(({ gracePeriodSeconds, pick }) => ({
      delete: {
        ...{ kind: "Pod", selector: { app: "a" }, pick },
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds })
      }
    })),
  oneOf("w-0", "w-1", "p").map((pod) => ({ evict: { pod } })),
  oneOf("w-0", "p").map((pod) => ({ kill: { pod, container: "c0" } })),
  oneOf("w-0", "p").map((pod) => ({ exec: { pod, command: ["true"] } }))
)

const toNeighbours: fc.Arbitrary<JsonObject> = oneOf<JsonObject>(
  { kind: "Namespace", name: "other" },
  { kind: "Namespace", name: "any" },
  { kind: "PersistentVolumeClaim", name: "claim" },
  { kind: "PersistentVolume", name: "pv" },
  { kind: "Service", name: "w" },
  { kind: "PodDisruptionBudget", name: "b" },
  { kind: "ConfigMap", name: "settings" },
  { kind: "HorizontalPodAutoscaler", name: "h" }
).map((of) => ({ delete: of }))

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
        { network: "cut-in" },
        { network: "cut-out" },
        { network: "heal" },
        { kubelet: "restart" },
        { power: "shutdown" },
        { pressure: true },
        { pressure: ["disk", "pids"] },
        { pressure: false },
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
        deleteEmptyDirData: sometimes(fc.constant(true)),
        disableEviction: rarely(fc.constant(true), 6),
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
        ...controllerNames.map((of) => ({ of })),
        ...controllerNames.map((of) => ({ of, kinds: ["Pod"] }))
      ),
      late: mapping({ lag: sometimes(oneOf("1s", "7s")), for: oneOf("5s", "40s") })
    })
    .map(({ late, of }) => ({ watch: { ...of, ...late } })),
  fc
    .record({
      name: oneOf("n-3", "n-4"),
      add: mapping({ cpu: oneOf(2, 8), clockSkew: rarely(oneOf("-2m", "90s"), 3) })
    })
    .map(({ add, name }) => ({ node: { name, add } })),
  fc
    .record({
      node,
      of: oneOf<JsonObject>(
        { call: "RunPodSandbox", message: "no" },
        { call: "CreateContainer", message: "no", pod: "w-*" },
        { call: "NetworkReady" },
        { call: "Status" }
      ),
      lasts: sometimes(oneOf("5s", "40s"))
    })
    .map(({ lasts, node: on, of }) => ({ fault: { node: on, ...of, ...(lasts === undefined ? {} : { for: lasts }) } }))
)

/** One order to a workload of a kind, its pods or its nodes, without its time. */
export const anyWorkloadOrder = (kind: string): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    { weight: 5, arbitrary: ofKind(kind) },
    { weight: 2, arbitrary: toPods },
    { weight: 4, arbitrary: toNodes },
    { weight: 1, arbitrary: toNeighbours },
    { weight: 2, arbitrary: fc.record({ apply: anyNeighbour }) }
  )
