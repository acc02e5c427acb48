/**
 * Any number of properties, watched over one history in one pass: while it is read, while it is recorded, or while it is made.
 *
 * Memory is what the living objects need and what is open of each property. What was found at some moment is what would be found
 * if the history ended there.
 */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import type { Instant } from "../event/Instant.ts"
import type { Property } from "./language/Property.ts"
import type { End } from "./language/Verdict.ts"
import { Deadlines } from "./monitor/Deadlines.ts"
import type { Moment } from "./monitor/Moment.ts"
import { Monitor, type Program, programOf } from "./monitor/Monitor.ts"
import { type Outcome, Tally, type Violation } from "./Outcome.ts"
import { joinOf } from "./slice/joinOf.ts"
import { hidesFrom, type Seen, type SliceKind, type Touched } from "./slice/Slice.ts"
import { type Change, World } from "./slice/World.ts"

/** A property that is watched, in all its slices. */
interface Watched {
  readonly property: Property
  readonly program: Program<Seen>
  readonly tally: Tally
}

interface KindWatched {
  readonly kind: SliceKind<Seen>
  readonly watched: ReadonlyArray<Watched>
  readonly slices: Map<string, Slice>
}

interface Slice {
  readonly key: string
  readonly monitors: ReadonlyArray<Monitor<Seen>>
  /** What was seen of it last. */
  view: Seen
  isCut: boolean
}

/** A slice whose monitor must be asked when a moment has passed. */
interface Waiting {
  readonly slice: Slice
  readonly watched: Watched
  readonly monitor: Monitor<Seen>
  readonly at: number
}

/** A violation that may yet turn out to rest on an assumption that was not so. */
interface Suspicion {
  readonly watched: Watched
  readonly slice: Slice
  readonly violation: Violation
}

/** Why what it takes for granted was not so; `undefined`: as far as is known it was. */
const brokenAssumption = ({ slice, violation, watched }: Suspicion): string | undefined => {
  for (const { broken } of watched.property.assume) {
    const reason = broken(slice.view, violation.since)
    if (reason !== undefined) return reason
  }
  return undefined
}

export interface CheckerOptions {
  /** Told of a violation as soon as it is one. */
  readonly onViolation?: (property: Property, violation: Violation) => void
}

const kindsOf = (watched: ReadonlyArray<Watched>): ReadonlyArray<KindWatched> => {
  const kinds = new Map<string, Array<Watched>>()
  for (const one of watched) {
    const name = one.property.each.name
    kinds.set(name, [...(kinds.get(name) ?? []), one])
  }
  return [...kinds.values()].flatMap((group) => {
    const kind = group[0]?.property.each as unknown as SliceKind<Seen> | undefined
    return kind === undefined ? [] : [{ kind, watched: group, slices: new Map<string, Slice>() }]
  })
}

export class Checker {
  readonly #world = new World()
  readonly #watched: ReadonlyArray<Watched>
  readonly #kinds: ReadonlyArray<KindWatched>
  readonly #waiting = new Deadlines<Waiting>()
  readonly #suspicions = new Deadlines<Suspicion>()
  readonly #options: CheckerOptions
  #seq = 0

