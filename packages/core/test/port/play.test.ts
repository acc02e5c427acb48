import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import type { ClusterEvent } from "../../src/event/ClusterEvent.ts"
import { type Instant, later, parseInstant, SECOND } from "../../src/event/Instant.ts"
import { type Answer, ClusterBackend, NotSupported } from "../../src/port/ClusterBackend.ts"
import { describeIntention, play } from "../../src/port/play.ts"
import type { Intention, Scenario, Step } from "../../src/port/Scenario.ts"

const start = parseInstant("2026-01-01T00:00:00Z") ?? (0 as Instant)
const kill: Intention = { _tag: "Kill", namespace: undefined, pod: "p", container: "main", signal: 9 }
const remove: Intention = {
  _tag: "Delete",
  kind: "Pod",
  namespace: undefined,
  name: "p",
  selector: undefined,
  pick: "all",
  gracePeriodSeconds: undefined,
  propagationPolicy: undefined
}
const drain: Intention = {
  _tag: "Node",
  name: "n",
  cordon: true,
  kubelet: undefined,
  power: undefined,
  network: undefined,
  pressure: undefined,
  staticPods: undefined
}

const scenario = (steps: ReadonlyArray<Step>): Scenario => ({
  name: "s",
  description: "",
  source: undefined,
  namespace: "s",
  nodes: [],
  images: [],
  programs: [],
  steps,
  checks: [],
  until: 60 * SECOND,
  seed: 0,
  kubernetes: "v1.36.3",
  start
})

/** Tells what it was asked, as facts: each `advance` yields one, each `submit` is noted in the next. */
const diary = Layer.sync(ClusterBackend, () => {
  let now = start
  let notes: ReadonlyArray<string> = []
  const answers = (intention: Intention): Effect.Effect<ReadonlyArray<Answer>, NotSupported> =>
    intention._tag === "Node"
      ? Effect.fail(new NotSupported({ what: "node", why: "no machinery" }))
      : Effect.succeed([
          intention._tag === "Delete"
            ? { status: 404, body: { message: 'pods "p" not found' } }
            : { status: 200, body: {}, ...(intention._tag === "Scale" ? { warnings: ["a", "b"] } : {}) }
        ])
  return ClusterBackend.of({
    clock: "virtual",
    now: Effect.sync(() => now),
    submit: (intention) =>
      Effect.suspend(() => {
        notes = [...notes, describeIntention(intention)]
        return answers(intention)
      }),
    advance: (to) =>
      Stream.suspend(() => {
        const fact: ClusterEvent = {
          _tag: "Warned",
          observed: to,
          message: `${(to - now) / SECOND}s after ${notes.join("; ")}`
        }
        now = to
        notes = []
        return Stream.make(fact)
      })
  })
})

const played = (steps: ReadonlyArray<Step>, until: number) =>
  play(scenario(steps), { until, header: { seed: 7 } }).pipe(Stream.runCollect, Effect.provide(diary))

describe("play", () => {
  it.effect("begins with a header, advances to each step before it submits it, and to the end", () =>
    Effect.gen(function* () {
      const steps = [
        { at: 1 * SECOND, intention: kill },
        { at: 5 * SECOND, intention: kill },
        { at: 90 * SECOND, intention: kill }
      ]
      assert.deepStrictEqual(yield* played(steps, 60 * SECOND), [
        {
          _tag: "RecordingStarted",
          header: {
            scenario: "s",
            t0: "2026-01-01T00:00:00.000Z",
            kubernetes: "v1.36.3",
            seed: 7,
            steps: ["1s", "5s", "1m30s"].map((at) => ({ at, does: "kill p/main with signal 9" }))
          }
        },
        { _tag: "Warned", observed: later(start, 1 * SECOND), message: "1s after " },
        { _tag: "Warned", observed: later(start, 5 * SECOND), message: "4s after kill p/main with signal 9" },
        { _tag: "Warned", observed: later(start, 60 * SECOND), message: "55s after kill p/main with signal 9" }
      ])
    })
  )

  it.effect("records what an answer warns of", () =>
    Effect.gen(function* () {
      const scale: Intention = { _tag: "Scale", kind: "Deployment", namespace: undefined, name: "d", replicas: 2 }
      const seen = yield* played([{ at: SECOND, intention: scale }], SECOND)
      const which = "step at 1s (scale Deployment/d to 2) was answered with a warning:"
      assert.deepStrictEqual(
        seen.flatMap((event) => (event._tag === "Warned" && event.message.startsWith("step") ? [event.message] : [])),
        [`${which} a`, `${which} b`]
      )
    })
  )

  it.effect("records a refusal, and what the backend cannot do, and goes on", () =>
    Effect.gen(function* () {
      const seen = yield* played(
        [
          { at: 0, intention: remove },
          { at: 0, intention: drain },
          { at: 0, intention: kill }
        ],
        SECOND
      )
      assert.deepStrictEqual(
        seen.flatMap((event) => (event._tag === "Warned" && !event.message.includes("after") ? [event.message] : [])),
        ['step at 0s (delete Pod/p) was refused with 404: pods "p" not found', "not simulated: node: no machinery"]
      )
      assert.deepStrictEqual(seen.at(-1), {
        _tag: "Warned",
        observed: later(start, SECOND),
        message: "1s after kill p/main with signal 9"
      })
    })
  )
})
