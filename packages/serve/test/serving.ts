/** A served recording for tests: what happened is given as facts, questions are asked over HTTP. */
import { request } from "node:https"
import {
  type ClusterEvent,
  EventLog,
  EventLogMemory,
  type Instant,
  type JsonObject,
  parseInstant,
  type TryWrite
} from "@kubereel/core"
import { Effect, Layer, Scope } from "effect"
import { onTestFinished } from "vitest"
import { servePast } from "../src/servePast.ts"

export const at = (text: string): Instant => parseInstant(`2026-01-01T00:00:${text}Z`) as Instant

export const pod = (name: string, version: number, more: JsonObject = {}): JsonObject => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: {
    name,
    namespace: "shop",
    uid: `uid-${name}`,
    resourceVersion: String(version),
    creationTimestamp: "2026-01-01T00:00:00Z",
    labels: { app: name }
  },
  spec: { containers: [{ name: "main", image: "busybox" }], nodeName: "n" },
  status: { phase: "Pending", containerStatuses: [] },
  ...more
})

export const changed = (
  second: string,
  change: "ADDED" | "MODIFIED" | "DELETED",
  object: JsonObject
): ClusterEvent => ({ _tag: "ObjectChanged", observed: at(second), change, object: object as never })

export interface Heard {
  readonly status: number
  readonly headers: { readonly [name: string]: string | ReadonlyArray<string> | undefined }
  readonly body: string
}

export interface Asking {
  readonly method?: string
  readonly accept?: string
  readonly token?: string
  readonly body?: string
  readonly type?: string
  /** Ends a stream when what was heard fulfils it. */
  readonly until?: (heard: string) => boolean
}

export const serving = async (
  events: ReadonlyArray<ClusterEvent>,
  options: {
    readonly marks?: ReadonlyMap<string, Instant>
    readonly shiftTimes?: boolean
    readonly tryWrite?: TryWrite
  } = {}
) => {
  const scope = Scope.makeUnsafe()
  const log = await Effect.runPromise(
    Effect.gen(function* () {
      const context = yield* Layer.buildWithScope(EventLogMemory.layer, scope)
      const log = yield* Effect.provide(EventLog, context)
      yield* log.append(events)
      return log
    })
  )
  const { marks = new Map(), shiftTimes = false, ...more } = options
  const served = await servePast({ log, marks, shiftTimes, ...more, host: "127.0.0.1", port: 0 })
  onTestFinished(served.close)
  const token = /token: (\S+)/.exec(served.kubeconfig)?.[1] ?? ""
  const ask = (path: string, asking: Asking = {}): Promise<Heard> =>
    new Promise((resolve, reject) => {
      const { accept, body, method = "GET", type, until } = asking
      const headers = {
        authorization: `Bearer ${asking.token ?? token}`,
        ...(accept === undefined ? {} : { accept }),
        ...(type === undefined ? {} : { "content-type": type }),
        ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) })
      }
      const sent = request(`${served.url}${path}`, { method, headers, rejectUnauthorized: false }, (response) => {
        let heard = ""
        const done = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: heard })
        response.on("data", (chunk: Buffer) => {
          heard += chunk.toString()
          if (until?.(heard) !== true) return
          sent.destroy()
          done()
        })
        response.on("end", done)
      })
      sent.on("error", (error) => (until === undefined ? reject(error) : undefined))
      sent.end(body)
    })
  const json = async (path: string, asking?: Asking): Promise<JsonObject> => JSON.parse((await ask(path, asking)).body)
  return { served, ask, json }
}
