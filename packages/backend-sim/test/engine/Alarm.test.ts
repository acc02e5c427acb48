import type { Instant } from "@kubereel/core"
import { expect, it } from "vitest"
import { Alarm } from "../../src/engine/Alarm.ts"
import { Engine } from "../../src/engine/Engine.ts"

const at = (moment: number) => moment as Instant

it("rings once, at the moment that was set last", () => {
  const engine = new Engine(at(0))
  const rung: Array<number> = []
  const alarm = new Alarm(engine, "a", () => rung.push(engine.now))
  alarm.set(at(10))
  alarm.set(at(10))
  alarm.set(at(5))
  expect(engine.pending).toBe(1)
  engine.runUntil(at(20))
  expect(rung).toEqual([5])
  alarm.set(at(30))
  alarm.set(undefined)
  engine.runUntil(at(40))
  expect([rung, engine.pending]).toEqual([[5], 0])
})

it("can be set again from within", () => {
  const engine = new Engine(at(0))
  const rung: Array<number> = []
  const alarm: Alarm = new Alarm(engine, "a", () => {
    rung.push(engine.now)
    if (rung.length < 3) alarm.set(at(engine.now + 7))
  })
  alarm.set(at(7))
  engine.runUntil(at(100))
  expect(rung).toEqual([7, 14, 21])
})
