/**
 * Records the pods of an API server as `kubereel record` does, and tells on stdout what it holds in memory each time so many
 * events more are in the reel. Arguments: a kubeconfig, the reel, how many events apart, how many times.
 */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { ApiClient, connect, defaultResources, record } from "@kubereel/backend-k8s"
import { makeRedactor } from "@kubereel/core"
import { Deferred, Effect } from "effect"
import { boundMemory } from "../../src/output/boundMemory.ts"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"

const [kubeconfig, reel] = [process.argv[2] as string, process.argv[3] as string]
const [STEP, TIMES] = [Number(process.argv[4]), Number(process.argv[5])]

setFlagsFromString("--expose-gc")
const gc = runInNewContext("gc") as () => void

export interface Held {
  readonly events: number
  /** Bytes in objects that are still needed. */
  readonly heap: number
  /** Bytes of buffers beside it. */
  readonly buffers: number
  readonly rss: number
}

const held = (events: number): Held => {
  const { rss } = process.memoryUsage()
  gc()
  gc()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return { events, heap: heapUsed, buffers: arrayBuffers, rss }
}

await Effect.runPromise(
  Effect.gen(function* () {
    yield* boundMemory
    const client = yield* ApiClient.make({ kubeconfig })
    const resources = defaultResources.filter(({ name }) => name === "pods")
    const connection = yield* connect(client, resources, {})
    const done = yield* Deferred.make<void>()
    let [events, told] = [0, 0]
    const recording = yield* record({
      client,
      connection,
      resources,
      scope: {},
      redactor: makeRedactor(new Uint8Array(32)),
      program: "bench",
      until: Deferred.await(done),
      isPassing: () => false,
      onFailure: () => Effect.void,
      onWritten: (group) => {
        events += group.length
        if (events < STEP * (told + 1)) return Effect.void
        told++
        console.log(JSON.stringify(held(events)))
        return told < TIMES ? Effect.void : Effect.asVoid(Deferred.succeed(done, undefined))
      }
    })
    yield* recording.run
  }).pipe(Effect.scoped, Effect.provide(EventLogSqlite.layer(reel, { mode: "create" })))
)
