/** How long a Job waits before it replaces failed pods (`pkg/controller/job/backoff_utils.go`; C-302). */
import { type Instant, later, type Micros, parseInstant, SECOND } from "../../../event/Instant.ts"
import type { ContainerStatus, PodObject } from "../../../event/KubernetesObject.ts"
import { isRestartableInitContainer } from "../../kubelet/containerRestart.ts"

const FIRST: Micros = 10 * SECOND
const MOST: Micros = 600 * SECOND

/** What a Job's controller remembers between its syncs. */
export interface BackoffRecord {
  readonly failuresAfterLastSuccess: number
  readonly lastFailure: Instant | undefined
}

export const noFailures: BackoffRecord = { failuresAfterLastSuccess: 0, lastFailure: undefined }

/** The last of them to end; `undefined` if one has not ended, or there is none. */
const lastFinish = (statuses: ReadonlyArray<ContainerStatus>, before: Instant | undefined): Instant | undefined => {
  let last = before
  for (const { state } of statuses) {
    const finished = parseInstant(String(state?.terminated?.["finishedAt"] ?? ""))
    if (finished === undefined) return undefined
    if (last === undefined || last < finished) last = finished
  }
  return last
}

const containersFinished = ({ spec, status }: PodObject): Instant | undefined => {
  const sidecars = new Set((spec.initContainers ?? []).filter(isRestartableInitContainer).map(({ name }) => name))
  const ofSidecars = (status.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name))
  return lastFinish(ofSidecars, lastFinish(status.containerStatuses ?? [], undefined))
}

const becameUnready = ({ status }: PodObject): Instant | undefined => {
  const ready = status.conditions?.find(({ type }) => type === "Ready")
  return ready?.status === "False" ? parseInstant(ready.lastTransitionTime ?? "") : undefined
}

const deletionAsked = ({ metadata }: PodObject): Instant | undefined => {
  const at = parseInstant(metadata.deletionTimestamp ?? "")
  return at === undefined ? undefined : later(at, -(metadata.deletionGracePeriodSeconds ?? 0) * SECOND)
}

/** getFinishedTime: of its containers, else since when it is not ready, else when its deletion was asked for, else its creation. */
export const finishedTime = (pod: PodObject): Instant =>
  containersFinished(pod) ??
  becameUnready(pod) ??
  deletionAsked(pod) ??
  parseInstant(pod.metadata.creationTimestamp ?? "") ??
  (0 as Instant)

const inOrder = (pods: ReadonlyArray<PodObject>): ReadonlyArray<Instant> => pods.map(finishedTime).sort((a, b) => a - b)

/** newBackoffRecord: a success makes all failures before it forgotten. */
export const nextBackoff = (
  before: BackoffRecord,
  newlySucceeded: ReadonlyArray<PodObject>,
  newlyFailed: ReadonlyArray<PodObject>
): BackoffRecord => {
  const [succeeded, failed] = [inOrder(newlySucceeded), inOrder(newlyFailed)]
  const lastSuccess = succeeded.at(-1)
  const counted = lastSuccess === undefined ? failed : failed.filter((at) => at > lastSuccess)
  if (lastSuccess !== undefined) return { failuresAfterLastSuccess: counted.length, lastFailure: counted.at(-1) }
  if (counted.length === 0) return before
  return {
    failuresAfterLastSuccess: before.failuresAfterLastSuccess + counted.length,
    lastFailure: counted.at(-1)
  }
}

/** getRemainingTimeForFailuresCount: 10 s after the first failure, each time twice as long, up to ten minutes. */
export const remainingBackoff = (failures: number, lastFailure: Instant | undefined, now: Instant): Micros => {
  if (failures === 0 || lastFailure === undefined) return 0
  const wait = Math.min(FIRST * 2 ** (failures - 1), MOST)
  return Math.max(wait - (now - lastFailure), 0)
}
