/** The numbers of the last events of every living object: what led to a violation, without reading everything again. */
import type { ClusterEvent, NumberedEvent } from "@kubereel/core"

/** So many of each object. */
const KEPT = 8

const uidOf = (event: ClusterEvent): string | undefined => {
  if (event._tag === "PodFact") return event.pod.uid
  if (event._tag !== "ObjectChanged") return undefined
  const { metadata } = event.object as { readonly metadata?: { readonly uid?: unknown } }
  return typeof metadata?.uid === "string" ? metadata.uid : undefined
}

export class LastEvents {
  readonly #numbers = new Map<string, Array<number>>()
  /** Those whose end was seen; they are forgotten with the next event but this. */
  readonly #gone: Array<string> = []

  see({ event, number }: NumberedEvent): void {
    const uid = uidOf(event)
    if (uid === undefined) return
    const known = this.#numbers.get(uid) ?? []
    known.push(number)
    if (known.length > KEPT) known.shift()
    this.#numbers.set(uid, known)
    if (event._tag === "ObjectChanged" && event.change === "DELETED") this.#gone.push(uid)
  }

  /** What is gone is forgotten. */
  forget(): void {
    for (const uid of this.#gone) this.#numbers.delete(uid)
    this.#gone.length = 0
  }

  /** Of the object that a slice is of: its key begins with the object's uid. */
  of(slice: string): ReadonlyArray<number> {
    return this.#numbers.get(slice.split(/[/#]/)[0] ?? "") ?? []
  }
}
