/** What `kubereel fuzz` is asked for, made sure of. */
import { availableParallelism } from "node:os"
import { resolve } from "node:path"
import { type Micros, parseDuration } from "@kubereel/core"
import type { Draws } from "@kubereel/fuzz"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../../exitCode.ts"
import type { Choice } from "../check/chooseProperties.ts"

export interface FuzzInput extends Choice {
  readonly corpus?: string
  readonly scenarios?: number
  readonly time?: string
  readonly seed?: number
  readonly size?: string
  readonly workers?: number
  readonly ratchet?: string
  readonly again: boolean
  readonly json: boolean
}

export interface Asked {
  readonly corpus: string
  readonly draws: Draws
  /** Infinity: as many as there is time for. */
  readonly scenarios: number
  readonly time: Micros | undefined
  readonly workers: number
}

const usage = (problem: string) => new Complaint({ code: exitCodes.usage, problem })

const sizeOf = (text: string): Effect.Effect<Draws["size"], Complaint> =>
  text === "small" || text === "standard" || text === "any"
    ? Effect.succeed(text)
    : Effect.fail(usage(`--size: "${text}" is none; say small, standard or any`))

const positive = (flag: string, value: number | undefined, otherwise: number): Effect.Effect<number, Complaint> =>
  value === undefined || value >= 1
    ? Effect.succeed(value ?? otherwise)
    : Effect.fail(usage(`--${flag}: ${value} is too few; say 1 or more`))

const timeOf = (text: string | undefined): Effect.Effect<Micros | undefined, Complaint> => {
  const time = text === undefined ? undefined : parseDuration(text)
  return text !== undefined && (time === undefined || time <= 0)
    ? Effect.fail(usage(`--time: "${text}" is no duration; write one like 90s or 10m`))
    : Effect.succeed(time)
}

export const askedOf = Effect.fn("askedOf")(function* (input: FuzzInput) {
  const time = yield* timeOf(input.time)
  const asked: Asked = {
    corpus: resolve(input.corpus ?? "fuzz"),
    draws: { seed: input.seed ?? 1, size: yield* sizeOf(input.size ?? "standard") },
    scenarios: yield* positive("scenarios", input.scenarios, time === undefined ? 1_000 : Number.POSITIVE_INFINITY),
    time,
    workers: yield* positive("workers", input.workers, availableParallelism())
  }
  return asked
})