  constructor(properties: ReadonlyArray<Property>, options: CheckerOptions = {}) {
    this.#options = options
    this.#watched = properties.map((property) => ({
      property,
      program: programOf(property.formula as never),
      tally: new Tally(property)
    }))
    this.#kinds = kindsOf(this.#watched)
  }

  /** The next event of the history. Its number is `seq`, or one more than the one before it. */
  see(event: ClusterEvent, seq: number = this.#seq + 1): void {
    this.#seq = seq
    if (event.observed !== undefined) this.tick(event.observed)
    if (event._tag === "Gap" || event._tag === "Horizon") this.#gap(event._tag === "Gap" ? event.resource : undefined)
    const change = this.#world.see(seq, event)
    if (change === undefined) return
    for (const kind of this.#kinds) {
      if (change.late !== undefined && kind.kind.seesLate !== true) continue
      for (const touched of kind.kind.touch(change, this.#world)) this.#touch(kind, change, touched)
    }
  }

  /** An event before the first of which anything is asked: what it shows is known, and what led to it is not. */
  learn(event: ClusterEvent, seq: number = this.#seq + 1): void {
    this.#seq = seq
    this.#world.see(seq, event)
  }

  /** Time has come to `now` without an event: a heartbeat, a bookmark. */
  tick(now: Instant): void {
    if (now > this.#world.now) this.#world.now = now
    while (this.#waiting.earliest < now) {
      const waiting = this.#waiting.take()
      if (waiting === undefined) break
      this.#expire(waiting, now)
    }
    while (this.#suspicions.earliest < now) {
      const suspicion = this.#suspicions.take()
      if (suspicion !== undefined) this.#judge(suspicion)
    }
  }

  #expire({ at, monitor, slice, watched }: Waiting, now: Instant): void {
    if (monitor.waitsFor !== at) return
    monitor.waitsFor = Number.POSITIVE_INFINITY
    const wasBroken = monitor.broken !== undefined
    monitor.expire(now, this.#seq)
    this.#after(watched, slice, monitor, wasBroken)
  }

  #touch({ slices, watched }: KindWatched, change: Change, touched: Touched<Seen>): void {
    const known = slices.get(touched.key)
    const slice = known ?? this.#sliceOf(touched, watched)
    if (known === undefined) slices.set(touched.key, slice)
    slice.view = touched.view
    const moment: Moment<Seen> = {
      seq: change.seq,
      at: change.at,
      view: touched.view,
      joins: joinOf(known?.isCut, change, touched)
    }
    slice.isCut = false
    for (let place = 0; place < watched.length; place++) {
      const [one, monitor] = [watched[place] as Watched, slice.monitors[place] as Monitor<Seen>]
      if (monitor.broken === undefined) {
        monitor.see(moment)
        if (touched.ends && monitor.broken === undefined) monitor.end("closed", change.seq, change.at)
        this.#after(one, slice, monitor, false)
      }
      if (touched.ends) this.#close(one, monitor, "closed")
    }
    if (touched.ends) slices.delete(touched.key)
  }

  #sliceOf({ key, view }: Touched<Seen>, watched: ReadonlyArray<Watched>): Slice {
    for (const { tally } of watched) tally.slices += 1
    return { key, monitors: watched.map(({ program }) => new Monitor(program)), view, isCut: false }
  }

  /** Whatever a monitor has come to, it is put down for what it waits for. */
  #after(watched: Watched, slice: Slice, monitor: Monitor<Seen>, wasBroken: boolean): void {
    if (monitor.broken !== undefined) {
      if (!wasBroken) this.#suspect({ watched, slice, violation: { slice: slice.key, ...monitor.broken } })
      return
    }
    const at = monitor.deadline
    if (at === Number.POSITIVE_INFINITY || monitor.waitsFor === at) return
    monitor.waitsFor = at
    this.#waiting.add(at, { slice, watched, monitor, at })
  }

  #close({ tally }: Watched, monitor: Monitor<Seen>, end: End): void {
    monitor.waitsFor = Number.POSITIVE_INFINITY
    tally.add(monitor, end)
  }

  /** What rests on an assumption is told when it can be known whether it was so. */
  #suspect(suspicion: Suspicion): void {
    const { property, tally } = suspicion.watched
    const { assume } = property
    // What is known already is forgotten when the object goes.
    const reason = brokenAssumption(suspicion)
    if (reason !== undefined) return tally.hide(reason)
    const wait = Math.max(0, ...assume.map(({ knownAfter }) => knownAfter))
    if (wait === 0) this.#judge(suspicion)
    else this.#suspicions.add(suspicion.violation.at + wait, suspicion)
  }

  #judge(suspicion: Suspicion): void {
    const { property, tally } = suspicion.watched
    const { violation } = suspicion
    const reason = brokenAssumption(suspicion)
    if (reason !== undefined) return tally.hide(reason)
    tally.violations.push(violation)
    this.#options.onViolation?.(property, violation)
  }

  #gap(resource: string | undefined): void {
    const reason = resource === undefined ? "a gap in the recording" : `a gap in the recording of ${resource}`
    for (const { kind, slices } of this.#kinds) {
      if (!hidesFrom(kind, resource)) continue
      for (const slice of slices.values()) {
        slice.isCut = true
        for (const monitor of slice.monitors) monitor.cut(reason)
      }
    }
  }

  /** How every property stands if the history ends here. The checker can be told more afterwards. */
  outcomes(end: Exclude<End, "closed">): ReadonlyArray<Outcome> {
    const tallies = new Map(this.#watched.map((one) => [one, one.tally.copy()]))
    const suspicions = [...this.#suspicions.all()]
    for (const { slices, watched } of this.#kinds) {
      for (const slice of slices.values()) {
        watched.forEach((one, place) => {
          const monitor = slice.monitors[place]
          const tally = tallies.get(one)
          if (monitor === undefined || tally === undefined) return
          const broken = tally.add(monitor, end, this.#seq, this.#world.now)
          if (broken !== undefined) suspicions.push({ watched: one, slice, violation: { slice: slice.key, ...broken } })
        })
      }
    }
    for (const { slice, violation, watched } of suspicions) {
      const tally = tallies.get(watched)
      const reason = brokenAssumption({ slice, violation, watched })
      if (reason !== undefined) tally?.hide(reason)
      else tally?.violations.push(violation)
    }
    return this.#watched.flatMap((one) => tallies.get(one)?.outcome(this.#world.kubernetes) ?? [])
  }
}

/** Every property over a whole history. */
export const check = (
  properties: ReadonlyArray<Property>,
  history: Iterable<ClusterEvent>,
  end: Exclude<End, "closed"> = "open"
): ReadonlyArray<Outcome> => {
  const checker = new Checker(properties)
  for (const event of history) checker.see(event)
  return checker.outcomes(end)
}
