/** Durations and moments as the user writes them. */
import { type Instant, later, type Micros, parseDuration, parseInstant } from "@kubereel/core"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"

const wrong = (problem: string) => new Complaint({ code: exitCodes.usage, problem })

/** `90s`, `1m30s`, `500ms`: as Go writes them, not negative. */
export const duration = (flag: string, text: string): Effect.Effect<Micros, Complaint> => {
  const micros = parseDuration(text)
  return micros === undefined || micros < 0
    ? Effect.fail(wrong(`${flag}: "${text}" is no duration; write it like 90s, 1m30s or 500ms`))
    : Effect.succeed(micros)
}

export const moment = (flag: string, text: string): Effect.Effect<Instant, Complaint> => {
  const instant = parseInstant(text)
  return instant === undefined
    ? Effect.fail(wrong(`${flag}: "${text}" is no time; write it like 2026-01-01T00:00:00Z`))
    : Effect.succeed(instant)
}

/** A moment, or a duration after `start`. */
const momentOrOffset = (flag: string, text: string, start: Instant): Effect.Effect<Instant, Complaint> => {
  const instant = parseInstant(text)
  if (instant !== undefined) return Effect.succeed(instant)
  const offset = parseDuration(text.replace(/^\+/, ""))
  return offset === undefined
    ? Effect.fail(
        wrong(
          `${flag}: "${text}" is no time; write it like 2026-01-01T00:00:00Z, or 16s for sixteen seconds after the start`
        )
      )
    : Effect.succeed(later(start, offset))
}

/** `--at` in a history that begins at `start`: the moment, and how long after the beginning that is. */
export const momentIn = (
  file: string,
  text: string,
  start: Instant | undefined
): Effect.Effect<{ readonly moment: Instant; readonly offset: Micros }, Complaint> =>
  start === undefined
    ? Effect.fail(
        new Complaint({
          code: exitCodes.badData,
          problem: `${file}: has no times, so --at means nothing; import a recording with observedAt`
        })
      )
    : Effect.map(momentOrOffset("--at", text, start), (moment) => ({ moment, offset: moment - start }))
