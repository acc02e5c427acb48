/** How a DaemonSet is rolled out (`pkg/controller/daemon/update.go`; C-296, C-297). */
import type { Instant } from "../../../event/Instant.ts"
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { mapping, text } from "../../apiserver/fields.ts"
import { scaledValue } from "../../apiserver/intOrPercent.ts"
import { isPodAvailable } from "../podAvailability.ts"
import { isDaemonPodUpdated } from "./daemonPod.ts"
import { minReadyOf } from "./daemonsOnNode.ts"

export interface RollOut {
  readonly set: KubernetesObject
  readonly hash: string
  readonly now: Instant
  /** The pods by their node; also of nodes that want one and have none. */
  readonly byNode: ReadonlyMap<string, ReadonlyArray<PodObject>>
  /** How many nodes want a pod. */
  readonly desired: number
  readonly shouldRun: (node: string) => boolean
}

export interface RollOutDecision {
  readonly remove: ReadonlyArray<PodObject>
  /** Nodes that get a new pod beside the old one. */
  readonly create: ReadonlyArray<string>
}

const rollingUpdateOf = (set: KubernetesObject): JsonObject => {
  const strategy = mapping(mapping(set, "spec"), "updateStrategy")
  return text(strategy, "type") === "RollingUpdate" ? mapping(strategy, "rollingUpdate") : {}
}

const count = (set: KubernetesObject, key: string, of: number): number =>
  scaledValue(rollingUpdateOf(set)[key] ?? 0, of, "up") ?? 0

export const allowsSurge = (set: KubernetesObject): boolean => count(set, "maxSurge", 1) > 0

interface Pair {
  readonly fresh: PodObject | undefined
  readonly old: PodObject | undefined
}

/** findUpdatedPodsOnNode: `undefined` if there are more than one of a kind. */
const pairOn = ({ hash, set }: RollOut, pods: ReadonlyArray<PodObject>): Pair | undefined => {
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  const fresh = staying.filter((pod) => isDaemonPodUpdated(set, pod, hash))
  const old = staying.filter((pod) => !fresh.includes(pod))
  return fresh.length > 1 || old.length > 1 ? undefined : { fresh: fresh[0], old: old[0] }
}

/** Old pods that are not available go at once, whatever the budget; of the others as many as it allows. */
const withoutSurge = (rollOut: RollOut, maxUnavailable: number): RollOutDecision => {
  const { byNode, now, set } = rollOut
  const isAvailable = (pod: PodObject): boolean => isPodAvailable(pod, minReadyOf(set), now)
  const [replaced, candidates]: [Array<PodObject>, Array<PodObject>] = [[], []]
  let unavailable = 0
  for (const pods of byNode.values()) {
    const pair = pairOn(rollOut, pods)
    if (pair === undefined || (pair.old === undefined) === (pair.fresh === undefined)) unavailable++
    else if (pair.fresh !== undefined) unavailable += isAvailable(pair.fresh) ? 0 : 1
    else if (pair.old !== undefined && !isAvailable(pair.old)) {
      replaced.push(pair.old)
      unavailable++
    } else if (pair.old !== undefined && unavailable < maxUnavailable) candidates.push(pair.old)
  }
  return { remove: [...replaced, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))], create: [] }
}

/** New pods beside old ones, as many as may be; an old one goes when its new one is available. */
const withSurge = (rollOut: RollOut, maxSurge: number): RollOutDecision => {
  const { byNode, desired, now, set, shouldRun } = rollOut
  const isAvailable = (pod: PodObject): boolean => isPodAvailable(pod, minReadyOf(set), now)
  const [remove, misplaced]: [Array<PodObject>, Array<PodObject>] = [[], []]
  const [allowed, candidates]: [Array<string>, Array<string>] = [[], []]
  let [surge, available] = [0, 0]
  for (const [node, pods] of byNode) {
    const pair = pairOn(rollOut, pods)
    if (pair === undefined) {
      surge++
      continue
    }
    const { fresh, old } = pair
    const counted = old ?? fresh
    if (counted !== undefined && isAvailable(counted)) available++
    if (old === undefined) continue
    if (fresh !== undefined) {
      if (isAvailable(fresh)) remove.push(old)
      else surge++
    } else if (!isAvailable(old)) {
      if (shouldRun(node)) allowed.push(node)
      else remove.push(old)
    } else if (!shouldRun(node)) misplaced.push(old)
    else if (surge < maxSurge) candidates.push(node)
  }
  const spare = Math.max(0, available - desired)
  return {
    remove: [...remove, ...misplaced.slice(0, spare)],
    create: [...allowed, ...candidates.slice(0, Math.max(0, maxSurge - surge))]
  }
}

export const rollOutDaemons = (rollOut: RollOut): RollOutDecision => {
  const { desired, set } = rollOut
  const surge = count(set, "maxSurge", desired)
  if (surge > 0) return withSurge(rollOut, surge)
  const unavailable = count(set, "maxUnavailable", desired)
  return withoutSurge(rollOut, desired > 0 && unavailable === 0 ? 1 : unavailable)
}
