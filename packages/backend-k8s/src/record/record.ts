/** Records a cluster into the log until it is stopped: every resource by itself, all of them through one bounded queue. */
import {
  type ClusterEvent,
  EventLog,
  type EventLogFailure,
  type Instant,
  type JsonObject,
  type Redactor,
  toObserved
} from "@kubereel/core"
import { type Cause, Clock, Effect, Fiber, Queue, Schedule, Schema, Stream } from "effect"
import type { ApiClient } from "../client/ApiClient.ts"
import { Forbidden } from "../client/failures.ts"
import { nothingLeft, Reflection } from "./Reflection.ts"
import { pathOf, queryOf, type Resource, type Scope } from "./Resource.ts"
import { reflect, type Standing, type Timing, timing as usual } from "./reflect.ts"
import { Resumption } from "./resume.ts"
import { type Reading, Timekeeper } from "./Timekeeper.ts"
import { type Counts, type WriteOptions, writeGroup } from "./write.ts"

/** The log holds something else: another cluster, another part of it, no recording at all. */
export class OtherRecording extends Schema.TaggedError<OtherRecording>()("OtherRecording", { problem: Schema.String }) {
  override get message() {
    return this.problem
  }
}

export interface RecordOptions extends Pick<WriteOptions, "isPassing" | "onFailure" | "onWritten"> {
  readonly client: ApiClient
  /** What `connect` answered. */
  readonly connection: Connection
  readonly resources: ReadonlyArray<Resource>
  readonly scope: Scope
  /** Absent: nothing is hidden. */
  readonly redactor?: Redactor
  /** Recording ends with it. */
  readonly until: Effect.Effect<void>
  readonly timing?: Timing
  /** What the recording says of its program. */
  readonly program: string
}

export interface Recording {
  readonly counts: Counts
  /** Facts between the watches and the log. */
  readonly queued: () => number
  readonly standings: ReadonlyMap<string, Standing>
  /** Goes on until `until` or an interruption; everything that was received is in the log then. */
  readonly run: Effect.Effect<void, EventLogFailure, EventLog>
}

/** Facts that may wait for the log; then the watches wait. */
const QUEUE = 2_000
/** A group is committed when it has so many facts, or is so old. */
const GROUP = 500
const WITHIN = "50 millis"

/** How often the clock is looked at while nothing happens. */
const LOOK = "1 second"

const clocks: Effect.Effect<Reading> = Clock.clockWith((clock) =>
  Effect.sync(() => ({
    wall: clock.currentTimeMillisUnsafe(),
    monotonic: Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
  }))
)

const text = (value: unknown): string => (typeof value === "string" ? value : "")

/** What the server says of itself. */
export interface Connection {
  readonly kubernetes: string
  /** The cluster's own identity; empty where it may not be read. */
  readonly cluster: string
}

/** The uid of kube-system is the cluster's own, whatever its address; empty where it may not be read. */
const clusterUid = (client: ApiClient) =>
  client.get("/api/v1/namespaces/kube-system").pipe(
    Effect.map(({ metadata }) => text((metadata as JsonObject | undefined)?.uid)),
    Effect.catchTags({ Forbidden: () => Effect.succeed(""), Refused: () => Effect.succeed("") })
  )

/** Asks for each resource once; what may not be read becomes a gap. Fails where nobody answers, or everything is forbidden. */
export const connect = Effect.fn("connect")(function* (
  client: ApiClient,
  resources: ReadonlyArray<Resource>,
  scope: Scope
) {
  const version = yield* client.get("/version")
  const denied: Array<string> = []
  for (const resource of resources) {
    const asked = client.get(pathOf(resource, scope), { ...queryOf(resource, scope), limit: 1 })
    yield* Effect.catchTag(asked, "Forbidden", ({ detail }) => Effect.sync(() => denied.push(detail)))
  }
  if (denied.length === resources.length)
    return yield* new Forbidden({
      detail: `nothing may be recorded: ${denied[0]}; \`kubereel record --print-rbac\` prints the rights that are needed`
    })
  return { kubernetes: text(version.gitVersion), cluster: yield* clusterUid(client) } satisfies Connection
})

const resumed = Effect.gen(function* () {
  const log = yield* EventLog
  const resumption = new Resumption()
  let t0: unknown
  yield* Stream.runForEachArray(log.read(), (events) =>
    Effect.sync(() => {
      for (const recorded of events) {
        const { event } = recorded
        resumption.add(recorded)
        if (event._tag === "RecordingStarted") t0 ??= event.header["t0"]
      }
    })
  )
  return { resumption, t0 }
})

