/** How much of a recording is kept: `--max-size` and `--max-age`. */
import { parseQuantity } from "@kubereel/core"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import { BYTES_MIN, type Limits } from "../reel/Retention.ts"
import { duration } from "./arguments.ts"

const NANO = 1_000_000_000n

const bytesOf = (text: string): Effect.Effect<number, Complaint> => {
  const quantity = parseQuantity(text)
  const bytes = quantity === undefined ? undefined : Number(quantity.nano / NANO)
  const wrong = (problem: string) =>
    Effect.fail(new Complaint({ code: exitCodes.usage, problem: `--max-size: ${problem}` }))
  if (bytes === undefined) return wrong(`"${text}" is no size; write it like 500Mi or 10Gi`)
  return bytes < BYTES_MIN ? wrong(`${text} is too little for a reel; at least 8Mi`) : Effect.succeed(bytes)
}

export const limitsOf = Effect.fnUntraced(function* (input: { readonly maxSize?: string; readonly maxAge?: string }) {
  const bytes = input.maxSize === undefined ? undefined : yield* bytesOf(input.maxSize)
  const age = input.maxAge === undefined ? undefined : yield* duration("--max-age", input.maxAge)
  const limits: Limits = { ...(bytes === undefined ? {} : { bytes }), ...(age === undefined ? {} : { age }) }
  return limits
})
