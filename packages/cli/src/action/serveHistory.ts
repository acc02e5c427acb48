/** What `kubereel serve` does. */
import { basename } from "node:path"
import { tryWrite } from "@kubereel/backend-sim"
import {
  EventLog,
  EventLogMemory,
  type Instant,
  later,
  parseDuration,
  parseInstant,
  resourceName,
  toObserved
} from "@kubereel/core"
import { type Served, servePast } from "@kubereel/serve"
import { Effect, Layer, Stream } from "effect"
import { Complaint, endedByInterruption, exitCodes } from "../exitCode.ts"
import { openHistory } from "../input/openHistory.ts"
import { sniff } from "../input/sniff.ts"
import { print } from "../output/stdout.ts"
import { unreachable } from "../output/unreachable.ts"
import { writeKubeconfig } from "../output/writeKubeconfig.ts"
import * as EventLogSqlite from "../reel/EventLogSqlite.ts"

export interface ServeInput {
  readonly file: string
  readonly port?: number
  readonly listen?: string
  readonly kubeconfig?: string
  readonly marks: ReadonlyArray<string>
  readonly shiftTimes: boolean
  readonly json: boolean
}

const usage = (problem: string) => new Complaint({ code: exitCodes.usage, problem })

/** A name goes into a path and into a kubeconfig. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/
const taken = new Set(["latest", "start", "live"])

const marksOf = (texts: ReadonlyArray<string>, start: Instant | undefined) =>
  Effect.forEach(texts, (text) => {
    const at = text.indexOf("=")
    const [name, time] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)]
    if (!NAME.test(name) || taken.has(name))
      return Effect.fail(
        usage(`--mark: "${text}" gives no name; write it like alert=2026-11-21T12:03:17Z or alert=16s`)
      )
    const offset = parseDuration(time.replace(/^\+/, ""))
    const moment =
      parseInstant(time) ?? (offset === undefined || start === undefined ? undefined : later(start, offset))
    return moment === undefined
      ? Effect.fail(usage(`--mark: "${time}" is no time; write it like 2026-11-21T12:03:17Z, or 16s after the start`))
      : Effect.succeed([name, moment] as const)
  })

/** A reel is read where it lies; other recordings and simulations are held in memory. */
const logOf = Effect.fnUntraced(function* (file: string) {
  const { sort } = yield* sniff(file)
  if (sort === "reel") return EventLogSqlite.layer(file, { mode: "read" })
  const history = yield* openHistory(file)
  return Layer.effect(
    EventLog,
    Effect.gen(function* () {
      const log = yield* EventLog
      yield* Stream.runForEachArray(history.events, (events) => log.append(events))
      return log
    })
  ).pipe(Layer.provide(EventLogMemory.layer))
})

const kubeconfigName = (file: string): string =>
  `${basename(file).replace(/\.(?:reel|ya?ml|jsonl?|gz)$/g, "")}.kubeconfig`

const spanOf = ({ moments }: Served): string => {
  const { first, last } = moments.contents
  return first === undefined || last === undefined ? "no times" : `${toObserved(first)} to ${toObserved(last)}`
}

const namesOf = ({ moments }: Served): string => moments.resources.map(resourceName).join(", ")

const announce = Effect.fnUntraced(function* (served: Served, file: string, input: ServeInput) {
  const { contents, namespace } = served.moments
  if (input.json) {
    const answer = {
      schemaVersion: 1,
      server: served.url,
      kubeconfig: file,
      namespace,
      events: contents.end,
      first: contents.first === undefined ? null : toObserved(contents.first),
      last: contents.last === undefined ? null : toObserved(contents.last),
      resources: served.moments.resources.map(resourceName),
      contexts: served.contexts
    }
    return yield* print(JSON.stringify(answer, undefined, 2))
  }
  const events = `${contents.end} event${contents.end === 1 ? "" : "s"}`
  const shown = served.contexts.map(({ name }) => name)
  yield* print(
    [
      `${input.file} (${events}, ${spanOf(served)}) is served at ${served.url}; Ctrl-C ends it`,
      `  kinds: ${namesOf(served)}${served.moments.saysKinds ? "" : " (the recording does not say which it looked for)"}`,
      `  contexts: ${shown.slice(0, 12).join(", ")}${shown.length > 12 ? ` and ${shown.length - 12} more` : ""}`,
      "",
      `  kubectl --kubeconfig ${file} get pods`,
      `  kubectl --kubeconfig ${file} --context start get pods --watch`,
      `  kubectl --kubeconfig ${file} --server ${served.url}/at/${contents.last === undefined ? "latest" : toObserved(contents.last)} get pods`
    ].join("\n")
  )
})

export const serveHistory = Effect.fn("serveHistory")(function* (input: ServeInput) {
  yield* endedByInterruption
  const { file, listen: host = "127.0.0.1", port = 0, shiftTimes } = input
  if (port < 0 || port > 65_535) return yield* usage(`--port: ${port} is none; choose one from 1 to 65535`)
  const layer = yield* logOf(file)
  const serving = Effect.gen(function* () {
    const log = yield* EventLog
    const state = yield* log.stateAt({ seq: 1 }).pipe(Effect.orElseSucceed(() => undefined))
    const marks = new Map(yield* marksOf(input.marks, state?.observed))
    const served = yield* Effect.acquireRelease(
      Effect.tryPromise({
        try: () => servePast({ log, marks, shiftTimes, host, port, tryWrite }),
        catch: unreachable(host, port)
      }),
      (server) => Effect.promise(server.close)
    )
    const kubeconfig = input.kubeconfig ?? kubeconfigName(file)
    yield* writeKubeconfig(kubeconfig, served.kubeconfig)
    yield* announce(served, kubeconfig, input)
    return yield* Effect.never
  })
  return yield* serving.pipe(Effect.scoped, Effect.provide(layer))
})
