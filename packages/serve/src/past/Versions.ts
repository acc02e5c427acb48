/** Which event of a reel a resourceVersion means. */
import { compareResourceVersions, type ServedResource, type StateAt } from "@kubereel/core"
import type { Archive } from "./Archive.ts"
import { changeOf } from "./changes.ts"

const KEPT = 100_000

/** The newest version that any object has; the number of the event where objects have none. */
export const newestVersion = ({ entries, seq }: StateAt): string => {
  let newest = ""
  for (const { resourceVersion } of entries)
    if (newest === "" || (compareResourceVersions(resourceVersion, newest) ?? 0) > 0) newest = resourceVersion
  return newest === "" ? String(seq) : newest
}

const keyOf = ({ group, resource }: ServedResource, version: string): string => `${resource}.${group} ${version}`

export class Versions {
  readonly #issued = new Map<string, number>()

  /** Somebody was told this version as that of an event, or of the state after it. */
  issue(resource: ServedResource, version: string, seq: number): void {
    const key = keyOf(resource, version)
    // Of two events with one version the first is where nothing is missed.
    if (this.#issued.has(key)) return
    this.#issued.set(key, seq)
    for (const oldest of this.#issued.keys()) {
      if (this.#issued.size <= KEPT) return
      this.#issued.delete(oldest)
    }
  }

  seqOf(resource: ServedResource, version: string): number | undefined {
    return this.#issued.get(keyOf(resource, version))
  }

  /** Looks through the reel: the last event of the kind before which everything is as old as this version. */
  async search(
    archive: Archive,
    resource: ServedResource,
    { newest, version }: { readonly version: string; readonly newest: string }
  ): Promise<number | "newer" | undefined> {
    if ((compareResourceVersions(version, newest) ?? 0) > 0) return "newer"
    let [before, isCovered] = [0, false]
    let done = false
    for await (const { event, seq } of archive.from(1, () => done)) {
      const change = changeOf(event, { resource }, new Map())
      const order = change && compareResourceVersions(change.object.metadata.resourceVersion ?? "", version)
      if (order !== undefined && order > 0) break
      if (order !== undefined) isCovered = true
      before = seq
      if (seq >= archive.contents.end) done = true
    }
    return isCovered ? before : undefined
  }
}
