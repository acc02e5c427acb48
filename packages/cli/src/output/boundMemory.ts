/** For commands that stream: keeps the heap from growing with the length of the input instead of with what is remembered of it. */
import { setFlagsFromString } from "node:v8"
import { Effect } from "effect"

/**
 * V8 lets its young generation grow while everything dies young, and the old one double before it looks. Both cost hundreds of
 * megabytes at the peak of a long import; asking for less costs no time that could be measured.
 */
export const boundMemory: Effect.Effect<void> = Effect.sync(() => {
  setFlagsFromString("--max-semi-space-size=8")
  setFlagsFromString("--heap-growing-percent=25")
})
