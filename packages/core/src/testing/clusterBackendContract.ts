/** What every `ClusterBackend` must do: the simulator, a reel being replayed, a real cluster. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer, Stream } from "effect"
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { type Instant, later, type Micros } from "../event/Instant.ts"
import { canonical } from "../event/Json.ts"
import { asObject } from "../event/KubernetesObject.ts"
import { compareResourceVersions } from "../event/resourceVersion.ts"
import { ClusterBackend, NotSupported } from "../port/ClusterBackend.ts"
import type { Intention } from "../port/Scenario.ts"

export interface ContractSubject {
  /** A fresh backend, at its beginning, each time it is built; the same one again unless the clock is the wall's. */
  readonly layer: Layer.Layer<ClusterBackend, unknown>
  /** How much of its history the contract looks at; something must happen in it. */
  readonly horizon: Micros
  /** An object that it accepts and shows; absent for a backend that takes no orders. */
  readonly apply?: Intention
  /** A backend on the wall's clock lives through its history, and has another one each time, beside the others. */
  readonly clock?: "wall"
}

/** Whoever lives on the wall's clock is tested on it. */
const test = ({ clock }: ContractSubject) => (clock === "wall" ? it.live : it.effect)

const advance = (to: Instant) =>
  Effect.gen(function* () {
    const backend = yield* ClusterBackend
    return yield* Stream.runCollect(backend.advance(to))
  })

/** The clock's beginning, and that moment plus `by`. */
const ahead = (by: Micros) =>
  Effect.flatMap(ClusterBackend, (backend) => Effect.map(backend.now, (now) => later(now, by)))

const text = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  events.map((event) => canonical(event as never))

/** The history from the beginning to the horizon, in so many equal parts. */
const history = (subject: ContractSubject, parts: number) =>
  Effect.gen(function* () {
    const start = yield* ahead(0)
    if (subject.apply !== undefined) yield* (yield* ClusterBackend).submit(subject.apply)
    const all: Array<ClusterEvent> = []
    for (let part = 1; part <= parts; part++)
      all.push(...(yield* advance(later(start, Math.floor((subject.horizon * part) / parts)))))
    return all
  }).pipe(Effect.provide(subject.layer))

const clock = (subject: ContractSubject): void => {
  test(subject)("moves its clock to the moment that it was asked for", () =>
    Effect.gen(function* () {
      const to = yield* ahead(subject.horizon)
      yield* advance(to)
      assert.isAtLeast(yield* ahead(0), to)
    }).pipe(Effect.provide(subject.layer))
  )

  test(subject)("refuses to travel back, and stays where it is", () =>
    Effect.gen(function* () {
      const start = yield* ahead(0)
      const to = later(start, subject.horizon)
      yield* advance(to)
      const refusal = yield* Effect.flip(advance(start))
      assert.strictEqual(refusal._tag, "TimeTravel")
      if (refusal._tag === "TimeTravel") assert.deepStrictEqual([refusal.now, refusal.to], [yield* ahead(0), start])
    }).pipe(Effect.provide(subject.layer))
  )

  test(subject)("has nothing new when asked again for the same moment", () =>
    Effect.gen(function* () {
      const to = yield* ahead(subject.horizon)
      yield* advance(to)
      assert.deepStrictEqual(yield* advance(to), [])
    }).pipe(Effect.provide(subject.layer))
  )
}

