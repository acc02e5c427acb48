/**
 * The engine's queue beside a bare calendar queue, in one run: actors that each sleep 1 to 20,000 ms a hundred times.
 *
 * The bare queue holds actor numbers and milliseconds, cannot cancel and looks at every empty bucket. Ours holds any payload,
 * any entity and microseconds, cancels, and skips. It must stay within three times the bare queue's time per event.
 *
 * `npm run bench -- queue` prints a table; a broken limit fails the run.
 */
import type { Instant } from "@kubereel/core"
import { expect, test } from "vitest"
import { CalendarQueue } from "../src/engine/CalendarQueue.ts"
import { Engine } from "../src/engine/Engine.ts"
import { BareHeap, BareWheel } from "./BareWheel.ts"

const LIMIT = 3
const ROUNDS = 3
const LONGEST = 20_000

/** Each actor's next delay in milliseconds, drawn per actor, so that it does not depend on who runs first. */
const delays = (actors: number) => {
  const seeds = Int32Array.from({ length: actors }, (_, actor) => Math.imul(actor + 1, 0x9e3779b1))
  return (actor: number): number => {
    const seed = (Math.imul(seeds[actor]!, 1_664_525) + 1_013_904_223) | 0
    seeds[actor] = seed
    return 1 + ((seed >>> 8) % LONGEST)
  }
}

/** One run: how many events fired, and a sum that depends on their order and times. */
interface Outcome {
  readonly fired: number
  readonly sum: number
}

const hit = (sum: number, milliseconds: number, actor: number): number =>
  (Math.imul(sum, 31) + milliseconds + actor) | 0

const bare = (queue: BareWheel | BareHeap, actors: number, sleeps: number): Outcome => {
  const [delay, left] = [delays(actors), new Int32Array(actors).fill(sleeps)]
  let [fired, sum] = [0, 0]
  for (let actor = 0; actor < actors; actor++) queue.push(delay(actor), actor)
  while (queue.size > 0) {
    const actor = queue.pop()
    fired++
    sum = hit(sum, queue.time, actor)
    if (--left[actor]! > 0) queue.push(queue.time + delay(actor), actor)
  }
  return { fired, sum }
}

/** Our queue alone: whose turn it is says the entity, as in the bare queue, so that no payload has to be fetched. */
const calendar = (actors: number, sleeps: number): Outcome => {
  const [delay, left] = [delays(actors), new Int32Array(actors).fill(sleeps)]
  const queue = new CalendarQueue<object>()
  const payload = {}
  let [fired, sum] = [0, 0]
  for (let actor = 0; actor < actors; actor++) queue.push(delay(actor) * 1_000, actor, payload)
  while (queue.pop() !== undefined) {
    const actor = queue.entity as number
    fired++
    sum = hit(sum, queue.time / 1_000, actor)
    if (--left[actor]! > 0) queue.push(queue.time + delay(actor) * 1_000, actor, payload)
  }
  return { fired, sum }
}

/** The whole engine, for information: a callback an actor, which has to be fetched too, and a clock that starts where a scenario's does. */
const engine = (actors: number, sleeps: number): Outcome => {
  const [delay, left] = [delays(actors), new Int32Array(actors).fill(sleeps)]
  const start = 1_767_225_600_000_000
  const engine = new Engine(start as Instant)
  let [fired, sum] = [0, 0]
  for (let actor = 0; actor < actors; actor++) {
    const run = (): void => {
      fired++
      sum = hit(sum, (engine.now - start) / 1_000, actor)
      if (--left[actor]! > 0) engine.after(actor, delay(actor) * 1_000, run)
    }
    engine.after(actor, delay(actor) * 1_000, run)
  }
  engine.runUntil((start + sleeps * LONGEST * 1_000) as Instant)
  return { fired, sum }
}

const variants = {
  bare: (actors: number, sleeps: number) => bare(new BareWheel(), actors, sleeps),
  heap: (actors: number, sleeps: number) => bare(new BareHeap(), actors, sleeps),
  calendar,
  engine
}
type Variant = keyof typeof variants

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

/** Microseconds an event, median of rounds that alternate between the variants. Throws if they disagree on what happened. */
const measure = (actors: number, sleeps: number): Record<Variant, number> => {
  const names = Object.keys(variants) as ReadonlyArray<Variant>
  const times: Record<Variant, Array<number>> = { bare: [], heap: [], calendar: [], engine: [] }
  const sums = new Set<string>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      const began = performance.now()
      const { fired, sum } = variants[name](actors, sleeps)
      times[name].push(((performance.now() - began) * 1_000) / fired)
      sums.add(`${fired} ${sum}`)
    }
  }
  if (sums.size !== 1) throw new Error(`the queues disagree: ${[...sums].join(", ")}`)
  return {
    bare: median(times.bare),
    heap: median(times.heap),
    calendar: median(times.calendar),
    engine: median(times.engine)
  }
}

test(`the queue stays within ${LIMIT} × a bare one`, () => {
  let worst = 0
  console.log("actors   bare µs   heap µs   calendar µs (× bare)   engine µs (× bare)")
  for (const [actors, sleeps] of [
    [1_000, 1_000],
    [10_000, 100],
    [100_000, 30]
  ] as const) {
    const took = measure(actors, sleeps)
    const [ofCalendar, ofEngine] = [took.calendar / took.bare, took.engine / took.bare]
    worst = Math.max(worst, ofCalendar)
    const cell = (value: number, width: number) => value.toFixed(3).padStart(width)
    console.log(
      `${String(actors).padStart(6)} ${cell(took.bare, 9)} ${cell(took.heap, 9)} ${cell(took.calendar, 13)} (${ofCalendar.toFixed(2)}) ${cell(took.engine, 14)} (${ofEngine.toFixed(2)})`
    )
  }
  expect(worst).toBeLessThanOrEqual(LIMIT)
})
