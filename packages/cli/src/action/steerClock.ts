/** What `kubereel clock` does. */
import { Effect } from "effect"
import { Complaint, exitCodes, Verdict } from "../exitCode.ts"
import { servedApi } from "../input/servedApi.ts"
import * as Speech from "../output/Speech.ts"
import { print } from "../output/stdout.ts"

export interface ClockInput {
  readonly order: string
  readonly value?: string
  readonly within?: string
  readonly kubeconfig?: string
  readonly context?: string
  readonly json: boolean
}

interface Told {
  readonly now: string
  readonly speed: number | "max"
  readonly paused: boolean
  readonly ready?: boolean
  readonly unready?: string
}

const usage = (problem: string) => new Complaint({ code: exitCodes.usage, problem })

/** Orders with what they need besides, in words. */
const values: { readonly [order: string]: string | undefined } = {
  status: undefined,
  pause: undefined,
  resume: undefined,
  step: "a duration such as 30s",
  speed: "a number such as 10, or max",
  jump: "a time such as 2026-01-01T00:10:00Z",
  until: "ready"
}

/** The body of the request; none: it only asks. */
const bodyOf = ({ order, value = "", within }: ClockInput): object | undefined => {
  if (order === "pause" || order === "resume") return { pause: order === "pause" }
  if (order === "status") return undefined
  return order === "until" ? { until: value, ...(within === undefined ? {} : { within }) } : { [order]: value }
}

const problemOf = ({ order, value, within }: ClockInput): string | undefined => {
  if (!Object.hasOwn(values, order))
    return `clock: there is no order "${order}"; there are ${Object.keys(values).join(", ")}`
  const needs = values[order]
  if (needs === undefined && value !== undefined) return `clock ${order}: takes nothing, and got "${value}"`
  if (needs !== undefined && value === undefined) return `clock ${order}: needs ${needs}`
  if (order === "until" && value !== "ready") return `clock until: got "${value}", expected ready`
  if (within !== undefined && order !== "until") return "--within: is for `clock until ready`"
  return undefined
}

const lineOf = ({ now, paused, speed }: Told): string =>
  `${now}, ${paused ? `paused (${speed === "max" ? "as fast as it goes" : `${speed}x`} when it runs)` : speed === "max" ? "as fast as it goes" : `${speed}x`}`

export const steerClock = Effect.fn("steerClock")(function* (input: ClockInput) {
  const problem = problemOf(input)
  if (problem !== undefined) return yield* usage(problem)
  const { ask } = yield* servedApi(input)
  const body = bodyOf(input)
  const { body: answered, status } = yield* ask(body === undefined ? "GET" : "POST", "/kubereel/clock", body)
  if (status === 400 || status === 409) return yield* usage(`clock ${answered.trim()}`)
  if (status !== 200)
    return yield* new Complaint({
      code: exitCodes.unavailable,
      problem: `the server has no clock that could be steered (${status}); is it one of \`kubereel up\`?`
    })
  const told = JSON.parse(answered) as Told
  yield* print(input.json ? JSON.stringify({ schemaVersion: 1, ...told }, undefined, 2) : lineOf(told))
  if (told.ready === false) {
    yield* Speech.note(`not ready: ${told.unready ?? "something is missing"}`)
    return yield* new Verdict({ code: exitCodes.found })
  }
})
