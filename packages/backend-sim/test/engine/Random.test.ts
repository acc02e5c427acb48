import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { RandomStream, stream, threefry2x32 } from "../../src/engine/Random.ts"

/** Pearson's statistic of counts that should be equal. */
const chiSquare = (counts: ReadonlyArray<number>): number => {
  const expected = counts.reduce((a, b) => a + b) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

/** Where the statistic of `cells` equal cells lies with a probability of about 1 in 100,000 (Wilson and Hilferty). */
const implausible = (cells: number): number => {
  const freedom = cells - 1
  return freedom * (1 - 2 / (9 * freedom) + 4.27 * Math.sqrt(2 / (9 * freedom))) ** 3
}

const cellsOf = (draw: (n: number) => number, cells: number, draws: number): ReadonlyArray<number> => {
  const counts = new Array<number>(cells).fill(0)
  for (let n = 0; n < draws; n++) counts[Math.floor(draw(n) * cells)]!++
  return counts
}

describe("a random stream", () => {
  it("enciphers as Threefry-2x32-20 does (the vectors of Random123)", () => {
    expect(threefry2x32([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe])
    expect(threefry2x32([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toEqual([0x1cb996fc, 0xbb002be7])
    expect(threefry2x32([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([0xc4923a9c, 0x483df7a0])
  })

  it("draws for ever what it draws today", () => {
    const draws = stream(0, "pod/a")
    expect([
      draws.next(),
      draws.uuid(),
      draws.suffix(5),
      draws.hex(7),
      draws.int(10),
      draws.uniform(2, 3)
    ]).toMatchInlineSnapshot(`
      [
        0.46050356516153723,
        "f0b4a030-f1d0-4c40-a0ff-596f136f1c22",
        "mw6xg",
        "bcec6fd",
        9,
        2.471218530384075,
      ]
    `)
    expect(stream(2 ** 40 + 7, "kubelet/wörker-1").hex(24)).toMatchInlineSnapshot(`"b0b65b340bdbaa4b3f36db72"`)
    expect(draws.count).toBe(11)
  })

  it("depends on seed, entity and draw number, and on nothing drawn elsewhere", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.string(), fc.nat(50), (seed, entity, n) => {
        const whole = stream(seed, entity)
        const other = stream(seed, `${entity}'`)
        for (let i = 0; i < n; i++) {
          whole.next()
          other.next()
        }
        expect(new RandomStream(seed, entity, n).next()).toBe(whole.next())
      })
    )
  })

  it("gives each name and each seed a stream of its own", () => {
    const firsts = new Set<string>()
    for (let seed = 0; seed < 20; seed++) {
      for (const prefix of ["", "a", "pod/", "kubelet/node-", "\u0000", "\u0000\u0000"]) {
        for (let i = 0; i < 200; i++) firsts.add(stream(seed * 2 ** 32, `${prefix}${i === 0 ? "" : i}`).hex(16))
      }
    }
    expect(firsts.size).toBe(20 * 6 * 200)
  })

  it("is uniform along a stream, across entities and across seeds, in its high digits and its low ones", () => {
    const along = stream(1, "pod/a")
    const low = stream(1, "pod/b")
    const draws: ReadonlyArray<readonly [string, (n: number) => number]> = [
      ["along", () => along.next()],
      ["low digits", () => (low.next() * 2 ** 40) % 1],
      ["across entities", (n) => stream(1, `pod/${n}`).next()],
      ["across seeds", (n) => stream(n, "pod/a").next()]
    ]
    for (const [name, draw] of draws) expect(chiSquare(cellsOf(draw, 256, 50_000)), name).toBeLessThan(implausible(256))
  })

  it("has no two neighbours that go together: draws, entities, seeds", () => {
    const along = stream(3, "a")
    const pairs: ReadonlyArray<readonly [string, (n: number) => readonly [number, number]]> = [
      ["draws", () => [along.next(), along.next()]],
      ["entities", (n) => [stream(3, `pod/${n}`).next(), stream(3, `pod/${n + 1}`).next()]],
      ["seeds", (n) => [stream(n, "a").next(), stream(n + 1, "a").next()]]
    ]
    for (const [name, pair] of pairs) {
      const counts = new Array<number>(256).fill(0)
      for (let n = 0; n < 50_000; n++) {
        const [x, y] = pair(n)
        counts[Math.floor(x * 16) * 16 + Math.floor(y * 16)]!++
      }
      expect(chiSquare(counts), name).toBeLessThan(implausible(256))
    }
  })

  it("stays within what was asked for", () => {
    const draws = stream(5, "ranges")
    const ints = Array.from({ length: 1_000 }, () => draws.int(6))
    expect(new Set(ints)).toEqual(new Set([0, 1, 2, 3, 4, 5]))
    const micros = Array.from({ length: 1_000 }, () => draws.micros(10, 12))
    expect(new Set(micros)).toEqual(new Set([10, 11, 12]))
    for (let i = 0; i < 1_000; i++) {
      const value = draws.uniform(-1, 1)
      expect(value >= -1 && value < 1).toBe(true)
      expect(draws.hex(i % 40)).toMatch(new RegExp(`^[0-9a-f]{${i % 40}}$`))
      expect(draws.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(draws.suffix(5)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    }
  })
})
