/** Nodes and pods for the scheduler's tests, with no more in them than its rules read. */

import {
  type NodeInfo,
  type NodeObject,
  nodeInfoOf,
  type PodInfo,
  podInfoOf
} from "../../../src/decide/scheduler/NodeInfo.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { PodObject } from "../../../src/event/KubernetesObject.ts"

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
