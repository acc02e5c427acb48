/** What becomes of a pod: its phases, and its conditions both ways. That it loses its node no cluster shows: L3. */
import type { PodSeen } from "../slice/pod.ts"
import { pod } from "../slice/pod.ts"
import { conditionOf } from "../vocabulary/pod.ts"
import { type Edge, goalsOf } from "./Edge.ts"

const phases: ReadonlyArray<readonly [string, string]> = [
  ["Pending", "Running"],
  ["Pending", "Succeeded"],
  ["Pending", "Failed"],
  ["Running", "Succeeded"],
  ["Running", "Failed"]
]

const phaseEdge = ([from, to]: readonly [string, string]): Edge<PodSeen> => ({
  id: `${from}-to-${to}`,
  says: `A pod goes from ${from} to ${to}`,
  taken: ({ before, pod: { status } }) => before?.pod.status.phase === from && status.phase === to
})

const made: Edge<PodSeen> = {
  id: "to-Pending",
  says: "A pod is made",
  taken: ({ before, pod: { status } }) => before === undefined && status.phase === "Pending"
}

const conditions: ReadonlyArray<readonly [string, string, string | undefined]> = [
  ["PodScheduled", "A pod gets a node", undefined],
  ["PodReadyToStartContainers", "A pod has a network", "A pod has its network no more"],
  ["Initialized", "The init containers of a pod are done", "The init containers of a pod begin anew"],
  ["ContainersReady", "All containers of a pod are ready", "Not all containers of a pod are ready any more"],
  ["Ready", "A pod becomes ready", "A pod is ready no more"]
]

const gets = (type: string, says: string): Edge<PodSeen> => ({
  id: `to-${type}`,
  says,
  taken: ({ before, pod: is }) =>
    before !== undefined && conditionOf(before.pod, type) !== "True" && conditionOf(is, type) === "True"
})

const loses = (type: string, says: string): Edge<PodSeen> => ({
  id: `from-${type}`,
  says,
  taken: ({ before, pod: is }) =>
    before !== undefined && conditionOf(before.pod, type) === "True" && conditionOf(is, type) === "False"
})

const conditionEdges = conditions.flatMap(([type, found, lost]) =>
  lost === undefined ? [gets(type, found)] : [gets(type, found), loses(type, lost)]
)

const waitsForRoom: Edge<PodSeen> = {
  id: "unschedulable",
  says: "No node is found for a pod",
  taken: ({ pod: { status } }) =>
    status.conditions?.some(({ reason, type }) => type === "PodScheduled" && reason === "Unschedulable") ?? false
}

export const podGoals = [
  ...goalsOf({
    name: "pod/phase",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase",
    each: pod,
    edges: [made, ...phases.map(phaseEdge)]
  }),
  ...goalsOf({
    name: "pod/condition",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions",
    each: pod,
    edges: [...conditionEdges, waitsForRoom]
  })
]
