/** One moment of one slice, as a monitor sees it. */
import type { Instant } from "../../event/Instant.ts"

export interface Moment<V> {
  /** Number of the event in the history; the first is 1. */
  readonly seq: number
  /** On the recorder's clock; never less than the moment before. */
  readonly at: Instant
  readonly view: V
  /**
   * How it joins the moment before: `begins`: it is the first, and the slice was seen to begin; `continues`: nothing is missing
   * in between; `after-gap`: something may be.
   */
  readonly joins: "begins" | "continues" | "after-gap"
}
