/** The reel as core sees it: append and read, nothing else. Everything else is a fold over it. */
import { Context, Effect, Schema, type Stream } from "effect"
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import type { Instant } from "../event/Instant.ts"
import type { BlindSpot, Entry } from "../state/Inventory.ts"
import type { Expectation, WrongVersion } from "./ExpectedVersion.ts"

/** The same change was appended before, with other content. Nothing of the batch was appended. */
export class IdConflict extends Schema.TaggedError<IdConflict>()("IdConflict", {
  /** Position in the batch. */
  index: Schema.Natural,
  /** Where the first one lies in the log. */
  seq: Schema.Natural,
  id: Schema.String
}) {
  override get message() {
    return `event ${this.index + 1} of the batch has the identity of event ${this.seq} (${this.id}) and other content`
  }
}

/** The log's content is not what was written. `seq` is the first event that is wrong. */
export class DamagedLog extends Schema.TaggedError<DamagedLog>()("DamagedLog", {
  seq: Schema.Natural,
  detail: Schema.String
}) {
  override get message() {
    return `event ${this.seq} is damaged: ${this.detail}`
  }
}

/** The log could not be opened: it is no reel, a newer one, being written by somebody else, or not accessible. */
export class UnusableLog extends Schema.TaggedError<UnusableLog>()("UnusableLog", {
  reason: Schema.Literals(["NotAReel", "Newer", "Locked", "Missing", "NotWritable", "Damaged"]),
  detail: Schema.String
}) {
  override get message() {
    return this.detail
  }
}

/** Reading or writing failed (disk full, …). Nothing of the batch was appended. */
export class EventLogFailure extends Schema.TaggedError<EventLogFailure>()("EventLogFailure", {
  cause: Schema.Defect()
}) {}

/** The question is about what was removed by a limit of size or age. */
export class BeforeHistory extends Schema.TaggedError<BeforeHistory>()("BeforeHistory", {
  /** The last event that was removed. */
  removed: Schema.Natural
}) {
  override get message() {
    return `that is before recorded history: the events up to number ${this.removed} were removed`
  }
}

/** A moment of the recorder's clock, or the number of an event: after it. */
export type Moment = { readonly seq: number } | { readonly observed: Instant }

/** What was true after a prefix of the log. */
export interface StateAt {
  /** The last event of the prefix; 0 before the first one. */
  readonly seq: number
  /** The latest moment that any of them was seen at. */
  readonly observed: Instant | undefined
  /** Before the first moment of the log, after its end, or within it. */
  readonly place: "before" | "within" | "after"
  /** What nobody was looking at then: of that the state is what was known before. */
  readonly gaps: ReadonlyArray<BlindSpot>
  /** The objects that were there, in the order in which they appeared. */
  readonly entries: ReadonlyArray<Entry>
}

/** An event with its place in the log. */
export interface Recorded {
  /** 1, 2, 3, … without gaps. */
  readonly seq: number
  readonly event: ClusterEvent
}

export interface Appended {
  /** For each event of the batch its `seq`; a repeat of what the log has already keeps the first one's. */
  readonly seqs: ReadonlyArray<number>
  /** How many of the batch the log had already. */
  readonly repeated: number
}

export interface Head {
  /** Number of events, 0 when empty. */
  readonly seq: number
  /**
   * The chain over every event: hash(0) is 64 zeros, hash(n) = SHA-256(hash(n-1) ‖ text n) in lower-case hexadecimal digits,
   * text n being what `encode` writes. The same events give the same hash on every machine and in every implementation.
   */
  readonly hash: string
}

/** The only state of the system. */
export class EventLog extends Context.Service<
  EventLog,
  {
    /**
     * Appends all or nothing; durable when it answers. What the log has already (`identify`) is a repeat and is not appended
     * again: an `ObjectChanged` of the same (uid, resourceVersion, change), whenever it was seen; any other event with the same
     * content, `observed` included. What one source tells otherwise than another (`line.source`) stands beside it, unless it only
     * says less. An array of any length is one batch.
     *
     * Where the log is not as `expecting` says, before the batch, the batch is refused; but a batch of nothing but repeats, which
     * changes nothing, is answered as one, so that who was not told of his success may try again.
     */
    readonly append: (
      events: ReadonlyArray<ClusterEvent>,
      expecting?: ReadonlyArray<Expectation>
    ) => Effect.Effect<Appended, IdConflict | WrongVersion | EventLogFailure>
    /**
     * From `from` (1 when absent) to the end as it was when reading began. Checks every checksum on the way. Where events were
     * removed by a limit, a `Horizon` with number 0 stands for them, followed by the last version, each with its own number, of
     * every object that was there, and by the newest `RecordingStarted`.
     */
    readonly read: (from?: number) => Stream.Stream<Recorded, DamagedLog | EventLogFailure>
    readonly head: Effect.Effect<Head, EventLogFailure>
    /** As `read`, and then every event as soon as it is appended, each once and in order; without end. */
    readonly follow: (from?: number) => Stream.Stream<Recorded, DamagedLog | EventLogFailure>
    /**
     * What was true then. A moment of the clock means the longest prefix of which nothing was seen later than that, so that a
     * clock that went back changes nothing before it. A number beyond the end is the end.
     */
    readonly stateAt: (moment: Moment) => Effect.Effect<StateAt, BeforeHistory | DamagedLog | EventLogFailure>
    /** One event by its number, such as that of an entry of a state; `undefined` where there is none. */
    readonly event: (seq: number) => Effect.Effect<ClusterEvent | undefined, DamagedLog | EventLogFailure>
  }
>()("@kubereel/core/port/EventLog") {}

/** Appends whatever the log has: who expects nothing is never refused for it. */
export const appendAny = (
  events: ReadonlyArray<ClusterEvent>
): Effect.Effect<Appended, IdConflict | EventLogFailure, EventLog> =>
  Effect.flatMap(EventLog, (log) => Effect.catchTag(log.append(events), "WrongVersion", (wrong) => Effect.die(wrong)))
