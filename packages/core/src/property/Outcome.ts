/** What checking a property over a history came to. */
import type { Instant } from "../event/Instant.ts"
import type { Property } from "./language/Property.ts"
import { type End, type Verdict, worse } from "./language/Verdict.ts"
import type { Broken, Monitor } from "./monitor/Monitor.ts"
import type { Seen } from "./slice/Slice.ts"
import { isOf } from "./versions.ts"

/** One slice that breaks a property; the first moment at which it is known. */
export interface Violation extends Broken {
  /** The slice's key: a pod's uid, `uid/container`, a node's name. */
  readonly slice: string
}

export interface Outcome {
  readonly property: Property
  readonly verdict: Verdict
  /** Its trigger was never true: nothing was asked. */
  readonly isVacuous: boolean
  /** Slices, and how often a trigger was true in them. */
  readonly slices: number
  readonly fired: number
  readonly violations: ReadonlyArray<Violation>
  /** Why parts of it are not known, with the number of times; empty: all is known. */
  readonly inconclusive: ReadonlyMap<string, number>
  /** It speaks of other versions of Kubernetes than this one: it was not checked. */
  readonly notApplicable: string | undefined
}

/** What the slices of one property have come to. */
export class Tally {
  readonly #property: Property
  slices = 0
  fired = 0
  readonly violations: Array<Violation> = []
  readonly #hidden = new Map<string, number>()
  #verdict: Verdict = "satisfied"

  constructor(property: Property) {
    this.#property = property
  }

  copy(): Tally {
    const copy = new Tally(this.#property)
    copy.slices = this.slices
    copy.fired = this.fired
    copy.violations.push(...this.violations)
    copy.#verdict = this.#verdict
    for (const [reason, times] of this.#hidden) copy.#hidden.set(reason, times)
    return copy
  }

  hide(reason: string, times = 1): void {
    this.#hidden.set(reason, (this.#hidden.get(reason) ?? 0) + times)
  }

  /** A slice is over, or the history is. What is broken by that alone is returned: it was not told before. */
  add(monitor: Monitor<Seen>, end: End, seq = 0, at = 0 as Instant): Broken | undefined {
    this.fired += monitor.fired
    for (const [reason, times] of monitor.hidden) this.hide(reason, times)
    if (monitor.broken !== undefined) return undefined
    const { isUnknown, verdict } = monitor.standing(end)
    if (verdict === "violated") return { seq, at, since: monitor.openSince(at) }
    if (isUnknown && monitor.hidden.size === 0) this.hide("a gap hides whether it was fulfilled")
    this.#verdict = worse(this.#verdict, verdict)
    return undefined
  }

  outcome(kubernetes: string | undefined): Outcome {
    const notApplicable = isOf(this.#property, kubernetes)
    const isViolated = this.violations.length > 0 && notApplicable === undefined
    return {
      property: this.#property,
      verdict: isViolated ? "violated" : this.#verdict,
      isVacuous: this.fired === 0,
      slices: this.slices,
      fired: this.fired,
      violations: notApplicable === undefined ? this.violations : [],
      inconclusive: this.#hidden,
      notApplicable
    }
  }
}
