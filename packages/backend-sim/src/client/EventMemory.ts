/**
 * What a recorder of Events remembers of the objects that it spoke of (`client-go/tools/record/events_cache.go`): of most there are a
 * few words, of 150,000 pods as well, so they are kept in short lists.
 */
import { aggregate, type Bucket, type Instant, type Similar, spend } from "@kubereel/core"
import type { EventSubject } from "./EventRecorder.ts"

/** One Event as far as it is told from others. */
export interface Telling {
  readonly subject: EventSubject
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly at: Instant
}

/** How often an Event was recorded, what it is called, and when it was recorded first. */
export interface Observed {
  readonly count: number
  readonly name: string
  readonly first: Instant
}

interface OfReason {
  readonly type: string
  readonly reason: string
  similar: Similar
}

interface OfMessage {
  readonly type: string
  readonly reason: string
  readonly fieldPath: string | undefined
  /** `undefined`: of those that were combined. */
  readonly message: string | undefined
  observed: Observed
}

interface OfType {
  readonly type: string
  bucket: Bucket
}

interface Memory {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly reasons: Array<OfReason>
  readonly messages: Array<OfMessage>
  readonly types: Array<OfType>
}

export class EventMemory {
  readonly #byUID = new Map<string, Array<Memory>>()

  /** EventAggregate: is the Event to be combined with others like it? `draw`: in [0, 1). */
  isCombined({ at, message, reason, subject, type }: Telling, draw: number): boolean {
    const { reasons } = this.#of(subject)
    const known = reasons.find((one) => one.reason === reason && one.type === type)
    const { combined, similar } = aggregate(known?.similar, message, at, draw)
    if (known === undefined) reasons.push({ type, reason, similar })
    else known.similar = similar
    return combined
  }

  /** eventObserve: counts it; `nameOf` names what is new. */
  observe({ at, message, reason, subject, type }: Telling, combined: boolean, nameOf: () => string): Observed {
    const { messages } = this.#of(subject)
    const [fieldPath, words] = combined ? [undefined, undefined] : [subject.fieldPath, message]
    const known = messages.find(
      (one) => one.reason === reason && one.message === words && one.fieldPath === fieldPath && one.type === type
    )
    if (known === undefined) {
      const observed = { count: 1, name: nameOf(), first: at }
      messages.push({ type, reason, fieldPath, message: words, observed })
      return observed
    }
    known.observed = { ...known.observed, count: known.observed.count + 1 }
    return known.observed
  }

  /** EventSourceObjectSpamFilter: may it still be sent? */
  mayBeSent({ at, subject, type }: Telling): boolean {
    const { types } = this.#of(subject)
    const known = types.find((one) => one.type === type)
    const { allowed, bucket } = spend(known?.bucket, at)
    if (known === undefined) types.push({ type, bucket })
    else known.bucket = bucket
    return allowed
  }

  #of({ kind, name, namespace, uid }: EventSubject): Memory {
    const ofUID = this.#byUID.get(uid)
    const known = ofUID?.find((one) => one.name === name && one.namespace === namespace && one.kind === kind)
    if (known !== undefined) return known
    const made: Memory = { kind, namespace, name, reasons: [], messages: [], types: [] }
    if (ofUID === undefined) this.#byUID.set(uid, [made])
    else ofUID.push(made)
    return made
  }
}
