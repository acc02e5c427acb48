/** What is not as it should be in a cluster: for whoever waits until everything is ready (`kubectl rollout status`, `kubectl wait --for=condition=Ready`). */
import {
  isPod,
  isPodReady,
  type JsonObject,
  type KubernetesObject,
  type PodObject,
  specOf,
  statusOf
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"

const count = (of: JsonObject, field: string): number => (typeof of[field] === "number" ? of[field] : 0)

const named = ({ kind, metadata: { name, namespace } }: KubernetesObject): string => `${kind} ${namespace}/${name}`

/** Nobody has looked at what is asked for now. */
const isUnseen = (object: KubernetesObject): boolean =>
  count(statusOf(object), "observedGeneration") < (object.metadata.generation ?? 0)

const replicas = (object: KubernetesObject): number => {
  const { replicas: asked = 1 } = specOf(object)
  return typeof asked === "number" ? asked : 1
}

/** `ready` of `wanted`, where too few are. */
const tooFew = (object: KubernetesObject, ready: number, wanted: number): string | undefined => {
  if (isUnseen(object)) return `${named(object)} was just changed`
  return ready < wanted ? `${named(object)}: ${ready} of ${wanted} pods are ready` : undefined
}

const hasCondition = (object: KubernetesObject, ...types: ReadonlyArray<string>): boolean => {
  const { conditions } = statusOf(object)
  return (
    Array.isArray(conditions) &&
    conditions.some(
      (one) => types.includes((one as JsonObject)["type"] as string) && (one as JsonObject)["status"] === "True"
    )
  )
}

const kinds: { readonly [kind: string]: (object: KubernetesObject) => string | undefined } = {
  Deployment: (object) => {
    const status = statusOf(object)
    const wanted = replicas(object)
    const old = count(status, "replicas") - count(status, "updatedReplicas")
    return (
      tooFew(object, Math.min(count(status, "availableReplicas"), count(status, "updatedReplicas")), wanted) ??
      (old > 0 ? `${named(object)}: ${old} old pods are still there` : undefined)
    )
  },
  ReplicaSet: (object) => tooFew(object, count(statusOf(object), "readyReplicas"), replicas(object)),
  ReplicationController: (object) => tooFew(object, count(statusOf(object), "readyReplicas"), replicas(object)),
  StatefulSet: (object) => tooFew(object, count(statusOf(object), "readyReplicas"), replicas(object)),
  DaemonSet: (object) => {
    const status = statusOf(object)
    return tooFew(object, count(status, "numberReady"), count(status, "desiredNumberScheduled"))
  },
  Job: (object) =>
    hasCondition(object, "Complete", "Failed", "Suspended") ? undefined : `${named(object)} is not finished`
}

const podUnready = (pod: PodObject): string | undefined => {
  const { deletionTimestamp } = pod.metadata
  const { phase } = pod.status
  if (deletionTimestamp !== undefined) return `${named(pod)} is still ending`
  return phase === "Succeeded" || phase === "Failed" || isPodReady(pod) ? undefined : `${named(pod)} is not ready`
}

/** Pods of a Job run until they have ended: it is the Job that says when all is done. */
const isOfJob = ({ metadata }: KubernetesObject): boolean =>
  metadata.ownerReferences?.some(({ controller, kind }) => controller === true && kind === "Job") === true

/** The first thing that is not ready, in a sentence. */
export const unready = (store: Store): string | undefined => {
  for (const [kind, why] of Object.entries(kinds))
    for (const object of store.list(kind)) {
      const found = why(object)
      if (found !== undefined) return found
    }
  for (const pod of store.list("Pod")) {
    const found = isPod(pod) && !isOfJob(pod) ? podUnready(pod) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
