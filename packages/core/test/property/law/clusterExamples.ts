/** Examples of the laws of nodes, workloads and whatever else is in a cluster. */
import { containerStatus, type Version } from "../../../src/testing/lifeOf.ts"
import type { Examples } from "./Example.ts"

const two = (value: number): string => String(value).padStart(2, "0")
const time = (second: number): string => `2026-01-01T00:${two(Math.floor(second / 60))}:${two(second % 60)}Z`
const on = { nodeName: "n" }
const node = (
  at: number,
  ready: string,
  more: { readonly taints?: ReadonlyArray<object>; readonly cpu?: string } = {}
): Version => ({
  at,
  kind: "Node",
  metadata: { name: "n" },
  spec: more.taints === undefined ? {} : { taints: more.taints as never },
  status: {
    conditions: [{ type: "Ready", status: ready, lastHeartbeatTime: time(at) }],
    ...(more.cpu === undefined ? {} : { allocatable: { cpu: more.cpu, memory: "1Gi", pods: "10" } })
  }
})
const runs = containerStatus({ containerID: "c://1", state: { running: { startedAt: time(1) } } })
const anew = containerStatus({ containerID: "c://2", restartCount: 1, state: { running: { startedAt: time(1) } } })
const over = containerStatus({
  containerID: "c://1",
  state: { terminated: { exitCode: 0, containerID: "c://1", startedAt: time(1), finishedAt: time(2) } }
})
/** Its deletion was asked for at second 1, with a grace of 10 s. */
const marked = (at: number, status: object = {}, grace = 10): Version => ({
  at,
  metadata: { deletionTimestamp: time(11), deletionGracePeriodSeconds: grace, generation: 2 },
  spec: on,
  status: { phase: "Running", containerStatuses: [runs], observedGeneration: 2, ...status }
})
const gone = (version: Version): Version => ({ ...version, change: "DELETED" })
const signal = (at: number, number: number): Version => ({
  at,
  fact: { _tag: "SignalSent", kind: "regular", container: "main", containerID: "1", signal: number }
})
const told = (reason: string): Version => ({
  kind: "Event",
  metadata: { name: reason },
  more: { reason, involvedObject: { uid: "uid-of-Pod-p", fieldPath: "spec.containers{main}" } }
})
const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] }
const asks = (name: string, cpu: string): Version => ({
  metadata: { name },
  spec: { ...on, containers: [{ name: "main", image: "i", resources: { requests: { cpu } } }] },
  status: { startTime: time(1), phase: "Pending" }
})
const lease = (at: number): Version => ({
  at,
  kind: "Lease",
  metadata: { name: "n", namespace: "kube-node-lease" },
  spec: { renewTime: time(at) }
})
const taints = [{ key: "k", effect: "NoExecute" }]
const workload = (at: number, kind: string, spec: object, more: object = {}): Version => ({
  at,
  kind,
  apiVersion: "apps/v1",
  metadata: { name: "w", creationTimestamp: time(at), generation: 1 },
  spec: { ...spec },
  status: { observedGeneration: 1 },
  ...more
})
const replicaSet = (at: number, replicas: number): Version =>
  workload(at, "ReplicaSet", { replicas }, { metadata: { ...owned("Deployment"), name: "w" } })
const owned = (kind: string) => ({
  ownerReferences: [{ apiVersion: "apps/v1", kind, name: "w", uid: `uid-of-${kind}-w`, controller: true }]
})
const podOf = (at: number, kind: string, name: string, status: object = ready): Version => ({
  at,
  metadata: { name, creationTimestamp: time(at), ...owned(kind) },
  status: { ...status }
})
const rolling = {
  replicas: 2,
  strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
}
const job = (status: object): Version => ({ kind: "Job", apiVersion: "batch/v1", status: { ...status } })
const complete = (status: string) => job({ conditions: [{ type: "Complete", status }] })
const service: Version = { kind: "Service", metadata: { name: "s" } }
const endpoint = (at: number, isReady: boolean): Version => ({
  at,
  kind: "EndpointSlice",
  apiVersion: "discovery.k8s.io/v1",
  metadata: {
    name: "s-1",
    labels: {
      "kubernetes.io/service-name": "s",
      "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"
    }
  },
  more: { endpoints: [{ targetRef: { uid: "uid-of-Pod-p" }, conditions: { ready: isReady } }] }
})
const sleeps = {
  spec: { ...on, containers: [{ name: "main", image: "i", lifecycle: { preStop: { sleep: { seconds: 5 } } } }] }
}

