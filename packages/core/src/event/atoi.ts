/** Whole numbers in texts as Go reads them (`strconv.Atoi`). */
import { Result } from "effect"

const MAX_INT64 = 2n ** 63n

/** The number, or Go's own words why it is none. Beyond 2^53 it is the nearest double. */
export const atoi = (text: string): Result.Result<number, string> => {
  const refuse = (why: string) => Result.fail(`strconv.Atoi: parsing ${JSON.stringify(text)}: ${why}`)
  if (!/^[+-]?\d+$/.test(text)) return refuse("invalid syntax")
  const value = BigInt(text.replace(/^\+/, ""))
  if (value >= MAX_INT64 || value < -MAX_INT64) return refuse("value out of range")
  return Result.succeed(Number(value))
}
