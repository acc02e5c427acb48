/** What a DaemonSet does about one node (`pkg/controller/daemon/daemon_controller.go`, podsShouldBeOnNode; C-295). */
import type { Instant } from "../../../event/Instant.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { integer, mapping } from "../../apiserver/fields.ts"
import { REVISION_HASH } from "../history/controllerHistory.ts"
import { isPodAvailable, isPodReady } from "../podAvailability.ts"
import type { Wanted } from "./daemonPod.ts"

export interface NodeDaemons {
  readonly set: KubernetesObject
  /** Of the current revision. */
  readonly hash: string
  readonly allowsSurge: boolean
  readonly wanted: Wanted
  /** `undefined`: there are none, and never were any since the last look. */
  readonly pods: ReadonlyArray<PodObject> | undefined
  readonly now: Instant
}

export interface NodeDecision {
  readonly needsPod: boolean
  readonly excess: ReadonlyArray<PodObject>
  readonly failed: ReadonlyArray<PodObject>
  readonly succeeded: ReadonlyArray<PodObject>
}

const NOTHING: NodeDecision = { needsPod: false, excess: [], failed: [], succeeded: [] }

export const minReadyOf = (set: KubernetesObject): number => integer(mapping(set, "spec"), "minReadySeconds") ?? 0

/** podByCreationTimestampAndPhase: those that have their node first, then the oldest. */
export const oldestFirst = (pods: ReadonlyArray<PodObject>): ReadonlyArray<PodObject> => {
  const order = ({ metadata, spec }: PodObject): string =>
    [(spec.nodeName ?? "") === "" ? 1 : 0, metadata.creationTimestamp ?? "", metadata.name].join(" ")
  return pods.toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
}

/** With surge there are two: the old one goes when it is not ready any more, or when the new one is available. */
const surplus = (pods: ReadonlyArray<PodObject>, { hash, now, set }: NodeDaemons): ReadonlyArray<PodObject> => {
  const sorted = oldestFirst(pods)
  const isNew = ({ metadata }: PodObject): boolean => metadata.labels?.[REVISION_HASH] === hash
  const [newest, oldest] = [sorted.find(isNew), sorted.find((pod) => !isNew(pod))]
  const others = sorted.filter((pod) => pod !== newest && pod !== oldest)
  if (newest === undefined || oldest === undefined) return others
  const replaced = !isPodReady(oldest) || isPodAvailable(newest, minReadyOf(set), now)
  return replaced ? [...others, oldest] : others
}

export const daemonsOnNode = (daemons: NodeDaemons): NodeDecision => {
  const { allowsSurge, pods, wanted } = daemons
  if (wanted.run && pods === undefined) return { ...NOTHING, needsPod: true }
  const staying = (pods ?? []).filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  if (!wanted.stay) return { ...NOTHING, excess: staying }
  const of = (phase: string) => staying.filter(({ status }) => status.phase === phase)
  const [failed, succeeded] = [of("Failed"), of("Succeeded")]
  const running = staying.filter((pod) => !failed.includes(pod) && !succeeded.includes(pod))
  const decided = { ...NOTHING, failed, succeeded }
  if (!allowsSurge) return { ...decided, excess: oldestFirst(running).slice(1) }
  if (running.length === 0) return { ...decided, needsPod: wanted.run }
  return { ...decided, excess: running.length === 1 ? [] : surplus(running, daemons) }
}
