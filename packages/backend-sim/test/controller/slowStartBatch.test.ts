/** How many pods are made at a time, by the cases of `pkg/controller/replicaset/replica_set_test.go` (TestSlowStartBatch). */
import { type Instant, rejected, SECOND } from "@kubereel/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Course, carryOut } from "../../src/client/Course.ts"
import { type Batch, slowStartBatch } from "../../src/controller/PodControl.ts"
import { Engine } from "../../src/engine/Engine.ts"

const START = (1_767_225_600 * SECOND) as Instant
const refusal = rejected(500, "no")

/** Each call takes 10 and is refused if its number is among `failing`; when which of them began. */
const started = (count: number, failing: ReadonlyArray<number>) => {
  const engine = new Engine(START)
  const begun: Array<number> = []
  let batch: Batch<typeof refusal> | undefined
  function* call(index: number): Course<typeof refusal | undefined> {
    begun[index] = (engine.now - START) / 10
    yield 10
    return failing.includes(index) ? refusal : undefined
  }
  carryOut(engine, "test", slowStartBatch({ engine, entity: "test" }, count, call), (result) => {
    batch = result
  })
  engine.runUntil((START + SECOND) as Instant)
  return { begun, batch }
}

describe("a slow start", () => {
  it.each([
    [0, []],
    [1, [0]],
    [5, [0, 1, 1, 2, 2]],
    [10, [0, 1, 1, 2, 2, 2, 2, 3, 3, 3]]
  ])("C-263: %i calls are made in batches of 1, 2, 4…", (count, begun) => {
    expect(started(count, [])).toEqual({ begun, batch: { successes: count, failure: undefined } })
  })

  it.each([
    [10, [0], 1, 0],
    [10, [1], 3, 2],
    [10, [2], 3, 2],
    [10, [1, 2], 3, 1],
    [10, [5], 7, 6],
    [10, [9], 10, 9]
  ])("C-263: of %i, when those at %j fail, %i are made and no batch after that", (count, failing, calls, successes) => {
    const { batch, begun } = started(count, failing)
    expect(begun).toHaveLength(calls)
    expect(batch).toEqual({ successes, failure: refusal })
  })

  it("C-263: makes every call once when none fails", () => {
    fc.assert(
      fc.property(fc.nat(300), (count) => {
        const { batch, begun } = started(count, [])
        expect(begun.filter((at) => at !== undefined)).toHaveLength(count)
        expect(batch?.successes).toBe(count)
      })
    )
  })
})
