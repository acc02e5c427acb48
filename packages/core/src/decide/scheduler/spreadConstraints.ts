/**
 * The constraints by which a pod is spread: its own, or those of the scheduler for pods that belong together
 * (`pkg/scheduler/framework/plugins/podtopologyspread/common.go`, `plugins/helper/spread.go`).
 */
import type { Json, JsonObject } from "../../event/Json.ts"
import type { PodSpec } from "../../event/KubernetesObject.ts"
import { entries, mapping } from "../apiserver/fields.ts"
import { type Labels, selects } from "../client/labelSelector.ts"
import type { NodeObject, PodInfo } from "./NodeInfo.ts"
import { matchesRequired } from "./nodeAffinity.ts"
import type { PodClass } from "./PodClass.ts"
import type { SchedulerCache } from "./SchedulerCache.ts"
import { EVERY_NODE, type NodeMask } from "./Topology.ts"
import { isUntolerated } from "./taintToleration.ts"

type Action = "DoNotSchedule" | "ScheduleAnyway"

/** Pods that all of some selectors mean. */
export interface Selector {
  /** Label selectors; `null` means nothing. */
  readonly all: ReadonlyArray<Json>
  /** It says nothing at all. */
  readonly isEmpty: boolean
}

export interface Constraint {
  readonly topologyKey: string
  readonly maxSkew: number
  readonly minDomains: number
  readonly honorsAffinity: boolean
  readonly honorsTaints: boolean
  readonly selector: Selector
  /** What tells its selector from others. */
  readonly key: string
}

export const selectsLabels = ({ all }: Selector, labels: Labels): boolean =>
  all.every((selector) => selects(selector, labels))

const isEmpty = (selector: Json): boolean =>
  selector !== null &&
  Object.keys(mapping({ selector }, "selector")["matchLabels"] ?? {}).length === 0 &&
  entries(mapping({ selector }, "selector"), "matchExpressions").length === 0

const selectorOf = (all: ReadonlyArray<Json>): Selector => ({ all, isEmpty: all.every(isEmpty) })

/** Labels of the pod itself that the others must have too (`matchLabelKeys`); no selector stays none. */
const ownSelector = (constraint: JsonObject, labels: Labels): Selector => {
  const selector = constraint["labelSelector"] ?? null
  const keys = ((constraint["matchLabelKeys"] ?? []) as ReadonlyArray<string>).filter((key) =>
    Object.hasOwn(labels, key)
  )
  const same = { matchLabels: Object.fromEntries(keys.map((key) => [key, labels[key] ?? ""])) }
  return selectorOf(selector === null || keys.length === 0 ? [selector] : [selector, same])
}

const ownConstraint = (constraint: JsonObject, labels: Labels): Constraint => {
  const selector = ownSelector(constraint, labels)
  return {
    topologyKey: String(constraint["topologyKey"]),
    maxSkew: Number(constraint["maxSkew"]),
    minDomains: Number(constraint["minDomains"] ?? 1),
    honorsAffinity: (constraint["nodeAffinityPolicy"] ?? "Honor") === "Honor",
    honorsTaints: constraint["nodeTaintsPolicy"] === "Honor",
    selector,
    key: JSON.stringify(selector.all)
  }
}

const own = ({ spec }: { readonly spec: PodSpec }): ReadonlyArray<JsonObject> =>
  entries(spec, "topologySpreadConstraints")

/** Has it no constraints of its own? Then nodes without a zone are no worse than others. */
export const isSystemDefaulted = ({ pod }: PodInfo): boolean => own(pod).length === 0

/** Those of the Services that mean the pod, all in one (GetPodServices). */
const labelsOfServices = ({ labels, namespace }: PodClass, { objects }: SchedulerCache): Labels => {
  const merged: Record<string, string> = {}
  for (const { metadata, spec } of objects.list("Service")) {
    if (metadata.namespace !== namespace) continue
    const selector = mapping({ spec: spec ?? {} }, "spec")["selector"]
    if (selector !== undefined && selects({ matchLabels: selector }, labels)) Object.assign(merged, selector)
  }
  return merged
}

