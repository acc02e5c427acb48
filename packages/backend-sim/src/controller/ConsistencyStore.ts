/**
 * A controller does nothing about an object before its caches show what it wrote of it itself
 * (`pkg/controller/util/consistency/consistency.go`; gate StaleControllerConsistency…, C-265).
 */
import { compareResourceVersions, type KubernetesObject } from "@kubereel/core"
import type { SharedInformers } from "../client/SharedInformers.ts"

/** Who knows how far the caches are. */
type LastSync = Pick<SharedInformers, "lastSync">

interface Wrote {
  readonly uid: string
  /** The last resourceVersion of each kind. */
  readonly versions: Map<string, string>
}

export class ConsistencyStore {
  readonly #informers: LastSync
  readonly #enabled: boolean
  readonly #wrote = new Map<string, Wrote>()

  /** `enabled`: if not, the caches are always good enough (NewNoopConsistencyStore). */
  constructor(informers: LastSync, enabled: boolean) {
    this.#informers = informers
    this.#enabled = enabled
  }

  /** `key`: of the owner; `stored`: what its controller has written. */
  wroteAt(key: string, ownerUid: string, stored: KubernetesObject): void {
    if (!this.#enabled) return
    const known = this.#wrote.get(key)
    const wrote = known?.uid === ownerUid ? known : { uid: ownerUid, versions: new Map<string, string>() }
    this.#wrote.set(key, wrote)
    const version = stored.metadata.resourceVersion ?? "0"
    const before = wrote.versions.get(stored.kind)
    if (before === undefined || (compareResourceVersions(version, before) ?? 0) > 0)
      wrote.versions.set(stored.kind, version)
  }

  /** EnsureReady: once the caches show it, it is forgotten. */
  isReady(key: string): boolean {
    for (const [kind, version] of this.#wrote.get(key)?.versions ?? [])
      if ((compareResourceVersions(this.#informers.lastSync(kind), version) ?? 0) < 0) return false
    this.#wrote.delete(key)
    return true
  }

  /** `uid`: only of that life of the key. */
  clear(key: string, uid?: string): void {
    if (uid === undefined || this.#wrote.get(key)?.uid === uid) this.#wrote.delete(key)
  }
}
