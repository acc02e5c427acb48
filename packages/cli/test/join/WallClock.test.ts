/** What is due runs before what comes, what came runs at once, and a defect ends it all. */
import type { Instant } from "@kubereel/core"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { WallClock } from "../../src/join/WallClock.ts"

const begin = 1_767_225_600_000

beforeEach(() => {
  vi.useFakeTimers({ now: begin })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Things that are due after so many milliseconds; each says when it ran. */
const given = (...due: ReadonlyArray<number>) => {
  const ran: Array<string> = []
  const waiting = due.map((millis) => (begin + millis) * 1_000).toSorted((a, b) => a - b)
  const nodes = {
    get soonest() {
      return waiting[0] as Instant | undefined
    },
    run: (to: Instant) => {
      while ((waiting[0] ?? Number.POSITIVE_INFINITY) <= to) {
        const at = waiting.shift() ?? 0
        if (at === (begin + 13) * 1_000) throw new Error("bad luck")
        ran.push(`due ${at / 1_000 - begin}`)
      }
      return true
    }
  }
  const defects: Array<unknown> = []
  const clock = new WallClock(nodes, (begin * 1_000) as Instant, (cause) => defects.push(cause))
  return { clock, ran, waiting, defects }
}

describe("the wall's clock", () => {
  it("runs what is due when it is due, and sleeps in between", () => {
    const { ran } = given(5, 250)
    vi.advanceTimersByTime(4)
    expect(ran).toEqual([])
    vi.advanceTimersByTime(2)
    expect(ran).toEqual(["due 5"])
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(300)
    expect(ran).toEqual(["due 5", "due 250"])
    expect(vi.getTimerCount()).toBe(0)
  })

  it("lets what was due happen before what comes from outside", () => {
    const { clock, ran } = given(5)
    vi.setSystemTime(begin + 10)
    clock.enter(() => ran.push("came"))
    expect(ran).toEqual(["due 5", "came"])
  })

  it("runs what that brings about without waiting", () => {
    const { clock, ran, waiting } = given()
    clock.enter(() => waiting.push(begin * 1_000))
    vi.advanceTimersByTime(1)
    expect(ran).toEqual(["due 0"])
  })

  it("stands still when the machine's clock is set back", () => {
    const { clock, ran, waiting } = given()
    vi.setSystemTime(begin + 1_000)
    clock.enter(() => undefined)
    vi.setSystemTime(begin)
    clock.enter(() => waiting.push((begin + 900) * 1_000))
    vi.advanceTimersByTime(1)
    expect(ran).toEqual(["due 900"])
  })

  it("says a defect once, and runs nothing any more", () => {
    const { clock, defects, ran } = given(13, 20)
    vi.advanceTimersByTime(100)
    clock.enter(() => ran.push("came"))
    expect([defects.length, ran]).toEqual([1, []])
  })

  it("runs nothing once it is stopped", () => {
    const { clock, ran } = given(5)
    clock.stop()
    vi.advanceTimersByTime(100)
    expect(ran).toEqual([])
  })
})
