/** A probe that executes a command (`pkg/probe/exec/exec.go`, Probe; K-157, K-166, T-16). */
import { formatDuration } from "../../../event/duration.ts"
import type { Micros } from "../../../event/Instant.ts"
import type { ExecResult } from "../replies.ts"
import type { ProbeOutcome } from "./ProbeOutcome.ts"

/** So many bytes of what the command prints are kept (maxReadLength). */
const KEPT = 10 * 1_024

/** The first bytes of a text. A character that is cut in two is lost. */
export const firstBytes = (text: string, most: number): string => {
  // A UTF-16 unit makes three bytes at most.
  if (text.length * 3 <= most) return text
  const kept = new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, most))
  return kept.replace(/\uFFFD$/, "")
}

export const execProbe = (result: ExecResult, command: ReadonlyArray<string>, timeout: Micros): ProbeOutcome => {
  switch (result._tag) {
    case "Exited":
      return result.exitCode === 0 ? { _tag: "Success" } : { _tag: "Failure", output: firstBytes(result.output, KEPT) }
    case "TimedOut": {
      const output = `command timed out: ${JSON.stringify(command.join(" "))} timed out after ${formatDuration(timeout)}`
      return { _tag: "Failure", output }
    }
    case "Refused":
      return { _tag: "Error", error: result.error }
  }
}