const facts = (subject: ContractSubject): void => {
  test(subject)("shows facts, none from later than its clock", () =>
    Effect.gen(function* () {
      const to = yield* ahead(subject.horizon)
      const seen = yield* history(subject, 1)
      assert.isAbove(seen.length, 0)
      for (const { observed } of seen) if (observed !== undefined) assert.isAtMost(observed, to)
    }).pipe(Effect.provide(subject.layer))
  )

  test(subject)("shows an object's life in order: it is added first, and nothing changes after it was deleted", () =>
    Effect.gen(function* () {
      const last = new Map<string, string>()
      for (const event of yield* history(subject, 1)) {
        if (event._tag !== "ObjectChanged" || event.change === "BOOKMARK" || event.change === "ERROR") continue
        const { kind, metadata } = asObject(event.object)
        const before = last.get(metadata.uid ?? "")
        const what = `${event.change} of ${kind} ${metadata.name} after ${before ?? "nothing"}`
        assert.isTrue(
          event.change === "ADDED" ? before === undefined : before === "ADDED" || before === "MODIFIED",
          what
        )
        last.set(metadata.uid ?? "", event.change)
      }
      assert.isAbove(last.size, 0)
    })
  )

  if (subject.clock === "wall") {
    it.live("shows every change once, an object's versions in their order, however often it is asked", () =>
      Effect.gen(function* () {
        const seen = yield* history(subject, 17)
        const changes = seen.flatMap((event) => {
          if (event._tag !== "ObjectChanged" || event.change === "BOOKMARK") return []
          const { metadata } = asObject(event.object)
          return [{ uid: metadata.uid ?? "", change: event.change, version: metadata.resourceVersion ?? "" }]
        })
        assert.isAbove(changes.length, 0)
        assert.strictEqual(new Set(changes.map((change) => JSON.stringify(change))).size, changes.length)
        const last = new Map<string, string>()
        for (const { uid, version } of changes) {
          const before = last.get(uid)
          if (before !== undefined) assert.isBelow(compareResourceVersions(before, version) ?? 0, 0)
          last.set(uid, version)
        }
      })
    )
    return
  }
  it.effect.each([2, 3, 17])("shows the same facts, each once and in the same order, in %i parts", (parts) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(text(yield* history(subject, parts)), text(yield* history(subject, 1)))
    })
  )
}

const orders = (subject: ContractSubject): void => {
  const missing: Intention = {
    _tag: "Delete",
    kind: "Pod",
    namespace: undefined,
    name: "never-heard-of",
    selector: undefined,
    pick: "all",
    gracePeriodSeconds: undefined,
    propagationPolicy: undefined
  }
  const { apply } = subject
  if (apply === undefined || apply._tag !== "Apply") {
    test(subject)("says that it takes no orders", () =>
      Effect.gen(function* () {
        const refusal = yield* (yield* ClusterBackend).submit(missing).pipe(Effect.flip)
        assert.instanceOf(refusal, NotSupported)
      }).pipe(Effect.provide(subject.layer))
    )
    return
  }

  test(subject)("answers once for each object, and shows it at the next advance", () =>
    Effect.gen(function* () {
      const answers = yield* (yield* ClusterBackend).submit(apply)
      assert.deepStrictEqual(
        answers.map(({ status }) => status),
        apply.objects.map(() => 201)
      )
      const seen = yield* advance(yield* ahead(subject.horizon))
      for (const { body } of answers) {
        const { metadata } = asObject(body)
        assert.isString(metadata.uid)
        const shown = seen.some(
          (event) =>
            event._tag === "ObjectChanged" &&
            event.change === "ADDED" &&
            asObject(event.object).metadata.uid === metadata.uid
        )
        assert.isTrue(shown, `${metadata.name} was accepted and never seen`)
      }
    }).pipe(Effect.provide(subject.layer))
  )

  test(subject)("refuses as an API server does: 404 for what is not there", () =>
    Effect.gen(function* () {
      const { submit } = yield* ClusterBackend
      const gone = yield* submit(missing)
      assert.deepStrictEqual(
        gone.map(({ status }) => status),
        [404]
      )
      assert.strictEqual(gone[0]?.body.reason, "NotFound")
    }).pipe(Effect.provide(subject.layer))
  )
}

/** Registers the tests of the contract. */
export const clusterBackendContract = (name: string, subject: ContractSubject): void => {
  describe(`${name} is a ClusterBackend`, { concurrent: subject.clock === "wall" }, () => {
    clock(subject)
    facts(subject)
    orders(subject)
  })
}
