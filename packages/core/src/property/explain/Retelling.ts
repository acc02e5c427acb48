/** A history told once more, for slices that broke a property: what was seen of them, and nothing else, is kept. */
import type { ClusterEvent } from "../../event/ClusterEvent.ts"
import type { Instant } from "../../event/Instant.ts"
import { startOf } from "../../event/startOf.ts"
import type { Property } from "../language/Property.ts"
import type { Moment } from "../monitor/Moment.ts"
import type { Violation } from "../Outcome.ts"
import { joinOf } from "../slice/joinOf.ts"
import { hidesFrom, type Seen, type SliceKind, type Touched } from "../slice/Slice.ts"
import { type Change, World } from "../slice/World.ts"
import { type Answers, Questions } from "./Answers.ts"
import { changeTeller } from "./changeWords.ts"
import { type SliceName, sliceName } from "./sliceName.ts"
import { type Hidden, isHidden, timeOf } from "./truthAt.ts"

/** A violation to be explained. */
export interface Wanted {
  readonly property: Property
  readonly violation: Violation
}

/** A moment of the slice: what happened, and what the property's atoms say of it. */
export interface Told extends Answers {
  readonly words: string
}

/** The slice of one violation, up to it. */
export interface Retold extends Wanted {
  readonly name: SliceName
  readonly questions: Questions<Seen>
  readonly items: ReadonlyArray<Moment<Told> | Hidden>
  /** Whose time was it when the history began? */
  readonly start: Instant
}

interface Telling extends Wanted {
  readonly kind: SliceKind<Seen>
  readonly questions: Questions<Seen>
  readonly items: Array<Moment<Told> | Hidden>
  name: SliceName
  /** `undefined`: it has not begun. */
  isCut: boolean | undefined
}

export class Retelling {
  readonly #world = new World()
  readonly #wanted: ReadonlyArray<Telling>
  readonly #words = changeTeller()
  readonly #last: number
  #start: Instant | undefined

  constructor(wanted: ReadonlyArray<Wanted>) {
    this.#wanted = wanted.map(({ property, violation }) => ({
      property,
      violation,
      kind: property.each as unknown as SliceKind<Seen>,
      questions: new Questions<Seen>(property.formula as never, violation.since),
      items: [],
      name: { each: property.each.name, key: violation.slice },
      isCut: undefined
    }))
    this.#last = Math.max(0, ...wanted.map(({ violation: { seq } }) => seq))
  }

  /** The next event, as it was told to the checker. False: nothing more is wanted. */
  see(event: ClusterEvent, seq: number): boolean {
    this.#start ??= startOf(event)
    const change = this.#world.see(seq, event)
    if (event._tag === "Gap" || event._tag === "Horizon") this.#gap(event._tag === "Gap" ? event.resource : undefined)
    if (change !== undefined) this.#changed(change)
    return seq < this.#last
  }

  /** What was before the checker began to ask. */
  learn(event: ClusterEvent, seq: number): void {
    this.#start ??= startOf(event)
    this.#world.see(seq, event)
  }

  #gap(resource: string | undefined): void {
    for (const one of this.#wanted) {
      if (one.isCut === undefined || !hidesFrom(one.kind, resource)) continue
      one.isCut = true
      hide(one.items, this.#world.now)
    }
  }

  #changed(change: Change): void {
    const touchedBy = new Map<SliceKind<Seen>, ReadonlyArray<Touched<Seen>>>()
    for (const one of this.#wanted) {
      if (change.seq > one.violation.seq || (change.late !== undefined && one.kind.seesLate !== true)) continue
      const all = touchedBy.get(one.kind) ?? one.kind.touch(change, this.#world)
      touchedBy.set(one.kind, all)
      for (const touched of all) if (touched.key === one.violation.slice) this.#tell(one, change, touched)
    }
  }

  #tell(one: Telling, change: Change, touched: Touched<Seen>): void {
    const joins = joinOf(one.isCut, change, touched)
    one.isCut = false
    one.name = sliceName(one.kind.name, touched.key, touched.view)
    const moment: Moment<Seen> = { seq: change.seq, at: change.at, view: touched.view, joins }
    if (change.at <= one.violation.at) {
      if (joins === "after-gap") hide(one.items, change.at)
      const view = { ...one.questions.ask(moment), words: this.#words(change, one.name.kind) }
      one.items.push({ ...moment, view })
    }
    if (!touched.ends || change.seq >= one.violation.seq) return
    // Another slice of that name comes.
    one.items.length = 0
    one.isCut = undefined
  }

  retold(): ReadonlyArray<Retold> {
    return this.#wanted.map((one) => ({ ...one, start: this.#start ?? (0 as Instant) }))
  }
}

const hide = (items: Array<Moment<Told> | Hidden>, at: Instant): void => {
  const last = items.at(-1)
  if (isHidden(last)) return
  items.push({ hiddenAt: Math.max(at, last === undefined ? at : timeOf(last)) as Instant })
}
