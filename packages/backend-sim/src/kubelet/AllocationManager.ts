/**
 * Grants pods the resources that they ask for: at once, when there is room again, or never (`pkg/kubelet/allocation/allocation_manager.go`;
 * K-360…K-363, K-366). A critical pod that grows waits like the others: nothing is preempted for it.
 */
import {
  type Allocation,
  admitPod,
  allocationFromPod,
  type Condition,
  isPodResizeInProgress,
  isTerminal,
  jsonEqual,
  listResize,
  type Micros,
  type NodeObject,
  noResize,
  type Pod,
  type PodObject,
  parsePod,
  podFromAllocation,
  podRequests,
  podResizeMessage,
  type ResizeConditions,
  type RuntimePodStatus,
  SECOND,
  setInProgress,
  setPending,
  sortPendingResizes
} from "@kubereel/core"
import type { Engine, Handle } from "../engine/Engine.ts"

/** How long resizes wait when nothing happens that could make room (retryDelay). */
const RETRY: Micros = 180 * SECOND

export interface AllocationOptions {
  readonly engine: Engine
  readonly entity: string
  /** What pods were granted, by UID: on disk (`pkg/kubelet/allocation/state`). */
  readonly allocated: Map<string, Allocation>
  /** The pod as the API server last sent it. */
  readonly getPod: (uid: string) => PodObject | undefined
  readonly activePods: () => ReadonlyArray<PodObject>
  readonly getNode: () => NodeObject | undefined
  /** Does the machine go down? */
  readonly shuttingDown: () => boolean
  /** The pod has to be looked at: what it was granted or what is said of it changed. */
  readonly sync: (pod: PodObject) => void
  readonly record: (pod: Pod, type: "Normal" | "Warning", reason: string, message: string) => void
}

export class AllocationManager {
  readonly #o: AllocationOptions
  readonly #conditions = new Map<string, ResizeConditions>()
  #pending: ReadonlyArray<string> = []
  #retry: Handle | undefined

  constructor(options: AllocationOptions) {
    this.#o = options
  }

