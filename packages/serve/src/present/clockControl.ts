/** `/kubereel/clock`: how the clock of a cluster that lives is read and steered, beside the API of Kubernetes. */
import { type JsonObject, later, parseDuration, parseInstant, toObserved } from "@kubereel/core"
import { Result } from "effect"
import { bodyObject } from "../http/body.ts"
import { type ApiRequest, statusReply, textReply } from "../http/Reply.ts"
import { notAllowed } from "../http/refusals.ts"
import { type WireAnswer, wireAnswer } from "../wire/answer.ts"
import { type Pacer, READY_LIMIT, type Speed } from "./Pacer.ts"

/** The slowest and the fastest that make sense: a day a second. */
const SLOWEST = 0.001
const FASTEST = 86_400

/** `10`, `0.5`, `max`. */
export const parseSpeed = (text: string): Speed | undefined => {
  if (text === "max") return "max"
  const speed = Number(text.replace(/x$/, ""))
  return text.trim() !== "" && speed >= SLOWEST && speed <= FASTEST ? speed : undefined
}

const answered = (pacer: Pacer, more: JsonObject = {}): WireAnswer => {
  const { now, paused, speed } = pacer.status
  return wireAnswer(
    200,
    { now: toObserved(now), speed, paused, ...more },
    { format: "json", stream: false, pretty: false }
  )
}

const wrong = (what: string): WireAnswer => textReply(400, `${what}\n`)

const stepped = async (pacer: Pacer, duration: string): Promise<WireAnswer> => {
  const micros = parseDuration(duration)
  if (micros === undefined || micros < 0) return wrong(`step: ${JSON.stringify(duration)} is no duration such as 30s`)
  await pacer.goTo(later(pacer.status.now, micros))
  return answered(pacer)
}

const jumped = async (pacer: Pacer, time: string): Promise<WireAnswer> => {
  const to = parseInstant(time)
  if (to === undefined) return wrong(`jump: ${JSON.stringify(time)} is no time such as 2026-01-01T00:10:00Z`)
  const { now } = pacer.status
  if (to < now)
    return textReply(409, `jump: the clock stands at ${toObserved(now)} and cannot go back to ${toObserved(to)}\n`)
  await pacer.goTo(to)
  return answered(pacer)
}

const waited = async (pacer: Pacer, within: string | undefined): Promise<WireAnswer> => {
  const limit = within === undefined ? READY_LIMIT : parseDuration(within)
  if (limit === undefined || limit < 0) return wrong(`within: ${JSON.stringify(within)} is no duration such as 10m`)
  const unready = await pacer.untilReady(later(pacer.status.now, limit))
  return answered(pacer, { ready: unready === undefined, ...(unready === undefined ? {} : { unready }) })
}

/** One order: `{"pause": true}`, `{"speed": 100}`, `{"step": "30s"}`, `{"jump": "…"}`, `{"until": "ready", "within": "10m"}`. */
const order = async (pacer: Pacer, body: JsonObject): Promise<WireAnswer> => {
  const { jump, pause, speed, step, until, within } = body
  if (typeof pause === "boolean") pacer.pause(pause)
  else if (speed !== undefined) {
    const parsed = parseSpeed(String(speed))
    if (parsed === undefined)
      return wrong(`speed: ${JSON.stringify(speed)} is none from ${SLOWEST} to ${FASTEST}, or max`)
    pacer.speed = parsed
  } else if (typeof step === "string") return stepped(pacer, step)
  else if (typeof jump === "string") return jumped(pacer, jump)
  else if (until === "ready") return waited(pacer, typeof within === "string" ? within : undefined)
  else return wrong("one of pause, speed, step, jump and until is expected")
  return answered(pacer)
}

export const clockControl =
  (pacer: Pacer) =>
  async (request: ApiRequest): Promise<WireAnswer | undefined> => {
    if (request.path !== "/kubereel/clock") return undefined
    if (request.method === "GET") return answered(pacer)
    if (request.method !== "POST") return statusReply(notAllowed, request)
    const body = bodyObject(request)
    return Result.isFailure(body) ? statusReply(body.failure, request) : order(pacer, body.success)
  }
