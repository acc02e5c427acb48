/** The reel as core sees it: append and read, nothing else. Everything else is a fold over it. */
import { Context, type Effect, Schema, type Stream } from "effect"
import type { ClusterEvent } from "../event/ClusterEvent.ts"

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
export class DamagedLog extends Schema.TaggedError<DamagedLog>()("DamagedLog", { seq: Schema.Natural, detail: Schema.String }) {
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
export class EventLogFailure extends Schema.TaggedError<EventLogFailure>()("EventLogFailure", { cause: Schema.Defect() }) {}

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
  /** SHA-256 chain over every event's canonical content; the same events give the same hash on every machine. */
  readonly hash: string
}

/** The only state of the system. */
export class EventLog extends Context.Service<
  EventLog,
  {
    /**
     * Appends all or nothing; durable when it answers. An `ObjectChanged` whose (uid, resourceVersion, change) the log has
     * already is a repeat and is not appended again; without a resourceVersion the content decides.
     */
    readonly append: (events: ReadonlyArray<ClusterEvent>) => Effect.Effect<Appended, IdConflict | EventLogFailure>
    /** From `from` (1 when absent) to the end as it was when reading began. Checks every checksum on the way. */
    readonly read: (from?: number) => Stream.Stream<Recorded, DamagedLog | EventLogFailure>
    readonly head: Effect.Effect<Head, EventLogFailure>
  }
>()("@kubereel/core/port/EventLog") {}
