/** `kubectl drain`: no new pods, then those that are there are evicted and waited for (`k8s.io/kubectl/pkg/drain/drain.go`, `pkg/cmd/drain/drain.go`). */
import {
  aggregateErrors,
  type Drain,
  daemonSetOf,
  drainErrors,
  drainVerdict,
  type Instant,
  isGivenUp,
  isPod,
  later,
  type PodObject,
  SECOND,
  type Status
} from "@kubereel/core"
import type { ApiServer } from "../apiserver/ApiServer.ts"
import type { Store } from "../apiserver/Store.ts"
import { Client, refusalOf } from "../client/Client.ts"
import { type Course, carryOut, together } from "../client/Course.ts"
import { RateLimiter } from "../client/RateLimiter.ts"
import type { Engine } from "../engine/Engine.ts"
import { stream } from "../engine/Random.ts"
import { type Quantiles, quantile } from "../profile/quantiles.ts"

/** How long it waits when a budget forbids an eviction (EvictErrorRetryDelay). */
const RETRY = 5 * SECOND

interface DrainTools {
  readonly engine: Engine
  readonly entity: string
  readonly store: Store
  readonly client: Client
}

const nameOf = ({ metadata: { name, namespace = "" } }: PodObject) => ({ kind: "Pod", namespace, name })

/** `1m30s`, as Go prints a duration. */
const goDuration = (micros: number): string => {
  const seconds = micros / SECOND
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)]
  const rest = `${seconds % 60}s`
  if (hours > 0) return `${hours}h${minutes}m${rest}`
  return minutes > 0 ? `${minutes}m${rest}` : rest
}

class Draining {
  readonly #tools: DrainTools
  readonly #flags: Drain
  readonly #deadline: Instant | undefined

  constructor(tools: DrainTools, flags: Drain) {
    this.#tools = tools
    this.#flags = flags
    this.#deadline =
      flags.timeout === undefined || flags.timeout === 0 ? undefined : later(tools.engine.now, flags.timeout)
  }

  /** What went wrong. */
  *run(): Course<ReadonlyArray<string>> {
    const chosen = yield* this.#choose()
    if (chosen.errors.length > 0) return chosen.errors
    const { disableEviction } = this.#flags
    const errors = disableEviction ? yield* this.#deleteAll(chosen.pods) : yield* this.#evictAll(chosen.pods)
    return errors.length > 0 || this.#deadline === undefined ? errors : yield* this.#wait(chosen.pods)
  }

  *#choose(): Course<{ readonly pods: ReadonlyArray<PodObject>; readonly errors: ReadonlyArray<string> }> {
    const { client, engine, store } = this.#tools
    const { node, podSelector = {} } = this.#flags
    const labels = Object.entries(podSelector)
    const there = store.list("Pod").filter(isPod)
    const pods: Array<PodObject> = []
    const stopping: Array<{ readonly pod: PodObject; readonly fatal: string }> = []
    for (const pod of there) {
      if (pod.spec.nodeName !== node || !labels.every(([key, value]) => pod.metadata.labels?.[key] === value)) continue
      const daemonSet = daemonSetOf(pod)
      const of = { kind: "DaemonSet", namespace: pod.metadata.namespace ?? "", name: daemonSet ?? "" }
      const exists = daemonSet !== undefined && (yield* client.get(of)) !== undefined
      const verdict = drainVerdict(pod, this.#flags, exists, engine.now)
      if (typeof verdict === "object") stopping.push({ pod, ...verdict })
      else if (verdict === "take") pods.push(pod)
    }
    return { pods, errors: drainErrors(stopping) }
  }

  *#evictAll(pods: ReadonlyArray<PodObject>): Course<ReadonlyArray<string>> {
    const { engine, entity } = this.#tools
    const courses = pods.map((pod) => this.#evict(pod))
    return (yield* together(engine, entity, courses)).flatMap((error) => error ?? [])
  }

  /** Until it is allowed, or for as long as there is time. */
  *#evict(pod: PodObject): Course<string | undefined> {
    const { client, engine } = this.#tools
    const of = nameOf(pod)
    const what = `error when evicting pods/"${of.name}" -n "${of.namespace}"`
    for (;;) {
      if (this.#deadline !== undefined && engine.now >= this.#deadline)
        return `${what}: global timeout reached: ${goDuration(this.#flags.timeout ?? 0)}`
      const refusal = refusalOf(yield* client.evict(of, this.#options))
      if (refusal === undefined || refusal.code === 404) return undefined
      if (refusal.code !== 429) return `${what}: ${refusal.message ?? ""}`
      yield RETRY
    }
  }

  *#deleteAll(pods: ReadonlyArray<PodObject>): Course<ReadonlyArray<string>> {
    for (const pod of pods) {
      const refusal: Status | undefined = refusalOf(yield* this.#tools.client.delete(nameOf(pod), this.#options))
      if (refusal !== undefined && refusal.code !== 404) return [refusal.message ?? ""]
    }
    return []
  }

  /** Looking every second shows nothing but whether they are gone in time. */
  *#wait(pods: ReadonlyArray<PodObject>): Course<ReadonlyArray<string>> {
    const { engine, store } = this.#tools
    yield Math.max((this.#deadline ?? engine.now) - engine.now, 0)
    return pods.flatMap((pod) => {
      const { name, namespace } = nameOf(pod)
      const still = store.get("Pod", namespace, name)
      const gone = still === undefined || still.metadata.uid !== pod.metadata.uid
      if (gone || isGivenUp(still, this.#flags.skipWaitForDeleteTimeout, engine.now)) return []
      return [
        `error when waiting for pod "${name}" in namespace "${namespace}" to terminate: context deadline exceeded`
      ]
    })
  }

  get #options() {
    const { gracePeriodSeconds } = this.#flags
    return gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }
  }
}

/** What kubectl allows itself (`k8s.io/cli-runtime/pkg/genericclioptions/config_flags.go`). */
const LIMIT = { qps: 50, burst: 300 }

export interface DrainOptions extends Omit<DrainTools, "client" | "entity"> {
  readonly seed: number
  readonly api: ApiServer
  /** From a request to its answer. */
  readonly request: Quantiles
  /** Told what went wrong. */
  readonly failed: (message: string) => void
}

/** Begins to drain the node, which is cordoned already. */
export const drainNode = ({ api, engine, failed, request, seed, store }: DrainOptions, flags: Drain): void => {
  const entity = `kubectl/drain/${flags.node}`
  const random = stream(seed, entity)
  const limiter = new RateLimiter(LIMIT.qps, LIMIT.burst)
  const client = new Client({ engine, api, limiter, latency: () => quantile(request, random.next()) })
  carryOut(engine, entity, new Draining({ engine, entity, store, client }, flags).run(), (errors) => {
    const why = aggregateErrors(errors)
    if (why !== undefined) failed(`unable to drain node "${flags.node}" due to error: ${why}`)
  })
}