/** Why the log cannot be gone on with; `undefined`: it can. */
const misfit = ({ header, events }: Resumption, cluster: string, scope: Scope): string | undefined => {
  if (events === 0) return undefined
  if (header === undefined) return "holds no recording of a cluster"
  if (header.cluster !== "" && cluster !== "" && header.cluster !== cluster)
    return "holds a recording of another cluster"
  if (header.namespace !== (scope.namespace ?? null) || header.selector !== (scope.selector ?? null)) {
    const said = [
      header.namespace && `--namespace ${header.namespace}`,
      header.selector && `--selector ${header.selector}`
    ]
    return `was recorded with ${said.filter((word) => word !== null).join(" ") || "neither --namespace nor --selector"}`
  }
  return undefined
}

/** What is said first: of the recording, and of the resources that an earlier session recorded and this one does not. */
const opening = (
  { resumption, t0 }: { readonly resumption: Resumption; readonly t0: unknown },
  { client, connection, resources, scope, program, redactor }: RecordOptions,
  at: Instant
): ReadonlyArray<ClusterEvent> => {
  const names = resources.map(({ name }) => name)
  const header = {
    t0: typeof t0 === "string" ? t0 : toObserved(at),
    kubernetes: connection.kubernetes,
    recorder: {
      program,
      cluster: connection.cluster,
      server: client.server,
      namespace: scope.namespace ?? null,
      selector: scope.selector ?? null,
      resources: names,
      redacted: redactor !== undefined
    }
  }
  const left = (resumption.header?.resources ?? []).filter((name) => !names.includes(name))
  return [
    { _tag: "RecordingStarted", observed: at, header },
    ...left.map((resource): ClusterEvent => {
      const detail = "it was recorded before and is no longer asked for"
      return { _tag: "Gap", observed: at, cause: "stopped", detail, resource }
    })
  ]
}

/** Looks what an earlier session left in the log; nothing is recorded before `run`. */
export const record = Effect.fn("record")(function* (options: RecordOptions) {
  const { client, connection, resources, scope, redactor, timing = usual } = options
  const before = yield* resumed
  const other = misfit(before.resumption, connection.cluster, scope)
  if (other !== undefined) return yield* new OtherRecording({ problem: other })
  const timekeeper = new Timekeeper(yield* clocks)
  const now = Effect.map(clocks, (reading) => timekeeper.instant(reading))
  const at = yield* now
  const counts: Counts = { received: 0, appended: 0, repeated: 0, lag: 0 }
  const queue = yield* Queue.bounded<ClusterEvent, Cause.Done>(QUEUE)
  const standings = new Map<string, Standing>(resources.map(({ name }) => [name, "listing"]))
  const offer = (heard: ReadonlyArray<ClusterEvent>): Effect.Effect<void> =>
    Effect.flatMap(clocks, (reading) => {
      const facts = [...timekeeper.look(reading), ...heard]
      counts.received += facts.length
      // Who is stopped while the queue is full waits until the writer has made room: what was received is written.
      return facts.length === 0 ? Effect.void : Effect.asVoid(Effect.uninterruptible(Queue.offerAll(queue, facts)))
    })
  const hide = redactor === undefined ? (object: JsonObject) => object : redactor.redact
  const one = (resource: Resource): Effect.Effect<never> => {
    const left = before.resumption.of(resource)
    const self = new Reflection(resource, left ?? nothingLeft(), hide)
    const gap = { cause: "stopped", detail: "the recorder was not running" } as const
    const first = { doing: left?.position === undefined ? "list" : "verify", ...gap } as const
    const onStanding = (standing: Standing) => standings.set(resource.name, standing)
    const onRepeated = () => {
      counts.received++
      counts.repeated++
    }
    return Effect.andThen(
      offer(left === undefined ? [] : self.open(gap.cause, gap.detail, at)),
      reflect(self, first, { client, scope, timing, now, offer, onStanding, onRepeated })
    )
  }
  const all = Effect.andThen(
    offer(opening(before, options, at)),
    Effect.raceFirst(
      Effect.forEach(resources, one, { concurrency: "unbounded", discard: true }),
      Effect.repeat(offer([]), Schedule.spaced(LOOK))
    )
  )
  const write = Stream.fromQueue(queue).pipe(
    Stream.groupedWithin(GROUP, WITHIN),
    Stream.runForEach((group) => writeGroup(group, { ...options, counts })),
    // Nobody waits for a writer that has failed.
    Effect.ensuring(Queue.shutdown(queue))
  )
  const recording: Recording = {
    counts,
    queued: () => Queue.sizeUnsafe(queue),
    standings,
    // The writer is not interrupted with the rest: it ends when the queue is empty.
    run: Effect.acquireUseRelease(
      Effect.forkDetach(write),
      (writer) => Effect.raceFirst(Effect.raceFirst(all, options.until), Fiber.join(writer)),
      (writer) => Effect.andThen(Queue.end(queue), Fiber.join(writer))
    )
  }
  return recording
})
