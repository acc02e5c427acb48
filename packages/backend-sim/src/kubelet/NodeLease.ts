/**
 * Renews its node's Lease every ten seconds (`component-helpers/apimachinery/lease/controller.go`; C-320). Renewals are known by their
 * times alone: the newest is written when somebody looks at the object and when the renewals stop, so that they cost nothing. No
 * recorder watches Leases: a reel shows none, and of all renewals in between a watcher in the cluster hears of the newest only.
 */
import {
  type Instant,
  type KubernetesObject,
  LEASE_RENEW_INTERVAL,
  LEASE_RENEW_JITTER,
  later,
  NODE_LEASE_NAMESPACE,
  newNodeLease,
  nextLeaseAttempt,
  renewedLease,
  toTime
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"
import { Alarm } from "../engine/Alarm.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { LeaseKeeper } from "./KubeletApi.ts"

export interface NodeLeaseOptions {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
  readonly store: Store
  /** Of the node. */
  readonly name: string
  /** Can the API server be reached? */
  readonly reachable: () => boolean
}

export class NodeLease implements LeaseKeeper {
  readonly #o: NodeLeaseOptions
  readonly #alarm: Alarm
  /** As it was written last. */
  #latest: KubernetesObject | undefined
  /** When it is renewed next; while that is not possible, since when. */
  #next: Instant
  /** What renews it is not at work: not yet, or because the API server cannot be reached. */
  #idle = true
  /** When it was renewed for the last time. */
  #renewed: Instant

  /** `up`: of a kubelet that is long up, whose node and lease are there when the cluster begins. */
  constructor(options: NodeLeaseOptions, up: boolean) {
    const { engine, entity, name, random, reachable, store } = options
    this.#o = options
    this.#renewed = engine.now
    this.#next = up ? later(engine.now, random.int(LEASE_RENEW_INTERVAL)) : engine.now
    this.#alarm = new Alarm(engine, entity, () => this.#sync())
    store.beforeLook("Lease", NODE_LEASE_NAMESPACE, name, () => this.#settle())
    if (up) this.#alarm.set(engine.now)
    else if (reachable()) this.connected()
  }

  /** The API server can no longer be reached. */
  cut(): void {
    this.#look()
    this.#alarm.set(undefined)
    this.#beIdle(true)
  }

  /** It can be reached: whoever has tried in vain tries again some time. */
  connected(): void {
    const { now } = this.#o.engine
    if (!this.#idle) return
    if (this.#latest !== undefined && this.#next > now) this.#beIdle(false)
    else this.#alarm.set(nextLeaseAttempt(this.#next, now))
  }

  /** The process ends; the lease stays and runs out. */
  stop(): void {
    this.cut()
  }

  /** Others are told whether they will hear of it. */
  #beIdle(idle: boolean): void {
    if (idle === this.#idle) return
    this.#idle = idle
    const { engine, name, store } = this.#o
    if (this.#latest === undefined) return
    store.renewed("Lease", name, idle ? engine.trueTime(this.#renewed) : undefined)
  }

  /** Creates it, or renews what is there. */
  #sync(): void {
    const { engine, store } = this.#o
    if (this.#next <= engine.now) this.#next = this.#after(engine.now)
    const found = this.#look()
    this.#renewed = engine.now
    this.#latest = found === undefined ? this.#create() : store.update(renewedLease(found, engine.now))
    // Without its node there is no lease: the next renewal tries again.
    if (this.#latest === undefined) this.#alarm.set(this.#next)
    else this.#beIdle(false)
  }

  #create(): KubernetesObject | undefined {
    const { engine, name, random, store } = this.#o
    const node = store.get("Node", undefined, name)
    if (node === undefined) return undefined
    const creationTimestamp = toTime(engine.trueTime(engine.now))
    const identity = { uid: random.uuid(), resourceVersion: store.nextVersion(), creationTimestamp }
    return store.create(newNodeLease(node, identity, engine.now))
  }

  /** The object, brought up to date. */
  #look(): KubernetesObject | undefined {
    return this.#o.store.get("Lease", NODE_LEASE_NAMESPACE, this.#o.name)
  }

  /** Writes the newest of the renewals that have happened. */
  #settle(): void {
    const { engine, store } = this.#o
    if (this.#idle || this.#latest === undefined) return
    let renewed: Instant | undefined
    for (; this.#next <= engine.now; this.#next = this.#after(this.#next)) renewed = this.#next
    if (renewed === undefined) return
    this.#renewed = renewed
    this.#latest = store.update(renewedLease(this.#latest, renewed))
  }

  #after(at: Instant): Instant {
    return later(at, LEASE_RENEW_INTERVAL + this.#o.random.int(LEASE_RENEW_INTERVAL * LEASE_RENEW_JITTER))
  }
}
