/**
 * Who is to be scheduled, when (`pkg/scheduler/backend/queue`): a heap of pods that are ready to be tried, a heap of pods that
 * wait a little after a failure, and a pool of pods that wait for a change in the cluster.
 *
 * With SchedulerPopFromBackoffQ (on since 1.33) a pod of the second heap is tried early when the first one is empty; only
 * after an error that was no rule's doing it waits its time out.
 */
import {
  type ClusterChange,
  type Instant,
  isWorthRequeuing,
  listeners,
  type Micros,
  type PluginName,
  type PodInfo,
  SchedulerCache,
  SECOND
} from "@kubereel/core"

const INITIAL_BACKOFF = 1 * SECOND
const MAX_BACKOFF = 10 * SECOND
/** Back-offs end at whole seconds (backoffQOrderingWindowDuration). */
const WINDOW = 1 * SECOND
/** A pod stays no longer in the pool (DefaultPodMaxInUnschedulablePodsDuration), … */
export const MAX_IN_POOL: Micros = 5 * 60 * SECOND
/** … which is looked through that often. */
export const POOL_SWEEP: Micros = 30 * SECOND

export interface QueuedPod {
  info: PodInfo
  /** When it was last queued: the order among pods of one priority. */
  readonly queued: Instant
  /** Decides between pods that were queued in the same microsecond. */
  readonly turn: number
  /** How often it was tried. */
  readonly attempts: number
  /** Attempts that ended with a rule's no. */
  readonly refusals: number
  /** Errors since the last attempt that did not end with one. */
  readonly errors: number
  /** The rules that said no. */
  readonly rejectors: ReadonlySet<PluginName>
}

const backoff = ({ refusals, errors }: QueuedPod): Micros => {
  const count = errors > 0 ? errors : refusals
  return count === 0 ? 0 : Math.min(INITIAL_BACKOFF * 2 ** Math.min(count - 1, 10), MAX_BACKOFF)
}

const window = (at: number): number => Math.floor(at / WINDOW) * WINDOW

/** When its back-off is over, down to the window's start. */
const backoffEnd = (pod: QueuedPod): number => {
  const wait = backoff(pod)
  return wait === 0 ? 0 : window(pod.queued + wait)
}

/** The window itself still belongs to the back-off. */
const isBackingOff = (pod: QueuedPod, now: Instant): boolean => backoffEnd(pod) >= window(now) && backoff(pod) > 0

const activeFirst = (a: QueuedPod, b: QueuedPod): number =>
  b.info.priority - a.info.priority || a.queued - b.queued || a.turn - b.turn
const backoffFirst = (a: QueuedPod, b: QueuedPod): number => backoffEnd(a) - backoffEnd(b) || activeFirst(a, b)

/** Pods in an order: a heap, in which those that left stay until they come to its top. */
class Line {
  readonly #heap: Array<QueuedPod> = []
  readonly #gone = new Set<QueuedPod>()
  readonly #order: (a: QueuedPod, b: QueuedPod) => number

  constructor(order: (a: QueuedPod, b: QueuedPod) => number) {
    this.#order = order
  }

  get first(): QueuedPod | undefined {
    for (let top = this.#heap[0]; top !== undefined && this.#gone.delete(top); top = this.#heap[0]) this.#removeTop()
    return this.#heap[0]
  }

  add(pod: QueuedPod): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(pod)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (above === undefined || this.#order(above, pod) <= 0) break
      heap[at] = above
      at = parent
    }
    heap[at] = pod
  }

  pop(): QueuedPod | undefined {
    const { first } = this
    if (first !== undefined) this.#removeTop()
    return first
  }

  /** One that is in this line. */
  delete(pod: QueuedPod): void {
    this.#gone.add(pod)
  }

  #removeTop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const [one, other] = [heap[left], heap[left + 1]]
      if (one === undefined) break
      const isOther = other !== undefined && this.#order(other, one) < 0
      const child = isOther ? other : one
      if (this.#order(last, child) <= 0) break
      heap[at] = child
      at = isOther ? left + 1 : left
    }
    heap[at] = last
  }
}

interface Place {
  readonly pod: QueuedPod
  readonly line: Line
}

/** Which pods of the pool are looked at. */
export interface Among {
  /** This one alone. */
  readonly only?: string
  /** Those of at most this priority. */
  readonly upTo?: number
}

export class SchedulingQueue {
  readonly #active = new Line(activeFirst)
  readonly #backoff = new Line(backoffFirst)
  readonly #errors = new Line(backoffFirst)
  /** Where the pods of the three lines stand, by UID. */
  readonly #lined = new Map<string, Place>()
  /** Pods that wait for a change, by UID, the one that has waited longest first. */
  readonly #pool = new Map<string, QueuedPod>()
  readonly #cluster: SchedulerCache
  readonly #mayEnter: (uid: string) => boolean
  /** How many pods of the pool each rule turned down. */
  readonly #refused = new Map<PluginName, number>()
  #turns = 0

