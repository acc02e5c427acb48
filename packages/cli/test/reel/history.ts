/** A small history for tests of files: some pods from one owner, their versions interleaved, and a few other events. */
import type { ClusterEvent, EventLog, Recorded, UnusableLog } from "@kubereel/core"
import { Instant, EventLog as Log } from "@kubereel/core"
import { Effect, type Layer, Stream } from "effect"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"

export const pod = (i: number): ClusterEvent => ({
  _tag: "ObjectChanged",
  observed: Instant.make(1_767_225_600_000_000 + i * 1_003),
  change: i < 8 ? "ADDED" : "MODIFIED",
  object: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `web-${i % 8}`,
      namespace: "shop",
      uid: `5f0c-${i % 8}`,
      resourceVersion: String(1_000 + i),
      ownerReferences: [{ uid: "rs-1" }]
    },
    spec: {
      nodeName: `node-${i % 3}`,
      containers: [{ name: "app", image: "shop/app:1", env: [{ name: "PASSWORD", value: `none-${i % 8}` }] }]
    },
    status: {
      phase: "Running",
      restartCount: i,
      conditions: [{ type: "Ready", status: i % 2 === 0 ? "True" : "False", lastProbeTime: null }]
    }
  }
})

export const history = (count: number, from = 0): ReadonlyArray<ClusterEvent> =>
  Array.from({ length: count }, (_, i) =>
    i % 50 === 49 ? { _tag: "Warned", message: `warning ${from + i}` } : pod(from + i)
  )

export const withLog = <A, E>(
  layer: Layer.Layer<EventLog, UnusableLog>,
  use: (log: EventLog["Service"]) => Effect.Effect<A, E>
) => Effect.provide(Effect.flatMap(Log, use), layer)

export const inReel = <A, E>(
  file: string,
  mode: "read" | "write" | "create",
  use: (log: EventLog["Service"]) => Effect.Effect<A, E>
) => withLog(EventLogSqlite.layer(file, { mode }), use)

export const readAll = (file: string) => inReel(file, "read", (log) => Stream.runCollect(log.read()))

export const events = (found: ReadonlyArray<Recorded>): ReadonlyArray<ClusterEvent> => found.map(({ event }) => event)
