/** A counter-example for machines. */
import type { Explanation } from "./explain.ts"

export const explanationJson = ({
  because,
  brokenBy,
  lines,
  onset,
  scenario,
  slice,
  violation
}: Explanation): { readonly [field: string]: unknown } => ({
  slice,
  seq: violation.seq,
  at: violation.at,
  since: violation.since,
  brokenBy,
  onset: onset ?? null,
  because: because ?? null,
  lines,
  scenario: scenario ?? null
})
