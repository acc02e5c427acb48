/** What the parts of the contract of event logs share: small histories and what a log is found to hold. */
import { assert } from "@effect/vitest"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import { Effect, Stream } from "effect"
import type { ClusterEvent, ObjectChanged } from "../../event/ClusterEvent.ts"
import { encode } from "../../event/encode.ts"
import { Instant } from "../../event/Instant.ts"
import type { JsonObject } from "../../event/Json.ts"
import { EventLog, type Head } from "../../port/EventLog.ts"

/** Runs a program with a new empty log. */
export type Given = <A, E2>(program: Effect.Effect<A, E2, EventLog>) => Effect.Effect<A, unknown>

type ObjectJson = ObjectChanged["object"]

export const at = (second: number): Instant => Instant.make(1_767_225_600_000_000 + second * 1_000_000)

/** A version of a pod; `more` replaces parts of it. */
export const version = (uid: string, resourceVersion: string, more: JsonObject = {}): ObjectChanged => ({
  _tag: "ObjectChanged",
  observed: at(Number(resourceVersion.slice(-3))),
  change: "MODIFIED",
  object: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: uid, namespace: "shop", uid, resourceVersion },
    spec: { containers: [{ name: "app", image: "shop/app:1" }] },
    status: { phase: "Pending", observed: resourceVersion },
    ...more
  } as ObjectJson
})

export const gap = (second: number): ClusterEvent => ({
  _tag: "Gap",
  observed: at(second),
  cause: "closed",
  detail: "the watch ended"
})

/** The head hash by its definition. */
const chainOf = (events: ReadonlyArray<ClusterEvent>): Head => {
  let hash = "0".repeat(64)
  for (const event of events) hash = bytesToHex(sha256(utf8ToBytes(hash + encode(event))))
  return { seq: events.length, hash }
}

export const readAll = Effect.gen(function* () {
  const log = yield* EventLog
  return yield* Stream.runCollect(log.read())
})

/** The log holds exactly these events, as far as anybody can see. */
export const holds = Effect.fnUntraced(function* (events: ReadonlyArray<ClusterEvent>) {
  const log = yield* EventLog
  const found = yield* readAll
  assert.deepStrictEqual(
    found.map(({ seq }) => seq),
    events.map((_, i) => i + 1)
  )
  assert.deepStrictEqual(
    found.map(({ event }) => encode(event)),
    events.map((event) => encode(event))
  )
  assert.deepStrictEqual(yield* log.head, chainOf(events))
})
