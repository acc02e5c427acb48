/** What the process of a container does, near the durations that its pod makes important. */
import type { JsonObject } from "../../../event/Json.ts"
import { someMillis, text } from "./boundaries.ts"
import { present } from "./fields.ts"
import type { Draw } from "./genes.ts"
import type { Feature } from "./Swarm.ts"

/** What a program has to know of its container and its pod. */
export interface Surroundings {
  readonly role: "app" | "init" | "sidecar"
  readonly features: ReadonlySet<Feature>
  /** Seconds that count here: the grace of the pod, what its probes take until they give up. */
  readonly seconds: ReadonlyArray<number>
  /** The grace of the pod in seconds. */
  readonly grace: number
  /** It ends by itself: of a Job. */
  readonly ends: boolean
}

/** What probes and hooks of the container ask, answered in every run. */
export interface Answers {
  readonly execs: ReadonlyArray<JsonObject>
  readonly http: ReadonlyArray<JsonObject>
  readonly tcp: ReadonlyArray<JsonObject>
  readonly grpc: ReadonlyArray<JsonObject>
}

const exitCodes = [1, 1, 42, 137, 143, 2, 255] as const

const end = (draw: Draw, around: Surroundings, exitCode: number): JsonObject => ({
  exitAfter: text(someMillis(draw, around.seconds)),
  ...(exitCode === 0 ? {} : { exitCode })
})

const failing = (draw: Draw, around: Surroundings): JsonObject =>
  draw.rarely(5)
    ? { ...end(draw, around, 0), oom: true }
    : draw.rarely(8)
      ? { startError: "no such file or directory" }
      : end(draw, around, draw.of(exitCodes))

/** The first runs fail, the last one does what is wanted; or all of them fail. */
const starts = (draw: Draw, around: Surroundings): ReadonlyArray<JsonObject> => {
  const wanted: JsonObject = around.role === "init" || around.ends ? end(draw, around, 0) : {}
  if (!around.features.has("crashes") || !draw.rarely(3)) return [wanted]
  const fails = draw.below(7)
  if (fails === 0) return [around.role === "sidecar" ? failing(draw, around) : end(draw, around, draw.below(3))]
  const failure = failing(draw, around)
  if (fails === 6) return [failure]
  return [...Array.from({ length: fails }, () => failure), wanted]
}

/** A server ends soon when it is asked to; a program without a handler never does. */
const onTerm = (draw: Draw, around: Surroundings): string | JsonObject => {
  if (!around.features.has("slowEnds") || !draw.rarely(2)) return { exitAfter: "50ms" }
  return draw.rarely(4)
    ? "ignore"
    : { exitAfter: text(someMillis(draw, around.seconds)), ...(draw.rarely(3) ? { exitCode: 143 } : {}) }
}

export const programOf = (draw: Draw, around: Surroundings, answers: Answers): ReadonlyArray<JsonObject> => {
  const always = present({
    onTerm: onTerm(draw, around),
    execs: answers.execs.length === 0 ? undefined : answers.execs,
    http: answers.http.length === 0 ? undefined : answers.http,
    tcp: answers.tcp.length === 0 ? undefined : answers.tcp,
    grpc: answers.grpc.length === 0 ? undefined : answers.grpc
  })
  return starts(draw, around).map((run) => ({ ...run, ...always }))
}
