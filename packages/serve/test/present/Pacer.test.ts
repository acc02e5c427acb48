import { type ClusterEvent, type Instant, type LivingCluster, SECOND } from "@kubereel/core"
import { afterEach, describe, expect, it } from "vitest"
import type { ApiRequest } from "../../src/http/Reply.ts"
import { clockControl, parseSpeed } from "../../src/present/clockControl.ts"
import { Pacer, type Speed } from "../../src/present/Pacer.ts"

const pacers: Array<Pacer> = []
afterEach(async () => {
  for (const pacer of pacers.splice(0)) await pacer.close()
})

/** Ready from a moment on; one thing happens a second, which is seen. */
const paced = (options: { readonly speed?: Speed; readonly paused?: boolean; readonly readyAt?: number } = {}) => {
  const { paused = true, readyAt = 0, speed = 1 } = options
  let now = 0
  let facts: Array<ClusterEvent> = []
  const recorded: Array<ClusterEvent> = []
  const failures: Array<unknown> = []
  const cluster = {
    now: () => now as Instant,
    lastChange: () => now as Instant,
    unready: () => (now >= readyAt ? undefined : `ready at ${readyAt}`),
    advance: (to: Instant, budget: number) => {
      for (let done = 0; done < budget; done++) {
        const next = (Math.floor(now / SECOND) + 1) * SECOND
        if (next > to) {
          now = Math.max(now, to)
          return true
        }
        now = next
        facts.push({ _tag: "Warned", observed: now as Instant, message: String(next / SECOND) })
      }
      return false
    },
    takeFacts: () => {
      const taken = facts
      facts = []
      return taken
    }
  } as unknown as LivingCluster
  const record = async (events: ReadonlyArray<ClusterEvent>) => void recorded.push(...events)
  const pacer = new Pacer({ cluster, speed, paused, record, failed: (cause) => failures.push(cause) })
  pacers.push(pacer)
  pacer.start()
  const control = clockControl(pacer)
  const ask = async (method: string, body?: object) => {
    const text = body === undefined ? "" : JSON.stringify(body)
    const request: ApiRequest = {
      method,
      path: "/kubereel/clock",
      query: new URLSearchParams(),
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode(text)
    }
    const answer = await control(request)
    const told = String(answer?.body ?? "")
    return { code: answer?.code, told: told.startsWith("{") ? JSON.parse(told) : told }
  }
  return { pacer, ask, recorded, failures, now: () => now }
}

describe("a paced clock", () => {
  it("goes to a moment and on as before: standing still here", async () => {
    const { now, pacer } = paced()
    await pacer.goTo((90 * SECOND) as Instant)
    expect([now(), pacer.status]).toEqual([90 * SECOND, { now: 90 * SECOND, speed: 1, paused: true }])
  })

  it("goes on until everything is ready, and no longer", async () => {
    const { now, pacer } = paced({ readyAt: 30 * SECOND })
    expect(await pacer.untilReady((100 * SECOND) as Instant)).toBeUndefined()
    expect(now()).toBe(30 * SECOND)
  })

  it("says what is not ready when its time is over", async () => {
    const { now, pacer } = paced({ readyAt: 300 * SECOND })
    expect(await pacer.untilReady((100 * SECOND) as Instant)).toBe(`ready at ${300 * SECOND}`)
    expect(now()).toBe(100 * SECOND)
  })

  it("runs by itself, by the wall's clock or as fast as it goes, and stands still when it is told to", async () => {
    for (const speed of [10_000, "max"] as const) {
      const { now, pacer } = paced({ speed, paused: false })
      while (now() < 10 * SECOND) await new Promise(setImmediate)
      pacer.pause(true)
      const stood = now()
      for (let i = 0; i < 20; i++) await new Promise(setImmediate)
      expect(now()).toBe(stood)
    }
  })

  it("hands over everything that was seen, in order, each once", async () => {
    const { pacer, recorded } = paced()
    await Promise.all([pacer.goTo((700 * SECOND) as Instant), pacer.goTo((900 * SECOND) as Instant)])
    await pacer.close()
    const seen = recorded.map((event) => (event._tag === "Warned" ? Number(event.message) : 0))
    expect(seen).toEqual(Array.from({ length: 900 }, (_, i) => i + 1))
  })
})

describe("the clock's path", () => {
  it("tells how it stands, and takes each order", async () => {
    const { ask, now } = paced({ readyAt: 200 * SECOND })
    expect(await ask("GET")).toEqual({ code: 200, told: { now: "1970-01-01T00:00:00.000Z", speed: 1, paused: true } })
    expect((await ask("POST", { step: "30s" })).told).toMatchObject({ now: "1970-01-01T00:00:30.000Z" })
    expect((await ask("POST", { jump: "1970-01-01T00:01:00Z" })).told).toMatchObject({
      now: "1970-01-01T00:01:00.000Z"
    })
    expect((await ask("POST", { speed: "max" })).told).toMatchObject({ speed: "max", paused: true })
    expect((await ask("POST", { until: "ready", within: "1m" })).told).toMatchObject({
      ready: false,
      unready: expect.any(String)
    })
    expect((await ask("POST", { until: "ready" })).told).toMatchObject({ ready: true })
    expect(now()).toBe(200 * SECOND)
    expect((await ask("POST", { pause: false })).told).toMatchObject({ paused: false })
    expect((await ask("POST", { pause: true })).told).toMatchObject({ paused: true })
  })

  it("says what is wrong with an order, and changes nothing then", async () => {
    const { ask, now } = paced()
    await ask("POST", { step: "30s" })
    for (const body of [
      { step: "soon" },
      { jump: "yesterday" },
      { speed: "fast" },
      { speed: 0 },
      { until: "ready", within: "x" },
      {}
    ])
      expect(await ask("POST", body)).toMatchObject({ code: 400, told: expect.stringMatching(/^\w.*\n$/) })
    expect(await ask("POST", { jump: "1970-01-01T00:00:10Z" })).toEqual({
      code: 409,
      told: "jump: the clock stands at 1970-01-01T00:00:30.000Z and cannot go back to 1970-01-01T00:00:10.000Z\n"
    })
    expect((await ask("DELETE")).code).toBe(405)
    expect(now()).toBe(30 * SECOND)
  })

  it("takes speeds as people write them", () => {
    expect(["10", "0.5", "10x", "max"].map(parseSpeed)).toEqual([10, 0.5, 10, "max"])
    expect(["", "0", "-1", "fast", "1e9", "NaN"].map(parseSpeed)).toEqual(Array(6).fill(undefined))
  })
})
