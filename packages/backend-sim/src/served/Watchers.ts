/** Who is told of which changes: by kind and namespace, so that nothing is done for those whom a change does not concern (`k8s.io/apiserver/pkg/storage/cacher/cacher.go`, indexedWatchers). */
import type { ServedChange, ServedListener } from "@kubereel/core"

/** One watch. What happens before its listener may hear of it waits. */
export class Watcher {
  readonly #listener: ServedListener
  readonly #from: number
  #waiting: Array<ServedChange> | undefined
  #closed = false

  /** `from`: nothing up to that version is told. `missed`: what happened between it and now. */
  constructor(listener: ServedListener, from: number, missed: ReadonlyArray<ServedChange>) {
    this.#listener = listener
    this.#from = from
    this.#waiting = [...missed]
  }

  /** Its request is answered: from now on its listener is told. */
  begin(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const change of waiting) this.tell(change)
  }

  tell(change: ServedChange): void {
    if (this.#closed || Number(change.object.metadata.resourceVersion) <= this.#from) return
    if (this.#waiting === undefined) this.#listener.changed(change)
    else this.#waiting.push(change)
  }

  progress(version: string): void {
    if (!this.#closed && this.#waiting === undefined) this.#listener.progress?.(version)
  }

  close(): void {
    this.#closed = true
  }
}

interface OfKind {
  /** Of all namespaces, or of a kind without. */
  readonly all: Set<Watcher>
  readonly byNamespace: Map<string, Set<Watcher>>
}

export class Watchers {
  readonly #kinds = new Map<string, OfKind>()

  has(kind: string): boolean {
    return this.#kinds.has(kind)
  }

  add(kind: string, namespace: string | undefined, watcher: Watcher): void {
    const ofKind = this.#kinds.get(kind) ?? { all: new Set(), byNamespace: new Map() }
    this.#kinds.set(kind, ofKind)
    if (namespace === undefined) {
      ofKind.all.add(watcher)
      return
    }
    const set = ofKind.byNamespace.get(namespace) ?? new Set()
    ofKind.byNamespace.set(namespace, set)
    set.add(watcher)
  }

  remove(kind: string, namespace: string | undefined, watcher: Watcher): void {
    watcher.close()
    const ofKind = this.#kinds.get(kind)
    if (ofKind === undefined) return
    if (namespace === undefined) ofKind.all.delete(watcher)
    else {
      const set = ofKind.byNamespace.get(namespace)
      set?.delete(watcher)
      if (set?.size === 0) ofKind.byNamespace.delete(namespace)
    }
    if (ofKind.all.size === 0 && ofKind.byNamespace.size === 0) this.#kinds.delete(kind)
  }

  /** `change` is put together only if somebody hears of it. */
  tell(kind: string, namespace: string, change: () => ServedChange): void {
    const ofKind = this.#kinds.get(kind)
    if (ofKind === undefined) return
    const some = ofKind.byNamespace.get(namespace)
    if (ofKind.all.size === 0 && some === undefined) return
    const told = change()
    for (const watcher of ofKind.all) watcher.tell(told)
    for (const watcher of some ?? []) watcher.tell(told)
  }

  /** Everybody has heard of everything up to that version. */
  progress(version: string): void {
    for (const { all, byNamespace } of this.#kinds.values()) {
      for (const watcher of all) watcher.progress(version)
      for (const set of byNamespace.values()) for (const watcher of set) watcher.progress(version)
    }
  }
}
