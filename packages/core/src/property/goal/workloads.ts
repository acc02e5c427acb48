/** The stages of what is made of a workload's wish. */
import { isReplicaSet } from "../../decide/controller/deployment/Deployment.ts"
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import type { Property } from "../language/Property.ts"
import { type WorkloadSeen, workload } from "../slice/workload.ts"
import { type Edge, goalsOf } from "./Edge.ts"

const EMPTY: JsonObject = {}
const part = (object: KubernetesObject, field: "spec" | "status"): JsonObject => {
  const found = object[field]
  return isJsonObject(found) ? found : EMPTY
}
const wanted = (object: KubernetesObject): number => Number(part(object, "spec").replicas ?? 1)
const count = (object: KubernetesObject, field: string): number => Number(part(object, "status")[field] ?? 0)

const hasCondition = (object: KubernetesObject, type: string, status: string, reason?: string): boolean => {
  const { conditions } = part(object, "status")
  if (!Array.isArray(conditions)) return false
  return (conditions as ReadonlyArray<JsonObject>).some(
    (one) => one.type === type && one.status === status && (reason === undefined || one.reason === reason)
  )
}

type Stage = readonly [id: string, says: string, reached: (object: KubernetesObject) => boolean]

/** A stage that was not there at the moment before. */
const stage = ([id, says, reached]: Stage): Edge<WorkloadSeen> => ({
  id,
  says,
  taken: ({ before, object }) =>
    before !== undefined && before.object !== object && !reached(before.object) && reached(object)
})

const resized = (id: string, says: string, isIt: (was: number, is: number) => boolean): Edge<WorkloadSeen> => ({
  id,
  says,
  taken: ({ before, object }) => before !== undefined && isIt(wanted(before.object), wanted(object))
})

const sizes = (kind: string): ReadonlyArray<Edge<WorkloadSeen>> => [
  resized("scaled-up", `More pods are wanted of a ${kind}`, (was, is) => is > was),
  resized("scaled-down", `Fewer pods are wanted of a ${kind}`, (was, is) => is < was && is > 0),
  resized("scaled-to-zero", `No pods are wanted of a ${kind} any more`, (was, is) => was > 0 && is === 0)
]

const isAllNew = (object: KubernetesObject): boolean =>
  count(object, "updatedReplicas") === wanted(object) && count(object, "replicas") === wanted(object)

const deployments: ReadonlyArray<Edge<WorkloadSeen>> = [
  ...sizes("Deployment"),
  {
    id: "two-generations",
    says: "A Deployment has pods of two ReplicaSets",
    taken: ({ controlled }) =>
      controlled.filter((one) => isReplicaSet(one) && (one.status?.replicas ?? 0) > 0).length > 1
  },
  ...(
    [
      [
        "progressing",
        "The roll-out of a Deployment goes on",
        (one) => hasCondition(one, "Progressing", "True", "ReplicaSetUpdated")
      ],
      [
        "complete",
        "The roll-out of a Deployment is complete",
        (one) => hasCondition(one, "Progressing", "True", "NewReplicaSetAvailable") && isAllNew(one)
      ],
      [
        "timed-out",
        "The roll-out of a Deployment takes too long",
        (one) => hasCondition(one, "Progressing", "False", "ProgressDeadlineExceeded")
      ],
      [
        "unavailable",
        "A Deployment has too few pods that are available",
        (one) => hasCondition(one, "Available", "False")
      ],
      ["available", "A Deployment has enough pods that are available", (one) => hasCondition(one, "Available", "True")],
      ["refused", "A Deployment may not make its pods", (one) => hasCondition(one, "ReplicaFailure", "True")],
      ["paused", "A Deployment is paused", (one) => part(one, "spec").paused === true],
      ["resumed", "A Deployment is not paused any more", (one) => part(one, "spec").paused !== true]
    ] satisfies ReadonlyArray<Stage>
  ).map(stage)
]

const isRolling = (one: KubernetesObject): boolean => {
  const { currentRevision, updateRevision } = part(one, "status")
  return currentRevision !== undefined && currentRevision !== updateRevision
}

const statefulSets: ReadonlyArray<Edge<WorkloadSeen>> = [
  ...sizes("StatefulSet"),
  ...(
    [
      ["rolling", "A StatefulSet begins to replace its pods", isRolling],
      ["rolled", "A StatefulSet has replaced its pods", (one) => !isRolling(one)],
      [
        "all-ready",
        "All pods of a StatefulSet are ready",
        (one) => wanted(one) > 0 && count(one, "readyReplicas") === wanted(one)
      ]
    ] satisfies ReadonlyArray<Stage>
  ).map(stage)
]

const isEverywhere = (one: KubernetesObject): boolean => {
  const desired = count(one, "desiredNumberScheduled")
  return desired > 0 && count(one, "numberAvailable") === desired && count(one, "updatedNumberScheduled") === desired
}

const daemonSets: ReadonlyArray<Edge<WorkloadSeen>> = (
  [
    ["everywhere", "A DaemonSet has a pod on each of its nodes, of its last version", isEverywhere],
    ["not-everywhere", "A DaemonSet lacks a pod, or has an old one", (one) => !isEverywhere(one)],
    ["misplaced", "A DaemonSet has a pod where it wants none", (one) => count(one, "numberMisscheduled") > 0]
  ] satisfies ReadonlyArray<Stage>
).map(stage)

const jobs: ReadonlyArray<Edge<WorkloadSeen>> = (
  [
    ["active", "A Job has pods", (one) => count(one, "active") > 0],
    ["retried", "A pod of a Job has failed", (one) => count(one, "failed") > 0],
    ["suspended", "A Job is suspended", (one) => hasCondition(one, "Suspended", "True")],
    ["resumed", "A Job is suspended no more", (one) => hasCondition(one, "Suspended", "False")],
    ["complete", "A Job is complete", (one) => hasCondition(one, "Complete", "True")],
    ["failed", "A Job has failed", (one) => hasCondition(one, "Failed", "True")]
  ] satisfies ReadonlyArray<Stage>
).map(stage)

const machine = (kind: string, edges: ReadonlyArray<Edge<WorkloadSeen>>): ReadonlyArray<Property> =>
  goalsOf({
    name: kind.toLowerCase(),
    source: `kubernetes.io/docs/concepts/workloads/controllers/${kind.toLowerCase()}/`,
    each: workload.of(kind),
    edges
  })

export const workloadGoals: ReadonlyArray<Property> = [
  ...machine("Deployment", deployments),
  ...machine("StatefulSet", statefulSets),
  ...machine("DaemonSet", daemonSets),
  ...machine("Job", jobs)
]
