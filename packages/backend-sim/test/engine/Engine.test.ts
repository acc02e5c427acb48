import type { Instant } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Engine, type Entity } from "../../src/engine/Engine.ts"

const start = 1_767_225_600_000_000 as Instant
const at = (offset: number) => (start + offset) as Instant

/** An engine, and what ran on it: who, and when. */
const traced = () => {
  const engine = new Engine(start)
  const trace: Array<readonly [Entity, number]> = []
  const note = (entity: Entity, offset: number) =>
    engine.schedule(entity, at(offset), () => trace.push([entity, engine.now - start]))
  return { engine, trace, note }
}

describe("the engine", () => {
  it("runs what is due up to and including a moment, and stands there then", () => {
    const { engine, trace, note } = traced()
    for (const offset of [30, 10, 20, 21]) note("a", offset)
    expect(engine.runUntil(at(20))).toBe(true)
    expect(trace).toEqual([
      ["a", 10],
      ["a", 20]
    ])
    expect([engine.now, engine.pending]).toEqual([at(20), 2])
    engine.runUntil(at(1_000_000_000_000))
    expect([engine.now, trace.length]).toEqual([at(1_000_000_000_000), 4])
  })

  it("breaks ties by the entity, whoever came first, and keeps one entity's own order", () => {
    const { engine, trace } = traced()
    const say = (entity: Entity, what: string) => engine.schedule(entity, at(5), () => trace.push([what, 5]))
    say("scheduler", "s1")
    say("apiserver", "a1")
    say("scheduler", "s2")
    say("apiserver", "a2")
    say(7, "n")
    engine.runUntil(at(5))
    expect(trace.map(([what]) => what)).toEqual(["n", "a1", "a2", "s1", "s2"])
  })

  it("runs what is scheduled for this very moment in the same call", () => {
    const { engine, trace, note } = traced()
    engine.schedule("b", at(1), () => {
      note("a", 1)
      engine.after("c", 0, () => trace.push(["c", engine.now - start]))
    })
    engine.runUntil(at(1))
    expect(trace).toEqual([
      ["a", 1],
      ["c", 1]
    ])
  })

  it("forgets what was cancelled", () => {
    const { engine, trace, note } = traced()
    const handle = note("a", 1)
    note("b", 2)
    expect([engine.cancel(handle), engine.cancel(handle)]).toEqual([true, false])
    engine.runUntil(at(10))
    expect(trace).toEqual([["b", 2]])
  })

  it("refuses the past by name", () => {
    const { engine } = traced()
    engine.runUntil(at(100))
    expect(() => engine.schedule("kubelet/n1", at(99), () => {})).toThrow("kubelet/n1")
  })

  it("stops when its budget is spent, and goes on where it stopped", () => {
    const { engine, trace, note } = traced()
    for (let i = 1; i <= 5; i++) note("a", i)
    expect([engine.runUntil(at(5), 2), engine.now - start, trace.length]).toEqual([false, 2, 2])
    expect([engine.runUntil(at(5)), engine.now - start, trace.length]).toEqual([true, 5, 5])
  })

  it("never turns back when asked for a moment that is over", () => {
    const { engine } = traced()
    engine.runUntil(at(100))
    expect([engine.runUntil(at(50)), engine.now]).toEqual([true, at(100)])
  })

  it("a process takes with it what it had planned, and nothing of anybody else", () => {
    const { engine, trace, note } = traced()
    const process = engine.fork()
    for (const offset of [10, 20]) process.schedule("p", at(offset), () => trace.push(["p", process.now - start]))
    note("a", 15)
    engine.schedule("a", at(12), () => process.end())
    engine.runUntil(at(30))
    expect(trace).toEqual([
      ["p", 10],
      ["a", 15]
    ])
    expect(process.now).toBe(at(30))
  })
})
