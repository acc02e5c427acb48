/** How what is seen of a slice joins what was seen of it before. */
import type { Moment } from "../monitor/Moment.ts"
import type { Seen, Touched } from "./Slice.ts"
import type { Change } from "./World.ts"

/** `isCut`: nobody looked since its last moment; `undefined`: it has none yet. */
export const joinOf = (
  isCut: boolean | undefined,
  change: Change,
  touched: Touched<Seen>
): Moment<unknown>["joins"] => {
  if (isCut === undefined) return touched.begins ? "begins" : "after-gap"
  return isCut || change.joins === "after-gap" ? "after-gap" : "continues"
}
