/** What a goroutine does, as a generator. */
import { type Instant, type Micros, SECOND } from "@kubereel/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Course, carryOut, together } from "../../src/client/Course.ts"
import { Engine } from "../../src/engine/Engine.ts"

const START = (1_767_225_600 * SECOND) as Instant

const run = <Result>(engine: Engine, course: Course<Result>): { result: Result | undefined; at: number } => {
  const ended: { result: Result | undefined; at: number } = { result: undefined, at: -1 }
  carryOut(engine, "test", course, (result) => {
    ended.result = result
    ended.at = engine.now - START
  })
  engine.runUntil((START + 1_000 * SECOND) as Instant)
  return ended
}

function* lasting<Result>(pauses: ReadonlyArray<Micros>, result: Result): Course<Result> {
  for (const pause of pauses) yield pause
  return result
}

describe("a course", () => {
  it("runs at once until its first pause, and no pause takes no time", () => {
    const engine = new Engine(START)
    const seen: Array<string> = []
    carryOut(
      engine,
      "test",
      (function* () {
        seen.push("begun")
        yield 0
        seen.push("no pause")
        yield 5
        seen.push("after 5")
      })()
    )
    expect(seen).toEqual(["begun", "no pause"])
    engine.runUntil((START + 4) as Instant)
    expect(seen).toHaveLength(2)
    engine.runUntil((START + 5) as Instant)
    expect(seen).toHaveLength(3)
  })

  it("takes as long as its pauses together, and ends with its result", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000)), fc.string(), (pauses, result) => {
        const ended = run(new Engine(START), lasting(pauses, result))
        expect(ended).toEqual({ result, at: pauses.reduce((sum, pause) => sum + pause, 0) })
      })
    )
  })

  it("waits for whoever resumes it, at once or later", () => {
    const engine = new Engine(START)
    let resume = () => {}
    const ended = run(
      engine,
      (function* () {
        yield (now) => now()
        yield (later) => {
          resume = later
        }
        return "resumed"
      })()
    )
    expect(ended.result).toBeUndefined()
    resume()
    expect(ended.result).toBe("resumed")
  })

  it("other courses run in its pauses", () => {
    const engine = new Engine(START)
    const seen: Array<string> = []
    function* counting(name: string, pause: Micros): Course {
      for (let i = 0; i < 3; i++) {
        yield pause
        seen.push(`${name}${i}`)
      }
    }
    carryOut(engine, "a", counting("a", 10))
    carryOut(engine, "b", counting("b", 4))
    engine.runUntil((START + 100) as Instant)
    expect(seen).toEqual(["b0", "b1", "a0", "b2", "a1", "a2"])
  })
})

describe("courses together", () => {
  it("last as long as the longest of them; results are in their order", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(1_000), { maxLength: 4 }), { maxLength: 8 }), (all) => {
        const engine = new Engine(START)
        const ended = run(
          engine,
          together(
            engine,
            "test",
            all.map((pauses, i) => lasting(pauses, i))
          )
        )
        const lengths = all.map((pauses) => pauses.reduce((sum, pause) => sum + pause, 0))
        expect(ended).toEqual({ result: all.map((_, i) => i), at: Math.max(0, ...lengths) })
      })
    )
  })
})