  /** The pod was let in: with what it asks for, or with what a process of this kubelet before granted it. */
  admitted(pod: PodObject): void {
    const uid = uidOf(pod)
    if (!this.#o.allocated.has(uid)) this.#allocate(pod)
    if (this.granted(pod) !== pod && !this.#pending.includes(uid)) this.#pending = [...this.#pending, uid]
    const conditions = parsePod(pod).conditions
    const known = (type: string) => conditions.find((condition) => condition.type === type)
    this.#set(uid, { pending: known("PodResizePending"), inProgress: known("PodResizeInProgress") })
    this.retry()
  }

  /** A pod's object changed: other resources are granted at once or wait, and what it gives up others may take (K-360, K-363). */
  heard(known: PodObject | undefined, pod: PodObject): void {
    if (known === undefined) return
    if (known.spec !== pod.spec && !jsonEqual(resourcesOf(known), resourcesOf(pod))) this.#updated(pod)
    if (this.#pending.length === 0) return
    const ended = isTerminal(pod) && !isTerminal(known)
    if (ended || shrank(known, pod)) this.retry()
  }

  /** The pod with what it was granted instead of what it asks for. */
  granted<P extends Pod | PodObject>(pod: P): P {
    return podFromAllocation(pod, this.#o.allocated.get(uidOf(pod)))
  }

  /** PodResizePending and PodResizeInProgress, as far as there are any; none of a pod that is over. */
  conditions(uid: string, terminal: boolean): ReadonlyArray<Condition> {
    if (terminal) this.#conditions.delete(uid)
    return listResize(this.#of(uid))
  }

  forget(uid: string): void {
    this.#o.allocated.delete(uid)
    this.#conditions.delete(uid)
    this.#pending = this.#pending.filter((other) => other !== uid)
    this.retry()
  }

  #updated(pod: PodObject): void {
    const uid = uidOf(pod)
    if (!this.#o.allocated.has(uid)) return
    if (this.granted(pod) === pod) {
      this.#set(uid, { ...this.#of(uid), pending: undefined })
      this.#pending = this.#pending.filter((other) => other !== uid)
      return
    }
    if (!this.#pending.includes(uid)) this.#pending = [...this.#pending, uid]
    this.retry()
  }

  /** Tries all that wait: something happened that may have made room (K-363). */
  retry(): void {
    if (this.#pending.length === 0) return
    const waiting = this.#pending.flatMap((uid) => {
      const pod = this.#o.getPod(uid)
      const since = this.#of(uid).pending?.lastTransitionTime
      return pod === undefined ? [] : [{ pod, allocated: this.granted(pod), since }]
    })
    const left = sortPendingResizes(waiting).flatMap(({ pod }) => {
      const before = listResize(this.#of(uidOf(pod)))
      const allocated = this.#resize(pod)
      const changed = !jsonEqual(before as never, listResize(this.#of(uidOf(pod))) as never)
      if (allocated || changed) this.#o.sync(pod)
      return this.#of(uidOf(pod)).pending?.reason === "Deferred" ? [uidOf(pod)] : []
    })
    this.#pending = left
    if (this.#retry !== undefined) this.#o.engine.cancel(this.#retry)
    this.#retry = left.length === 0 ? undefined : this.#o.engine.after(this.#o.entity, RETRY, () => this.retry())
  }

  /** At the beginning of a sync: is what was granted what runs? The end of a resize is noticed here (K-366). */
  observe(pod: Pod, runtime: RuntimePodStatus): void {
    const uid = uidOf(pod)
    const known = this.#of(uid)
    if (isPodResizeInProgress(pod.spec, runtime)) {
      const verdict = { generation: pod.metadata.generation }
      this.#set(uid, setInProgress(known, verdict, this.#o.engine.now).conditions)
    } else if (known.inProgress !== undefined) {
      this.#set(uid, { ...known, inProgress: undefined })
      const { observedGeneration } = known.inProgress
      const message = podResizeMessage("Pod resize completed", pod.spec, observedGeneration, undefined)
      this.#o.record(pod, "Normal", "ResizeCompleted", message)
    }
  }

  /** It could not be carried out; that is told once (K-365). */
  failed(pod: Pod, message: string): void {
    const verdict = { reason: "Error", message, generation: pod.metadata.generation }
    const { changed, conditions } = setInProgress(this.#of(uidOf(pod)), verdict, this.#o.engine.now)
    this.#set(uidOf(pod), conditions)
    if (!changed) return
    const { observedGeneration } = conditions.inProgress ?? {}
    this.#o.record(
      pod,
      "Warning",
      "ResizeError",
      podResizeMessage("Pod resize error", pod.spec, observedGeneration, message)
    )
  }

  /** handlePodResourcesResize: whether the pod was granted what it asks for. */
  #resize(object: PodObject): boolean {
    const [pod, uid, now] = [parsePod(object), uidOf(object), this.#o.engine.now]
    const known = this.#of(uid)
    const { generation } = object.metadata
    if (this.granted(object) === object) {
      this.#set(uid, { ...known, pending: undefined })
      return false
    }
    const refusal = this.#refusal(object)
    if (refusal === undefined) {
      this.#allocate(object)
      this.#set(uid, setInProgress(noResize, { generation }, now).conditions)
      const message = podResizeMessage("Pod resize started", pod.spec, generation, undefined)
      this.#o.record(pod, "Normal", "ResizeStarted", message)
      return true
    }
    const { conditions, told } = setPending(known, { ...refusal, generation }, now)
    this.#set(uid, conditions)
    if (told) {
      const event = refusal.reason === "Infeasible" ? "ResizeInfeasible" : "ResizeDeferred"
      const message = podResizeMessage(`Pod resize ${refusal.reason}`, pod.spec, generation, refusal.message)
      this.#o.record(pod, "Warning", event, message)
    }
    return false
  }

  /** canAdmitPod, with the others as they were granted. Priority would only let it preempt. */
  #refusal(object: PodObject): { readonly reason: string; readonly message: string } | undefined {
    const others = this.#o.activePods().filter((other) => uidOf(other) !== uidOf(object))
    const pod = { ...object, spec: { ...object.spec, priority: 0 } }
    const otherPods = others.map((other) => this.granted(other))
    const answer = admitPod({
      pod,
      otherPods: () => otherPods,
      node: this.#o.getNode(),
      pressure: [],
      shuttingDown: this.#o.shuttingDown()
    })
    return answer?._tag === "Refusal" ? answer : undefined
  }

  #allocate(pod: PodObject): void {
    this.#o.allocated.set(uidOf(pod), allocationFromPod(pod.spec))
  }

  #of(uid: string): ResizeConditions {
    return this.#conditions.get(uid) ?? noResize
  }

  #set(uid: string, conditions: ResizeConditions): void {
    this.#conditions.set(uid, conditions)
  }
}

const resourcesOf = ({ spec }: PodObject) => [
  spec.resources ?? null,
  ...[...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }) => resources ?? null)
]

/** What a pod holds is what it is given until its status says that it has less. */
const heldBy = ({ status }: PodObject) =>
  podRequests({
    containers: (status.containerStatuses ?? []).map(({ name, image, resources = {} }) => ({ name, image, resources }))
  })

const shrank = (known: PodObject, pod: PodObject): boolean => {
  const [before, now] = [heldBy(known), heldBy(pod)]
  return now.memory < before.memory || now.milliCPU < before.milliCPU
}

const uidOf = (pod: Pod | PodObject): string => pod.metadata.uid ?? ""
