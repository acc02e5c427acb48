/** Nodes and pods for the scheduler's tests, with no more in them than its rules read. */

import {
  type NodeInfo,
  type NodeObject,
  nodeInfoOf,
  type PodInfo,
  podInfoOf
} from "../../../src/decide/scheduler/NodeInfo.ts"
import type { PluginName, ScoreRequest } from "../../../src/decide/scheduler/Plugin.ts"
import { scoresByPlugin } from "../../../src/decide/scheduler/prioritizeNodes.ts"
import { type ObjectLookup, SchedulerCache } from "../../../src/decide/scheduler/SchedulerCache.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../src/event/KubernetesObject.ts"

let uid = 0

export const pod = (spec: JsonObject = {}, requests: { readonly [resource: string]: string } = {}): PodObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `p${++uid}`, namespace: "ns", uid: `uid-${uid}`, generation: 1 },
  spec: { containers: [{ name: "main", image: "i", resources: { requests } }], ...spec },
  status: { phase: "Pending" }
})

export const podInfo = (spec: JsonObject = {}, requests: { readonly [resource: string]: string } = {}): PodInfo =>
  podInfoOf(pod(spec, requests))

export const node = (name: string, parts: { allocatable?: object; labels?: object; spec?: object } = {}): NodeObject =>
  ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...parts.labels } },
    spec: { ...parts.spec },
    status: { allocatable: { cpu: "2", memory: "4Gi", "ephemeral-storage": "10Gi", pods: "110", ...parts.allocatable } }
  }) as NodeObject

export const nodeInfo = (
  name: string,
  pods: ReadonlyArray<PodInfo> = [],
  parts: Parameters<typeof node>[1] = {}
): NodeInfo => nodeInfoOf(node(name, parts), pods)

/** What one rule gives each of the nodes; `undefined` when it has nothing to say of the pod. */
export const scoresOf = (
  plugin: PluginName,
  pod: PodInfo,
  nodes: ReadonlyArray<NodeInfo>
): ReadonlyArray<number> | undefined => {
  const given = scoresByPlugin(requestOf(pod, nodes)).find((scores) => scores.plugin === plugin)
  return given === undefined ? undefined : [...given.scores]
}

/** All nodes will do. */
export const requestOf = (pod: PodInfo, nodes: ReadonlyArray<NodeInfo>, objects?: ObjectLookup): ScoreRequest => {
  const cluster = SchedulerCache.of(nodes, objects)
  const view = cluster.views.of(pod)
  const all = nodes.flatMap(({ name }) => cluster.getNode(name) ?? [])
  for (const one of all) view.verdict(pod, one)
  return { pod, cluster, nodes: all, view }
}
/** Objects of other kinds that the scheduler knows. */
export const lookup = (...objects: ReadonlyArray<KubernetesObject>): ObjectLookup => ({
  get: (kind, namespace, name) =>
    objects.find(
      ({ kind: its, metadata }) => its === kind && (metadata.namespace ?? "") === namespace && metadata.name === name
    ),
  list: (kind) => objects.filter((object) => object.kind === kind)
})
