/** A Deployment's ReplicaSets: which is the new one, which are old, and in which order (`pkg/controller/deployment/util/deployment_util.go`). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import { mapping } from "../../apiserver/fields.ts"
import { madeOnce, rememberedEqual } from "../remembered.ts"
import type { DeploymentObject, ReplicaSetObject } from "./Deployment.ts"
import { desiredReplicas, replicaSetRevision } from "./revision.ts"

/** The label by which a ReplicaSet's pods are told from those of others of the same Deployment. */
export const HASH_LABEL = "pod-template-hash"

type ReplicaSets = ReadonlyArray<ReplicaSetObject>
type Order = (a: ReplicaSetObject, b: ReplicaSetObject) => number

/** ReplicaSetsByCreationTimestamp: from old to new. */
export const byCreation: Order = ({ metadata: a }, { metadata: b }) => {
  const [x, y] = [a.creationTimestamp ?? "", b.creationTimestamp ?? ""]
  return x === y ? (a.name < b.name ? -1 : 1) : x < y ? -1 : 1
}

/** ReplicaSetsBySizeOlder: the largest first, the older of two. */
export const bySizeOlder: Order = (a, b) => b.spec.replicas - a.spec.replicas || byCreation(a, b)

/** ReplicaSetsBySizeNewer: the largest first, the newer of two. */
export const bySizeNewer: Order = (a, b) => b.spec.replicas - a.spec.replicas || byCreation(b, a)

/** ReplicaSetsByRevision: from old to new. */
export const byRevision: Order = (a, b) => {
  const [x, y] = [replicaSetRevision(a), replicaSetRevision(b)]
  return x === undefined || y === undefined || x === y ? byCreation(a, b) : x < y ? -1 : 1
}

const sum = (all: ReplicaSets, of: (replicaSet: ReplicaSetObject) => number | undefined): number =>
  all.reduce((total, one) => total + (of(one) ?? 0), 0)

/** What they ought to have, what they have, what of it is ready, and what is available. */
export const replicaCount = (all: ReplicaSets): number => sum(all, ({ spec }) => spec.replicas)
export const actualReplicaCount = (all: ReplicaSets): number => sum(all, ({ status }) => status.replicas)
export const readyReplicaCount = (all: ReplicaSets): number => sum(all, ({ status }) => status.readyReplicas)
export const availableReplicaCount = (all: ReplicaSets): number => sum(all, ({ status }) => status.availableReplicas)

/** GetTerminatingReplicaCountForReplicaSets; `undefined`: one that was seen by its controller does not say. */
export const terminatingReplicaCount = (all: ReplicaSets): number | undefined => {
  const silent = all.some(
    ({ status }) => status.terminatingReplicas === undefined && (status.observedGeneration ?? 0) !== 0
  )
  return silent ? undefined : sum(all, ({ status }) => status.terminatingReplicas)
}

/** FilterActiveReplicaSets: those that ought to have pods. */
export const activeReplicaSets = (all: ReplicaSets): ReplicaSets => all.filter(({ spec }) => spec.replicas > 0)

/** A template without its hash; without any label it has no labels. */
const withoutHash = madeOnce((template): JsonObject => {
  const metadata = mapping(template, "metadata")
  const { [HASH_LABEL]: _, ...labels } = mapping(metadata, "labels")
  const { labels: __, ...others } = metadata
  return {
    ...template,
    metadata: {
      ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null)),
      ...(Object.keys(labels).length === 0 ? {} : { labels })
    }
  }
})

/** EqualIgnoreHash: do they make the same pods? */
export const equalIgnoreHash = (a: JsonObject, b: JsonObject): boolean =>
  rememberedEqual(withoutHash(a), withoutHash(b))

/** FindNewReplicaSet: the oldest with the Deployment's template. */
export const findNewReplicaSet = ({ spec }: DeploymentObject, all: ReplicaSets): ReplicaSetObject | undefined =>
  [...all].sort(byCreation).find((one) => equalIgnoreHash(one.spec.template, spec.template))

/** FindOldReplicaSets: all others, from old to new. */
export const findOldReplicaSets = (deployment: DeploymentObject, all: ReplicaSets): ReplicaSets => {
  const fresh = findNewReplicaSet(deployment, all)
  return [...all].sort(byCreation).filter((one) => one !== fresh)
}

/** FindActiveOrLatest: the one that can be scaled alone; `undefined`: several have pods, or there is none. */
export const findActiveOrLatest = (
  fresh: ReplicaSetObject | undefined,
  old: ReplicaSets
): ReplicaSetObject | undefined => {
  const active = activeReplicaSets(fresh === undefined ? old : [...old, fresh])
  if (active.length === 0) return fresh ?? [...old].sort(byCreation).at(-1)
  return active.length === 1 ? active[0] : undefined
}

/** IsSaturated: it has all pods that are wanted, it knows so, and all are available. */
export const isSaturated = ({ spec }: DeploymentObject, replicaSet: ReplicaSetObject | undefined): boolean =>
  replicaSet !== undefined &&
  replicaSet.spec.replicas === spec.replicas &&
  desiredReplicas(replicaSet) === spec.replicas &&
  (replicaSet.status.availableReplicas ?? 0) === spec.replicas

/** SetFromReplicaSetTemplate: the template of an old ReplicaSet as a Deployment's own. */
export const templateOf = ({ spec }: ReplicaSetObject): JsonObject => {
  const metadata = mapping(spec.template, "metadata")
  const { [HASH_LABEL]: _, ...labels } = mapping(metadata, "labels")
  return { ...spec.template, metadata: { ...metadata, ...(isJsonObject(metadata["labels"]) ? { labels } : {}) } }
}
