/**
 * The Kubernetes API over a reel. Ten thousand pods as a Table, beside the serialisation of that Table alone; a thousand watchers
 * of one history, beside the serialisation of each change for each of them; a jump to a random moment of a reel of a million
 * events, over HTTPS, in time of the clock as its user waits for it.
 * `npm run bench -- serve`
 *
 * Goals: the Table in 1.5 × its serialisation; a jump in 150 ms.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { connect } from "node:http2"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  appendStream,
  type ClusterEvent,
  EventLog,
  EventLogMemory,
  Instant,
  isPod,
  type KubernetesObject,
  toObserved
} from "@kubereel/core"
import { answer, Moments, type Reply, type Served, servePast } from "@kubereel/serve"
import { Effect, type Layer, Stream } from "effect"
import { expect, test } from "vitest"
import * as EventLogSqlite from "../src/reel/EventLogSqlite.ts"
import { percentile, START, turns } from "./turns.ts"

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
const ROUNDS = 9

const wall = () => Math.floor((performance.timeOrigin + performance.now()) * 1_000)

/** A pod of a recording, as it is when it runs, again and again under other names. */
const manyPods = (count: number): ReadonlyArray<ClusterEvent> => {
  let template: KubernetesObject | undefined
  for (const event of turns(200_000, 1)) {
    const object = event._tag === "ObjectChanged" ? (event.object as unknown as KubernetesObject) : undefined
    if (object !== undefined && isPod(object) && object.status.phase === "Running") template = object
    if (template !== undefined) break
  }
  if (template === undefined) throw new Error("no pod of the recordings runs")
  const { metadata } = template
  return Array.from({ length: count }, (_, i) => ({
    _tag: "ObjectChanged" as const,
    observed: Instant.make(START + i),
    change: "ADDED" as const,
    object: {
      ...template,
      metadata: { ...metadata, name: `pod-${i}`, uid: `uid-${i}`, resourceVersion: String(1_000 + i) }
    } as never
  }))
}

const withLog = <A>(
  layer: Layer.Layer<EventLog, unknown>,
  use: (log: (typeof EventLog)["Service"]) => Promise<A>
): Promise<A> =>
  Effect.runPromise(
    Effect.provide(
      Effect.flatMap(EventLog, (log) => Effect.promise(() => use(log))),
      layer
    )
  )

const inMemory = <A>(events: ReadonlyArray<ClusterEvent>, use: (log: (typeof EventLog)["Service"]) => Promise<A>) =>
  withLog(EventLogMemory.layer, async (log) => {
    await Effect.runPromise(log.append(events))
    return use(log)
  })

const asking = (moments: Moments) => (path: string, accept: string) =>
  answer(
    { method: "GET", path, query: new URLSearchParams(), headers: { accept }, body: new Uint8Array() },
    { route: moments.route, address: () => "", isToken: () => false }
  )

const bodyOf = (reply: Reply): string => {
  if ("stream" in reply) throw new Error("an answer was expected that is whole")
  return String(reply.body)
}

const median = (values: ReadonlyArray<number>): number => percentile(values, 0.5)

test("10,000 pods as a Table", async () => {
  await inMemory(manyPods(10_000), async (log) => {
    const moments = await Moments.open({ log, marks: new Map(), shiftTimes: false, wall })
    const ask = asking(moments)
    const table = JSON.parse(bodyOf(await ask("/api/v1/pods", TABLE)))
    expect(table.rows.length).toBe(10_000)
    const [whole, floor]: [Array<number>, Array<number>] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now()
      await ask("/api/v1/pods", TABLE)
      whole.push(performance.now() - began)
      const then = performance.now()
      JSON.stringify(table)
      floor.push(performance.now() - then)
    }
    moments.close()
    const ratio = median(whole) / median(floor)
    console.log(
      `10,000 pods as a Table: ${median(whole).toFixed(0)} ms, its serialisation alone ${median(floor).toFixed(0)} ms: ${ratio.toFixed(2)} × (goal 1.5)`
    )
  })
})

/** Everything that a watch tells, until so many frames were heard. */
const watched = (session: ReturnType<typeof connect>, path: string, token: string, frames: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const stream = session.request({ ":path": path, authorization: `Bearer ${token}` })
    let heard = 0
    stream.on("data", (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 10) heard++
      if (heard >= frames) {
        stream.close()
        resolve()
      }
    })
    stream.on("error", reject)
  })

const tokenOf = ({ kubeconfig }: Served): string => /token: (\S+)/.exec(kubeconfig)?.[1] ?? ""

test("1,000 watchers of 500 changes", async () => {
  const events = manyPods(500)
  await inMemory(events, async (log) => {
    const served = await servePast({ log, marks: new Map(), shiftTimes: false, host: "127.0.0.1", port: 0 })
    const sessions = Array.from({ length: 10 }, () => connect(served.url, { rejectUnauthorized: false }))
    const began = performance.now()
    const path = "/at/2025-01-01T00:00:00Z@max/api/v1/pods?watch=true&resourceVersion=0"
    const token = tokenOf(served)
    await Promise.all(
      sessions.flatMap((session) => Array.from({ length: 100 }, () => watched(session, path, token, events.length)))
    )
    const whole = performance.now() - began
    for (const session of sessions) session.destroy()
    await served.close()
    const then = performance.now()
    for (let i = 0; i < 1_000; i++) for (const event of events) JSON.stringify(event)
    const floor = performance.now() - then
    console.log(
      `1,000 watchers of 500 changes: ${whole.toFixed(0)} ms, ${(500_000_000 / whole).toFixed(0)} frames/s, both ends and TLS with them; serialising each frame anew ${floor.toFixed(0)} ms: ${(whole / floor).toFixed(2)} ×`
    )
  })
})

const get = (session: ReturnType<typeof connect>, path: string, token: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const stream = session.request({ ":path": path, authorization: `Bearer ${token}`, accept: TABLE })
    const chunks: Array<Buffer> = []
    stream.on("data", (chunk: Buffer) => chunks.push(chunk))
    stream.on("end", () => resolve(Buffer.concat(chunks).toString()))
    stream.on("error", reject)
  })

test("a jump to a random moment of 1,000,000 events", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kubereel-serve-"))
  const file = join(folder, "million.reel")
  try {
    await Effect.runPromise(
      Effect.provide(
        appendStream(Stream.fromIterable(turns(1_000_000, 1))),
        EventLogSqlite.layer(file, { mode: "create" })
      )
    )
    await withLog(EventLogSqlite.layer(file, { mode: "read" }), async (log) => {
      const opening = performance.now()
      const served = await servePast({ log, marks: new Map(), shiftTimes: false, host: "127.0.0.1", port: 0 })
      const opened = performance.now() - opening
      const { first = 0, last = 0 } = served.moments.contents
      const session = connect(served.url, { rejectUnauthorized: false })
      const times: Array<number> = []
      for (let i = 0; i < 200; i++) {
        const at = Instant.make(Math.floor(first + ((i * 0.6180339887) % 1) * (last - first)))
        const began = performance.now()
        const table = JSON.parse(await get(session, `/at/${toObserved(at)}/api/v1/pods`, tokenOf(served)))
        times.push(performance.now() - began)
        expect(table.kind).toBe("Table")
      }
      session.destroy()
      await served.close()
      console.log(
        `a reel of 1,000,000 events: served after ${opened.toFixed(0)} ms; \`get pods\` at a random moment median ${median(times).toFixed(0)} ms, p99 ${percentile(times, 0.99).toFixed(0)} ms (goal 150)`
      )
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
