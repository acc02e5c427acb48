import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CalendarQueue, type Entity, type Handle } from "../../src/engine/CalendarQueue.ts"

interface Item {
  readonly time: number
  readonly entity: Entity
  readonly id: number
}

const rank = (a: Entity, b: Entity): number => {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

/** What the calendar queue must equal: a list, sorted each time. */
class NaiveQueue {
  private items: Array<Item> = []

  push(item: Item): void {
    this.items.push(item)
    this.items.sort((a, b) => a.time - b.time || rank(a.entity, b.entity) || a.id - b.id)
  }

  cancel(id: number): boolean {
    const index = this.items.findIndex((item) => item.id === id)
    if (index >= 0) this.items.splice(index, 1)
    return index >= 0
  }

  pop(limit: number): Item | undefined {
    return this.items[0] !== undefined && this.items[0].time <= limit ? this.items.shift() : undefined
  }
}

const start = 1_767_225_600_000_000
const year = 365 * 86_400_000_000

/** Near, in the same bucket, at the edge of the wheel, and a year away. */
const delay = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 5_000 }),
  fc.integer({ min: 0, max: 40_000_000 }),
  fc.integer({ min: 32_767_000, max: 32_769_000 }),
  fc.integer({ min: 0, max: year })
)
const entity: fc.Arbitrary<Entity> = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom("a", "b", "kubelet/n1", "kubelet/n10")
)
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("push" as const), delay, entity }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), which: fc.nat(60) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("pop" as const), within: fc.oneof(delay, fc.constant(Infinity)) })
  }
)

const drain = (queue: CalendarQueue<Item>): ReadonlyArray<Item> => {
  const items: Array<Item> = []
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
    expect([queue.time, queue.entity]).toEqual([item.time, item.entity])
    items.push(item)
  }
  return items
}

describe("the calendar queue", () => {
  it("gives what a sorted list gives, whatever is pushed, cancelled and popped between", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
        const [queue, naive] = [new CalendarQueue<Item>(start), new NaiveQueue()]
        const handles: Array<Handle> = []
        let now = start
        for (const command of commands) {
          if (command.kind === "push") {
            const item = { time: now + command.delay, entity: command.entity, id: handles.length }
            handles.push(queue.push(item.time, item.entity, item))
            naive.push(item)
          } else if (command.kind === "cancel") {
            const handle = handles[command.which]
            expect(handle === undefined ? false : queue.cancel(handle)).toBe(naive.cancel(command.which))
          } else {
            const item = queue.pop(now + command.within)
            expect(item).toEqual(naive.pop(now + command.within))
            now = item?.time ?? now
          }
        }
        const rest: Array<Item> = []
        for (let item = naive.pop(Infinity); item !== undefined; item = naive.pop(Infinity)) rest.push(item)
        expect(queue.size).toBe(rest.length)
        expect(drain(queue)).toEqual(rest)
      }),
      { numRuns: 1_000 }
    )
  })

  it("gives the same order however the entities' pushes are interleaved", () => {
    const pushes = fc.array(fc.record({ delay, entity }), { maxLength: 60 })
    fc.assert(
      fc.property(pushes, fc.infiniteStream(fc.nat()), (pushes, choices) => {
        const items = pushes.map(({ delay, entity }, id) => ({ time: start + delay, entity, id }))
        const lanes = Map.groupBy(items, (item) => item.entity)
        const [one, other] = [new CalendarQueue<Item>(start), new CalendarQueue<Item>(start)]
        for (const item of items) one.push(item.time, item.entity, item)
        const waiting = [...lanes.values()]
        while (waiting.length > 0) {
          const lane = waiting[choices.next().value % waiting.length]!
          const item = lane.shift()!
          other.push(item.time, item.entity, item)
          if (lane.length === 0) waiting.splice(waiting.indexOf(lane), 1)
        }
        expect(drain(other)).toEqual(drain(one))
      })
    )
  })

  it("is not upset by a look that finds nothing due", () => {
    const queue = new CalendarQueue<Item>(start)
    const item = (time: number, id: number): Item => ({ time, entity: "a", id })
    queue.push(start + 50 * year, "a", item(start + 50 * year, 0))
    expect(queue.pop(start + year)).toBeUndefined()
    queue.push(start + 1, "a", item(start + 1, 1))
    expect([queue.pop()?.id, queue.pop()?.id, queue.pop()]).toEqual([1, 0, undefined])
  })

  it("refuses the past, fractions and times that are no longer exact", () => {
    const queue = new CalendarQueue<Item>(start)
    const push = (time: number) => queue.push(time, "a", { time, entity: "a", id: 0 })
    push(start + 10)
    queue.pop()
    expect(() => push(start + 9)).toThrow(RangeError)
    expect(() => push(start + 10.5)).toThrow(RangeError)
    expect(() => push(2 ** 53)).toThrow(RangeError)
    expect(() => new CalendarQueue(-1)).toThrow(RangeError)
  })

  it("knows a handle that has been used up, also when its slot is in use again", () => {
    const queue = new CalendarQueue<Item>(start)
    const item: Item = { time: start, entity: "a", id: 0 }
    const first = queue.push(start, "a", item)
    expect(first).not.toBe(0)
    expect(queue.cancel(first)).toBe(true)
    const second = queue.push(start, "a", item)
    expect([queue.cancel(first), queue.cancel(0), queue.cancel(second), queue.size]).toEqual([false, false, true, 0])
  })

  it("crosses ten thousand idle years in as many visits as there are entries", () => {
    const queue = new CalendarQueue<Item>(0)
    const step = Math.floor(Number.MAX_SAFE_INTEGER / 1_000)
    for (let id = 0; id < 1_000; id++) queue.push(id * step, id, { time: id * step, entity: id, id })
    expect(drain(queue).map((item) => item.id)).toEqual(Array.from({ length: 1_000 }, (_, id) => id))
  })
})
