/** What two histories have in common and where they part, as data. */
import type { Micros } from "../../event/Instant.ts"
import type { Tolerance, Wait } from "./tolerance.ts"

/** The object that is spoken of, by the left side's name where both have one. */
export interface ObjectName {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** Without generated parts. */
  readonly plain: string
}

export interface SideWords {
  readonly left: string | undefined
  readonly right: string | undefined
}

export type DifferenceKind =
  /** A state or an Event on one side only. */
  | "OnlyLeft"
  | "OnlyRight"
  /** The same state but for some field. */
  | "Changed"
  /** The same changes in another order. */
  | "Order"
  /** The same state, too early or too late. */
  | "Time"
  /** The same Event, more or less often. */
  | "Count"

export interface Difference extends SideWords {
  readonly kind: DifferenceKind
  readonly object: ObjectName
  /** Since the start of each recording; `undefined` where it did not happen or has no time. */
  readonly leftAt: Micros | undefined
  readonly rightAt: Micros | undefined
  /** Of a difference in time: what it was measured from. */
  readonly wait?: Wait | undefined
}

/** One line of two timelines next to each other. `≈` equal within the tolerance, `!` not, `<` `>` on one side only, `…` after the end of the other. */
export interface Row extends SideWords {
  readonly object: ObjectName
  readonly leftAt: Micros | undefined
  readonly rightAt: Micros | undefined
  readonly mark: "≈" | "!" | "<" | ">" | "…"
}

export interface Comparison {
  /** First difference first. Empty: the histories are equal within the tolerance. */
  readonly differences: ReadonlyArray<Difference>
  /** What one side shows and the other might have shown after its end; not counted as different. */
  readonly beyondEnd: ReadonlyArray<Difference>
  /** Where either side was not observed: nothing is known about differences there. */
  readonly gaps: ReadonlyArray<{
    readonly side: "left" | "right"
    readonly at: Micros | undefined
    readonly words: string
  }>
  readonly rows: ReadonlyArray<Row>
  /** How much was compared. */
  readonly objects: number
  readonly states: number
  readonly events: number
  /** Differences of moments (absolute, since the start) of all common states: the 95th of a hundred and the largest. */
  readonly apart: { readonly p95: Micros; readonly max: Micros } | undefined
  readonly tolerance: Tolerance
  /** What was made plain before comparing. */
  readonly normalised: ReadonlyArray<string>
  /** Kinds that were not compared. */
  readonly leftOut: ReadonlyArray<string>
}
