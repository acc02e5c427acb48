/** What a Deployment and its ReplicaSets remember in annotations (`pkg/controller/deployment/util/deployment_util.go`; C-273). */
import type { ObjectMeta } from "../../../event/KubernetesObject.ts"
import type { DeploymentObject, ReplicaSetObject } from "./Deployment.ts"
import { maxSurge } from "./fenceposts.ts"

/** Which roll-out made it. */
export const REVISION = "deployment.kubernetes.io/revision"
/** The roll-outs that it served before. */
const REVISION_HISTORY = "deployment.kubernetes.io/revision-history"
/** How many replicas the Deployment wanted when it was last scaled: another number is a scaling event. */
const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas"
/** The same with the surge. */
const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas"
/** Asks for a roll-back (`apps.DeprecatedRollbackTo`). */
export const ROLLBACK_TO = "deprecated.deployment.rollback.rollbackTo"

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
const notCopied = new Set([LAST_APPLIED, REVISION, REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, ROLLBACK_TO])

/** maxRevHistoryLengthInChars. */
const HISTORY_LENGTH = 2_000
const MAX_INT32 = 2_147_483_647

export interface Annotations {
  readonly [key: string]: string
}

const annotationsOf = ({ metadata }: { readonly metadata: ObjectMeta }): Annotations => metadata.annotations ?? {}

const MAX_INT64 = 2n ** 63n - 1n

/** As `strconv.ParseInt` takes it, 64 bits wide: a number of JavaScript would lose the last digits. */
const parseInteger = (text: string): bigint | undefined => {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const number = BigInt(text.replace(/^\+/, ""))
  return number > MAX_INT64 || number < -MAX_INT64 - 1n ? undefined : number
}

/** Revision: 0 if it has none, `undefined` if it is no number. */
export const replicaSetRevision = (object: ReplicaSetObject): bigint | undefined => {
  const text = annotationsOf(object)[REVISION]
  return text === undefined ? 0n : parseInteger(text)
}

const revisions = (all: ReadonlyArray<ReplicaSetObject>): ReadonlyArray<bigint> =>
  all.flatMap((one) => replicaSetRevision(one) ?? [])

const highestFirst = (all: ReadonlyArray<ReplicaSetObject>): ReadonlyArray<bigint> =>
  [...revisions(all), 0n, 0n].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0))

export const maxRevision = (all: ReadonlyArray<ReplicaSetObject>): bigint => highestFirst(all)[0] ?? 0n

/** LastRevision: the second of all. */
export const lastRevision = (all: ReadonlyArray<ReplicaSetObject>): bigint => highestFirst(all)[1] ?? 0n

const nonNegative = (replicaSet: ReplicaSetObject, key: string): number | undefined => {
  const text = annotationsOf(replicaSet)[key] ?? ""
  return /^\d+$/.test(text) && Number(text) <= MAX_INT32 ? Number(text) : undefined
}

export const desiredReplicas = (replicaSet: ReplicaSetObject): number | undefined =>
  nonNegative(replicaSet, DESIRED_REPLICAS)
export const maxReplicas = (replicaSet: ReplicaSetObject): number | undefined => nonNegative(replicaSet, MAX_REPLICAS)

/** SetReplicasAnnotations. */
export const replicasAnnotations = (deployment: DeploymentObject): Annotations => ({
  [DESIRED_REPLICAS]: String(deployment.spec.replicas),
  [MAX_REPLICAS]: String(deployment.spec.replicas + maxSurge(deployment))
})

/** ReplicasAnnotationsNeedUpdate. */
export const needReplicasAnnotations = (replicaSet: ReplicaSetObject, deployment: DeploymentObject): boolean =>
  Object.entries(replicasAnnotations(deployment)).some(([key, value]) => annotationsOf(replicaSet)[key] !== value)

const copied = (annotations: Annotations): Annotations =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => !notCopied.has(key)))

/** The older ones make way when there are too many. */
const history = (before: string, revision: string): string => {
  if (before === "") return revision
  const known = before.split(",")
  let length = before.length + revision.length + 1
  let first = 0
  while (length > HISTORY_LENGTH && first < known.length) length -= (known[first++] ?? "").length + 1
  return length <= HISTORY_LENGTH ? [...known.slice(first), revision].join(",") : before
}

/**
 * SetNewReplicaSetAnnotations: those that the Deployment's new ReplicaSet is to have; `undefined`: what it has will do.
 * `revision`: one more than that of all old ones; a higher one stays.
 */
export const newReplicaSetAnnotations = (
  deployment: DeploymentObject,
  replicaSet: ReplicaSetObject | undefined,
  revision: bigint
): Annotations | undefined => {
  const before = replicaSet === undefined ? {} : annotationsOf(replicaSet)
  const text = before[REVISION]
  const known = text === undefined || text === "" ? 0n : parseInteger(text)
  if (known === undefined) return undefined
  const raised = known < revision
  const after = {
    ...before,
    ...copied(annotationsOf(deployment)),
    ...(raised ? { [REVISION]: String(revision) } : {}),
    ...(raised && text !== undefined ? { [REVISION_HISTORY]: history(before[REVISION_HISTORY] ?? "", text) } : {}),
    ...(replicaSet === undefined ? replicasAnnotations(deployment) : {})
  }
  return Object.entries(after).some(([key, value]) => before[key] !== value) ? after : undefined
}

/** SetDeploymentAnnotationsTo: those of the ReplicaSet to which the Deployment goes back. */
export const rolledBackAnnotations = (deployment: DeploymentObject, replicaSet: ReplicaSetObject): Annotations => ({
  ...Object.fromEntries(Object.entries(annotationsOf(deployment)).filter(([key]) => notCopied.has(key))),
  ...copied(annotationsOf(replicaSet))
})

/** getRollbackTo: the revision that is asked for, 0 for the last; `undefined`: nobody asks. */
export const rollbackTo = (deployment: DeploymentObject): bigint | undefined =>
  parseInteger(annotationsOf(deployment)[ROLLBACK_TO] ?? "")
