/** How far a property holds, from the worst to the best (QuickLTL: definitely false, probably false, probably true, definitely true). */
export const verdicts = ["violated", "pending", "holding", "satisfied"] as const

/**
 * - `violated`, `satisfied`: whatever comes, it stays so.
 * - `pending`: something is owed that has not come, and there is time left.
 * - `holding`: nothing is owed, and more may come.
 */
export type Verdict = (typeof verdicts)[number]

export const worse = (one: Verdict, other: Verdict): Verdict =>
  verdicts.indexOf(one) <= verdicts.indexOf(other) ? one : other

/**
 * What is known at the end of a history: `open`: more may come; `quiescent`: nothing more will come, a simulation that has
 * nothing left to do; `stopped`: a simulation that was not told to go on, where only what still has time may come; `closed`: the
 * slice itself is over, its object is gone.
 */
export type End = "open" | "quiescent" | "stopped" | "closed"

/** Three truths: a gap can hide the answer. The lesser of two is their conjunction, the greater their disjunction. */
export type Truth = 0 | 1 | 2
export const FALSE = 0
export const UNKNOWN = 1
export const TRUE = 2
export const negated = (truth: Truth): Truth => (2 - truth) as Truth