/** Of the end of a pod. */
const ends: Examples = {
  L60: {
    broken: [node(0, "True"), { spec: on }, marked(2), node(43, "True"), node(45, "True")],
    kept: [node(0, "True"), { spec: on }, marked(2), gone(marked(40)), node(60, "True")]
  },
  L61: {
    broken: [{ spec: on }, marked(2), gone(marked(3, { containerStatuses: [over] }, 0))],
    kept: [
      { spec: on },
      marked(2),
      marked(3, { phase: "Succeeded", containerStatuses: [over] }),
      gone(marked(4, { phase: "Succeeded" }, 0))
    ]
  },
  L62: {
    broken: [{ spec: on }, marked(2), marked(5), marked(8, { containerStatuses: [anew] })],
    kept: [{ spec: on }, marked(2, { observedGeneration: 1 }), marked(8), marked(9, { containerStatuses: [anew] })]
  },
  L63: { broken: [marked(1), signal(2, 15), signal(8, 9)], kept: [marked(1), signal(2, 15), signal(12, 9)] },
  L64: {
    broken: [sleeps, { ...marked(1), ...sleeps }, signal(4, 15)],
    kept: [sleeps, { ...marked(1), ...sleeps }, told("Killing"), told("FailedPreStopHook"), signal(6, 15)]
  },
  L65: {
    broken: [{}, { ...marked(1), spec: {} }, { at: 9, kind: "Node" }],
    kept: [{}, gone({ ...marked(1), spec: {} })]
  },
  L66: {
    broken: [node(0, "True"), { spec: on }, marked(2), node(50, "Unknown"), gone(marked(60))],
    kept: [node(0, "True"), { spec: on }, marked(2), node(50, "Unknown"), marked(60, {}, 0), gone(marked(61, {}, 0))]
  },
  L96: {
    broken: [{ status: { startTime: time(2), containerStatuses: [runs] } }],
    kept: [{ status: { startTime: time(1), containerStatuses: [over] } }]
  },
  L97: {
    broken: [
      { status: { containerStatuses: [over] } },
      { status: { containerStatuses: [containerStatus({ containerID: "c://2", state: { waiting: {} } })] } }
    ],
    kept: [{ status: { containerStatuses: [over] } }, { status: { containerStatuses: [anew] } }]
  }
}

/** Of nodes, and of what they do to their pods. */
const nodes: Examples = {
  L70: {
    broken: [{ spec: { ...on, schedulingGates: [{ name: "g" }] } }],
    kept: [{ spec: { schedulingGates: [{ name: "g" }] } }]
  },
  L71: {
    broken: [node(0, "True", { cpu: "1" }), asks("p", "600m"), asks("q", "500m"), node(13, "True", { cpu: "1" })],
    kept: [node(0, "True", { cpu: "1" }), asks("p", "600m"), asks("q", "400m")]
  },
  L80: {
    broken: [node(0, "True"), lease(1), { at: 72 }],
    kept: [node(0, "True"), lease(1), lease(11), node(70, "Unknown"), { at: 200 }]
  },
  L81: {
    broken: [node(0, "True"), { spec: on }, node(2, "True", { taints }), { at: 33, metadata: { name: "q" } }],
    kept: [node(0, "True"), { spec: on }, node(2, "True", { taints }), marked(3)]
  },
  L82: {
    broken: [node(0, "True"), { spec: on, status: ready }, node(2, "Unknown"), { at: 33, metadata: { name: "q" } }],
    kept: [node(0, "True"), { spec: on, status: ready }, node(2, "Unknown"), { spec: on }]
  }
}

/** Of workloads. */
const workloads: Examples = {
  L90: {
    broken: [{ metadata: { ownerReferences: [...owned("A").ownerReferences, ...owned("B").ownerReferences] } }],
    kept: [{ metadata: owned("A") }]
  },
  L91: {
    broken: [
      workload(0, "StatefulSet", { replicas: 2 }),
      podOf(1, "StatefulSet", "w-0", {}),
      podOf(2, "StatefulSet", "w-1")
    ],
    kept: [workload(0, "StatefulSet", { replicas: 2 }), podOf(1, "StatefulSet", "w-0"), podOf(2, "StatefulSet", "w-1")]
  },
  L92: {
    broken: [
      workload(0, "Deployment", rolling),
      replicaSet(1, 3),
      ...["a", "b", "c"].map((name, place) => podOf(place + 2, "ReplicaSet", name)),
      { at: 35, kind: "Node" }
    ],
    kept: [
      workload(0, "Deployment", rolling),
      replicaSet(1, 2),
      ...["a", "b"].map((name, place) => podOf(place + 2, "ReplicaSet", name)),
      { at: 35, kind: "Node" }
    ]
  },
  L93: { broken: [complete("True"), complete("False")], kept: [complete("False"), complete("True"), complete("True")] },
  L94: {
    broken: [service, { at: 1 }, endpoint(2, true), marked(3), { at: 14, kind: "Node" }],
    kept: [service, { at: 1 }, endpoint(2, true), marked(3), endpoint(4, false), { at: 14, kind: "Node" }]
  },
  L95: {
    broken: [workload(0, "ReplicaSet", { replicas: 2 }), podOf(1, "ReplicaSet", "a"), { at: 122, kind: "Node" }],
    kept: [
      workload(0, "ReplicaSet", { replicas: 2 }),
      podOf(1, "ReplicaSet", "a"),
      podOf(2, "ReplicaSet", "b"),
      { at: 122, kind: "Node" }
    ]
  }
}

export const clusterExamples: Examples = { ...ends, ...nodes, ...workloads }
