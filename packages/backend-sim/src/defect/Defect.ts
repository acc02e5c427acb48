/** A published bug of Kubernetes that a test can give to a simulated cluster, to see whether a law notices. */
import { type Decisions, decisions } from "./Decisions.ts"

export interface Defect {
  /** Its file's. */
  readonly name: string
  /** What goes wrong. */
  readonly sentence: string
  /** Where it was reported: `kubernetes/kubernetes#54499`. */
  readonly sources: ReadonlyArray<string>
  /** Ids of the laws that its smallest scenario breaks; none: only a property of one's own notices it. */
  readonly breaks: ReadonlyArray<string>
  /** What a scenario needs for it to show. */
  readonly provokedBy: string
  /** What one cluster decides otherwise; what it has to remember for that begins anew with each. */
  readonly decide: (healthy: Decisions) => Partial<Decisions>
}

/** As Kubernetes decides, but for these defects. */
export const decisionsWith = (defects: ReadonlyArray<Defect> = []): Decisions => {
  let decided = decisions
  for (const { decide } of defects) decided = { ...decided, ...decide(decided) }
  return decided
}
