/** The queue of a controller, by the cases of client-go's own tests (`util/workqueue/{queue,delaying_queue,default_rate_limiters}_test.go`). */
import { type Instant, MILLISECOND, type Micros, SECOND } from "@kubereel/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Synced, WorkQueue } from "../../src/client/WorkQueue.ts"
import { Engine } from "../../src/engine/Engine.ts"

const START = (1_767_225_600 * SECOND) as Instant

interface Sync {
  readonly key: string
  readonly begun: number
  readonly ended: number
}

/** A queue whose syncs last `takes` and end as `ends` says; what they were. */
const made = (options: { takes?: Micros; workers?: number; ends?: (key: string, nth: number) => Synced }) => {
  const { ends = () => undefined, takes = 10, workers = 1 } = options
  const engine = new Engine(START)
  const syncs: Array<Sync> = []
  const begun = new Map<string, number>()
  const queue = new WorkQueue({
    engine,
    entity: "queue",
    workers,
    *sync(key) {
      const at = engine.now - START
      const nth = (begun.get(key) ?? 0) + 1
      begun.set(key, nth)
      yield takes
      syncs.push({ key, begun: at, ended: engine.now - START })
      return ends(key, nth)
    }
  })
  const runTo = (micros: number) => engine.runUntil((START + micros) as Instant)
  return { engine, queue, syncs, runTo, keys: () => syncs.map(({ key }) => key) }
}

describe("a work queue", () => {
  it("works on keys in the order in which they came", () => {
    const { keys, queue, runTo } = made({})
    for (const key of ["b", "a", "c"]) queue.add(key)
    runTo(SECOND)
    expect(keys()).toEqual(["b", "a", "c"])
  })

  it("a key that waits already is not added again", () => {
    const { keys, queue, runTo } = made({})
    for (const key of ["a", "a", "b", "a"]) queue.add(key)
    runTo(SECOND)
    expect(keys()).toEqual(["a", "b"])
  })

  it("C-260: a key that is added while it is worked on is worked on once more afterwards, by nobody meanwhile", () => {
    const { queue, runTo, syncs } = made({ workers: 5 })
    queue.add("a")
    runTo(5)
    queue.add("a")
    queue.add("a")
    runTo(SECOND)
    expect(syncs).toEqual([
      { key: "a", begun: 0, ended: 10 },
      { key: "a", begun: 10, ended: 20 }
    ])
  })

  it("C-260: as many keys as there are workers are worked on at a time", () => {
    const { queue, runTo, syncs } = made({ workers: 2 })
    for (const key of ["a", "b", "c"]) queue.add(key)
    runTo(SECOND)
    expect(syncs.map(({ begun, key }) => [key, begun])).toEqual([
      ["a", 0],
      ["b", 0],
      ["c", 10]
    ])
  })

  it("never works on a key twice at a time, and always once more after it was last added", () => {
    const adding = fc.record({ key: fc.constantFrom("a", "b", "c", "d"), at: fc.nat(200), delay: fc.nat(50) })
    fc.assert(
      fc.property(fc.array(adding, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 3 }), (all, workers) => {
        const { engine, queue, runTo, syncs } = made({ workers, takes: 7 })
        for (const { at, delay, key } of all)
          engine.schedule("adder", (START + at) as Instant, () => queue.addAfter(key, delay))
        runTo(SECOND)
        for (const key of ["a", "b", "c", "d"]) {
          const own = syncs.filter((sync) => sync.key === key)
          for (const [i, sync] of own.entries()) expect(sync.begun).toBeGreaterThanOrEqual(own[i - 1]?.ended ?? 0)
          const last = Math.max(...all.filter((one) => one.key === key).map(({ at }) => at))
          if (all.some((one) => one.key === key)) expect(own.at(-1)?.ended).toBeGreaterThanOrEqual(last)
        }
        const atATime = syncs.map(({ begun }) => syncs.filter((s) => s.begun <= begun && begun < s.ended).length)
        expect(Math.max(...atATime)).toBeLessThanOrEqual(workers)
      })
    )
  })
})

describe("a delayed key", () => {
  it("comes when its time has come, not before", () => {
    const { queue, runTo, syncs } = made({})
    queue.addAfter("a", 50)
    runTo(49)
    expect(syncs).toEqual([])
    runTo(SECOND)
    expect(syncs).toEqual([{ key: "a", begun: 50, ended: 60 }])
  })

  it("comes once, at the earlier of two moments", () => {
    const { queue, runTo, syncs } = made({})
    queue.addAfter("a", 500)
    queue.addAfter("a", 50)
    queue.addAfter("a", 300)
    runTo(SECOND)
    expect(syncs.map(({ begun }) => begun)).toEqual([50])
  })

  it("that comes again later is worked on twice", () => {
    const { queue, runTo, syncs } = made({})
    queue.add("a")
    queue.addAfter("a", 50)
    runTo(SECOND)
    expect(syncs.map(({ begun }) => begun)).toEqual([0, 50])
  })

  it("a delay of nothing is none", () => {
    const { queue, runTo, syncs } = made({})
    queue.addAfter("a", 0)
    queue.addAfter("b", -1)
    runTo(SECOND)
    expect(syncs.map(({ key }) => key)).toEqual(["a", "b"])
  })
})

describe("a key that fails", () => {
  it("C-260: comes back after 5 ms, then after twice as long each time", () => {
    const { queue, runTo, syncs } = made({ takes: 0, ends: (_, nth) => (nth <= 5 ? "retry" : undefined) })
    queue.add("a")
    runTo(10 * SECOND)
    const gaps = syncs.slice(1).map(({ begun }, i) => begun - (syncs[i]?.begun ?? 0))
    expect(gaps).toEqual([5, 10, 20, 40, 80].map((ms) => ms * MILLISECOND))
    expect(queue.numRequeues("a")).toBe(0)
  })

  it("C-260: never waits longer than 1000 s", () => {
    const { queue, runTo, syncs } = made({ takes: 0, ends: () => "retry" })
    queue.add("a")
    runTo(20_000 * SECOND)
    const gaps = syncs.slice(1).map(({ begun }, i) => begun - (syncs[i]?.begun ?? 0))
    expect(Math.max(...gaps)).toBe(1_000 * SECOND)
  })

  it("begins anew when it has succeeded in between", () => {
    const { queue, runTo, syncs } = made({ takes: 0, ends: (_, nth) => (nth === 3 ? undefined : "retry") })
    queue.add("a")
    runTo(40 * MILLISECOND)
    expect(syncs).toHaveLength(3)
    queue.add("a")
    runTo(44 * MILLISECOND)
    expect(syncs).toHaveLength(4)
    runTo(46 * MILLISECOND)
    expect(syncs).toHaveLength(5)
  })

  it("C-260: together keys come back a hundred at once and then ten a second", () => {
    const { queue, runTo, syncs } = made({ takes: 0, workers: 200 })
    for (let i = 0; i < 120; i++) queue.addRateLimited(`k${i}`)
    runTo(6 * MILLISECOND)
    expect(syncs).toHaveLength(100)
    runTo(1_006 * MILLISECOND)
    expect(syncs).toHaveLength(110)
    runTo(3 * SECOND)
    expect(syncs).toHaveLength(120)
  })

  it("comes back after the time that its sync asks for, and has not failed then", () => {
    const { queue, runTo, syncs } = made({ ends: (_, nth) => (nth === 1 ? { after: 100 } : undefined) })
    queue.add("a")
    runTo(SECOND)
    expect(syncs.map(({ begun }) => begun)).toEqual([0, 110])
    expect(queue.numRequeues("a")).toBe(0)
  })
})