const owners: ReadonlyMap<string, string> = new Map([
  ["v1/ReplicationController", "ReplicationController"],
  ["apps/v1/ReplicaSet", "ReplicaSet"],
  ["apps/v1/StatefulSet", "StatefulSet"]
])

/** The pods that belong together with this one, as far as Services and controllers say (DefaultSelector). */
const defaultSelector = (pod: PodClass, cluster: SchedulerCache): Selector => {
  const { controller, namespace } = pod
  const services = { matchLabels: labelsOfServices(pod, cluster) }
  const kind = controller === undefined ? undefined : owners.get(`${controller.apiVersion}/${controller.kind}`)
  const owner = kind === undefined ? undefined : cluster.objects.get(kind, namespace, controller?.name ?? "")
  if (owner === undefined) return selectorOf([services])
  const selector = mapping(owner, "spec")["selector"] ?? null
  return selectorOf([services, kind === "ReplicationController" ? { matchLabels: selector } : selector])
}

const ZONE = "topology.kubernetes.io/zone"

/** systemDefaultConstraints: all of them only as good as it goes. */
const systemDefaults = (pod: PodClass, cluster: SchedulerCache): ReadonlyArray<Constraint> => {
  const selector = defaultSelector(pod, cluster)
  if (selector.isEmpty) return []
  const shared = {
    minDomains: 1,
    honorsAffinity: true,
    honorsTaints: false,
    selector,
    key: JSON.stringify(selector.all)
  }
  return [
    { ...shared, topologyKey: "kubernetes.io/hostname", maxSkew: 3 },
    { ...shared, topologyKey: ZONE, maxSkew: 5 }
  ]
}

interface Known {
  readonly cluster: SchedulerCache
  readonly version: number
  readonly hard: ReadonlyArray<Constraint>
  readonly soft: ReadonlyArray<Constraint>
}

const known = new WeakMap<PodClass, Known>()

const decide = ({ pod, class: of }: PodInfo, cluster: SchedulerCache): Known => {
  const all = own(pod)
  const those = (action: Action): ReadonlyArray<Constraint> =>
    all
      .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
      .map((constraint) => ownConstraint(constraint, of.labels))
  return {
    cluster,
    version: cluster.objectsVersion,
    hard: those("DoNotSchedule"),
    soft: all.length === 0 ? systemDefaults(of, cluster) : those("ScheduleAnyway")
  }
}

/** The same for all pods of a class, as long as Services and controllers are. */
export const constraintsOf = (pod: PodInfo, cluster: SchedulerCache, action: Action): ReadonlyArray<Constraint> => {
  let decided = known.get(pod.class)
  if (decided?.cluster !== cluster || decided.version !== cluster.objectsVersion) {
    decided = decide(pod, cluster)
    known.set(pod.class, decided)
  }
  return action === "DoNotSchedule" ? decided.hard : decided.soft
}

export const hasAllKeys = ({ metadata }: NodeObject, constraints: ReadonlyArray<Constraint>): boolean =>
  constraints.every(({ topologyKey }) => Object.hasOwn(metadata.labels ?? {}, topologyKey))

/** The nodes whose pods count: those with the labels of all `constraints` where the pod may go as far as policies say. */
export const maskOf = (
  { pod: { spec } }: PodInfo,
  { honorsAffinity, honorsTaints }: Constraint,
  constraints: ReadonlyArray<Constraint>
): NodeMask => {
  const affinity = honorsAffinity ? [spec.nodeSelector ?? null, mapping(mapping(spec, "affinity"), "nodeAffinity")] : []
  const keys = constraints.map(({ topologyKey }) => topologyKey)
  const isChoosy = honorsAffinity && (spec.nodeSelector !== undefined || "nodeAffinity" in mapping(spec, "affinity"))
  if (!isChoosy && !honorsTaints && keys.length === 0) return EVERY_NODE
  return {
    key: JSON.stringify([affinity, honorsTaints ? (spec.tolerations ?? []) : null, keys]),
    includes: ({ node }) =>
      hasAllKeys(node, constraints) &&
      (!honorsAffinity || matchesRequired(spec, node)) &&
      (!honorsTaints || !isUntolerated(node, spec.tolerations))
  }
}
