/**
 * Events do not stay: each is kept by a lease of an hour in etcd (`--event-ttl`), renewed when it is written again, and shared with
 * what is written about the same time (`k8s.io/apiserver/pkg/storage/etcd3/lease_manager.go`, GetLease; C-389).
 */
import { type Instant, type KubernetesObject, later, SECOND } from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { Store } from "./Store.ts"

const TTL = 3_600 * SECOND
/** A lease lasts so much longer than it has to, so that others can share it (defaultLeaseReuseDurationSeconds). */
const REUSE = 60 * SECOND
/** Writes that share a lease (defaultLeaseMaxObjectCount). */
const MOST_WRITES = 1_000

interface Lease {
  readonly expires: Instant
  readonly keys: Set<string>
  writes: number
}

const keyOf = ({ metadata: { name, namespace } }: KubernetesObject): string => `${namespace}/${name}`

/** Takes every Event out of the store when its time is over. */
export const expireEvents = (engine: Engine, store: Store): void => {
  const leases = new Set<Lease>()
  let newest: Lease | undefined

  /** Of what is left with it, in the order of etcd's keys. */
  const expire = (lease: Lease): void => {
    for (const key of [...lease.keys].sort()) {
      const [namespace, name = ""] = key.split("/")
      const event = store.get("Event", namespace, name)
      if (event !== undefined) store.remove(event)
    }
    leases.delete(lease)
  }

  /** An Event is written again much less often than there are Events: who needs its lease may look for it. */
  const release = (key: string): void => {
    if (newest?.keys.delete(key) === true) return
    for (const { keys } of leases) if (keys.delete(key)) return
  }

  const grant = (): Lease => {
    const lease: Lease = { expires: later(engine.now, TTL + REUSE), keys: new Set(), writes: 0 }
    engine.schedule("events/lease", lease.expires, () => expire(lease))
    leases.add(lease)
    return lease
  }

  store.watch((change, object) => {
    if (object.kind !== "Event") return
    const key = keyOf(object)
    if (change !== "ADDED") release(key)
    if (change === "DELETED") return
    const shared = newest !== undefined && later(engine.now, TTL) < newest.expires && newest.writes < MOST_WRITES
    const lease = newest !== undefined && shared ? newest : grant()
    newest = lease
    lease.writes++
    lease.keys.add(key)
  })
}