  /** `mayEnter`: is a pod of the pool free to be tried again? (PreEnqueue) */
  constructor(cluster: SchedulerCache = new SchedulerCache(), mayEnter: (uid: string) => boolean = () => true) {
    this.#cluster = cluster
    this.#mayEnter = mayEnter
  }

  has(uid: string): boolean {
    return this.#lined.has(uid) || this.#pool.has(uid)
  }

  /** A pod that was never tried. */
  add(info: PodInfo, now: Instant): void {
    this.delete(info.uid)
    this.#line(
      { info, queued: now, turn: this.#turns++, attempts: 0, refusals: 0, errors: 0, rejectors: new Set() },
      this.#active
    )
  }

  /** The next pod to try. It has left the queue until it is given back. */
  pop(): QueuedPod | undefined {
    const pod = this.#active.pop() ?? this.#backoff.pop()
    if (pod !== undefined) this.#lined.delete(pod.info.uid)
    return pod
  }

  /** A pod that was tried in vain. Without rejectors it was an error: it waits its back-off out, whatever happens. */
  giveBack(pod: QueuedPod, rejectors: ReadonlySet<PluginName>, now: Instant): void {
    const isError = rejectors.size === 0
    const next: QueuedPod = {
      info: pod.info,
      queued: now,
      turn: this.#turns++,
      attempts: pod.attempts + 1,
      refusals: pod.refusals + (isError ? 0 : 1),
      errors: isError ? pod.errors + 1 : 0,
      rejectors
    }
    if (isError) return this.#line(next, this.#errors)
    this.#pool.set(next.info.uid, next)
    this.#count(next, 1)
  }

  /** The pod's next version. */
  update(info: PodInfo): void {
    const pod = this.#lined.get(info.uid)?.pod ?? this.#pool.get(info.uid)
    if (pod !== undefined) pod.info = info
  }

  delete(uid: string): void {
    const place = this.#lined.get(uid)
    place?.line.delete(place.pod)
    this.#lined.delete(uid)
    this.#leavePool(uid)
  }

  /** Moves those pods of the pool for which the change may make a difference. */
  move(change: ClusterChange, now: Instant, among: Among = {}): void {
    const interested = listeners(change._tag)
    if (interested !== undefined && !interested.some((plugin) => (this.#refused.get(plugin) ?? 0) > 0)) return
    const { only, upTo = Number.POSITIVE_INFINITY } = among
    const pods = only === undefined ? [...this.#pool.values()] : [this.#pool.get(only)]
    for (const pod of pods) {
      if (pod === undefined || pod.info.priority > upTo) continue
      if (isWorthRequeuing(pod.info, pod.rejectors, change, this.#cluster)) this.#requeue(pod, now)
    }
  }

  /** Lets go the pods that have been in the pool for too long. */
  sweepPool(now: Instant): void {
    for (const pod of [...this.#pool.values()]) if (now - pod.queued > MAX_IN_POOL) this.#requeue(pod, now)
  }

  /** Lets go the pods whose error was long enough ago. */
  flushErrors(now: Instant): void {
    for (let pod = this.#errors.first; pod !== undefined && !isBackingOff(pod, now); pod = this.#errors.first) {
      this.#errors.pop()
      this.#line(pod, this.#active)
    }
  }

  /** The next moment at which `flushErrors` has something to do: the end of the window in which the first back-off ends. */
  get nextFlush(): Instant | undefined {
    const first = this.#errors.first
    return first === undefined ? undefined : ((backoffEnd(first) + WINDOW) as Instant)
  }

  /** Since when the pod is in the pool that has been there longest. */
  get oldestInPool(): Instant | undefined {
    return this.#pool.values().next().value?.queued
  }

  /** Is there a pod in the pool that would be tried again if any other went away? */
  get awaitsDeletion(): boolean {
    return (this.#refused.get("NodeResourcesFit") ?? 0) > 0
  }

  #requeue(pod: QueuedPod, now: Instant): void {
    if (!this.#mayEnter(pod.info.uid)) return
    this.#leavePool(pod.info.uid)
    this.#line(pod, isBackingOff(pod, now) ? this.#backoff : this.#active)
  }

  #leavePool(uid: string): void {
    const pod = this.#pool.get(uid)
    if (pod === undefined) return
    this.#pool.delete(uid)
    this.#count(pod, -1)
  }

  #count({ rejectors }: QueuedPod, difference: 1 | -1): void {
    for (const plugin of rejectors) this.#refused.set(plugin, (this.#refused.get(plugin) ?? 0) + difference)
  }

  #line(pod: QueuedPod, line: Line): void {
    line.add(pod)
    this.#lined.set(pod.info.uid, { pod, line })
  }
}
