/** How a property stands, in one word, and what that means for the exit status. */
import { BEGINNING_UNSEEN, type Outcome } from "@kubereel/core"
import { exitCodes } from "../../exitCode.ts"

/** `vacuous`: nothing was asked. `inconclusive`: a gap or a broken assumption hides a part. */
export type Standing =
  | "violated"
  | "inconclusive"
  | "pending"
  | "vacuous"
  | "holding"
  | "satisfied"
  | "not applicable"
  | "reached"
  | "not reached"

export const standingOf = (outcome: Outcome): Standing => {
  if (outcome.notApplicable !== undefined) return "not applicable"
  if (outcome.property.kind === "goal") return outcome.violations.length > 0 ? "reached" : "not reached"
  if (outcome.verdict === "violated") return "violated"
  if ([...outcome.inconclusive.keys()].some((reason) => reason !== BEGINNING_UNSEEN)) return "inconclusive"
  if (outcome.verdict === "pending") return "pending"
  return outcome.isVacuous ? "vacuous" : outcome.verdict
}

const isWhole = ({ inconclusive, notApplicable }: Outcome): boolean =>
  notApplicable !== undefined || inconclusive.size === 0

/**
 * What of it is no success: a law that is violated; one of which not all is known; of a strict user, what was never tested, or
 * what was there before anybody looked.
 */
export const codeOf = (outcome: Outcome, strict: boolean): number => {
  const standing = standingOf(outcome)
  if (standing === "violated") return outcome.property.severity === "advisory" ? 0 : exitCodes.found
  if (standing === "inconclusive") return exitCodes.inconclusive
  const isOpen = standing === "pending" || standing === "vacuous" || standing === "not reached" || !isWhole(outcome)
  return strict && isOpen ? exitCodes.inconclusive : 0
}

/** A violation outweighs what is not known. */
export const worstOf = (codes: ReadonlyArray<number>): number =>
  codes.includes(exitCodes.found) ? exitCodes.found : Math.max(0, ...codes)
