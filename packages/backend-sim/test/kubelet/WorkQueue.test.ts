import { type Instant, later, SECOND } from "@kubereel/core"
import { expect, it } from "vitest"
import { Engine } from "../../src/engine/Engine.ts"
import { WorkQueue } from "../../src/kubelet/WorkQueue.ts"

const start = (1_000 * SECOND) as Instant
const phase = later(start, -300_000)

it("K-020: an entry is popped at the first tick strictly after it is due", () => {
  const engine = new Engine(start)
  const queue = new WorkQueue(engine, "queue", phase)
  const popped: Array<number> = []
  queue.enqueue("a", queue.tickAfter(later(start, 0)), () => popped.push(engine.now - start))
  queue.enqueue("b", queue.tickAfter(later(start, 700_000)), () => popped.push(engine.now - start))
  queue.enqueue("c", queue.tickAfter(later(start, 1_500_000)), () => popped.push(engine.now - start))
  engine.runUntil(later(start, 10 * SECOND))
  expect(popped).toEqual([700_000, 1_700_000, 1_700_000])
})

it("K-020: a later entry of the same pod replaces the earlier one", () => {
  const engine = new Engine(start)
  const queue = new WorkQueue(engine, "queue", phase)
  const popped: Array<string> = []
  queue.enqueue("a", queue.tickAfter(later(start, 10 * SECOND)), () => popped.push("first"))
  queue.enqueue("a", queue.tickAfter(later(start, 2 * SECOND)), () => popped.push("second"))
  engine.runUntil(later(start, 60 * SECOND))
  expect(popped).toEqual(["second"])
})

it("forgets what is removed", () => {
  const engine = new Engine(start)
  const queue = new WorkQueue(engine, "queue", phase)
  queue.enqueue("a", queue.tickAfter(later(start, SECOND)), () => expect.unreachable())
  queue.remove("a")
  engine.runUntil(later(start, 60 * SECOND))
  expect(engine.pending).toBe(0)
})
