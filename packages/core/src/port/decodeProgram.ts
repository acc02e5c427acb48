/** Programs from a scenario's document: defaults filled in, durations in microseconds. */

import { parseCallUrl } from "../decide/kubelet/httpGet.ts"
import { parseDuration } from "../event/duration.ts"
import { type Micros, SECOND } from "../event/Instant.ts"
import { milliValue, parseQuantity, wholeValue } from "../event/Quantity.ts"
import type { Call, Program, ProgramRun, Window } from "./Program.ts"
import type { ScenarioDocument } from "./ScenarioSchema.ts"

type Of<List> = NonNullable<List> extends ReadonlyArray<infer Item> ? Item : never
type ProgramDocument = Of<ScenarioDocument["spec"]["programs"]>
type RunDocument = Of<ProgramDocument["runs"]>

const micros = (text: string | undefined): Micros => (text === undefined ? 0 : (parseDuration(text) ?? 0))
const optionalMicros = (text: string | undefined): Micros | undefined => (text === undefined ? undefined : micros(text))

const toWindow = (part: {
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly takes?: string | undefined
}): Window & { readonly takes: Micros } => ({
  from: micros(part.from),
  until: optionalMicros(part.until),
  takes: micros(part.takes)
})

/** As long as a probe waits that says nothing of it. */
const CALL_TIMEOUT = SECOND

const toCall = ({ timeout, url }: Of<Of<RunDocument["execs"]>["calls"]>): Call => {
  const target = parseCallUrl(url)
  // The schema has looked at it.
  if (target === undefined) throw new Error(`${url} is no URL`)
  return { target, timeout: optionalMicros(timeout) ?? CALL_TIMEOUT }
}

const bytes = (text: string | number): number => {
  const quantity = parseQuantity(String(text))
  return quantity === undefined ? 0 : Number(wholeValue(quantity))
}

const milli = (text: string | number): number => {
  const quantity = parseQuantity(String(text))
  return quantity === undefined ? 0 : Number(milliValue(quantity))
}

const answers = (run: RunDocument): Pick<ProgramRun, "execs" | "http" | "tcp" | "grpc"> => ({
  execs: (run.execs ?? []).map((part) => ({
    ...toWindow(part),
    command: typeof part.command === "string" ? [part.command] : part.command,
    exitCode: part.exitCode ?? 0,
    output: part.output,
    calls: part.calls?.map(toCall)
  })),
  http: (run.http ?? []).map((part) => ({
    ...toWindow(part),
    port: part.port,
    path: part.path,
    scheme: part.scheme,
    status: part.status ?? 200,
    body: part.body,
    location: part.location,
    calls: part.calls?.map((call) => ({ ...toCall(call), otherwise: call.otherwise }))
  })),
  tcp: (run.tcp ?? []).map((part) => ({ ...toWindow(part), port: part.port })),
  grpc: (run.grpc ?? []).map((part) => ({
    ...toWindow(part),
    port: part.port,
    service: part.service,
    status: part.status ?? "SERVING"
  }))
})

const toRun = (run: RunDocument): ProgramRun => ({
  exitAfter: optionalMicros(run.exitAfter),
  exitCode: run.exitCode ?? 0,
  oom: run.oom ?? false,
  startError: run.startError,
  onTerm:
    run.onTerm === undefined || run.onTerm === "ignore"
      ? run.onTerm
      : { exitAfter: micros(run.onTerm.exitAfter), exitCode: run.onTerm.exitCode ?? 0 },
  terminationMessage: run.terminationMessage,
  needs:
    run.needs === undefined
      ? undefined
      : {
          calls: run.needs.calls.map(toCall),
          every: optionalMicros(run.needs.every),
          exitCode: run.needs.exitCode ?? 1
        },
  ...answers(run),
  log: (run.log ?? []).map(({ at, line }) => ({ at: micros(at), line })),
  writes: (run.writes ?? []).map(({ at, size, volume }) => ({ at: micros(at), volume, size: bytes(size) })),
  memory: (run.memory ?? []).map(({ at, usage }) => ({ at: micros(at), usage: bytes(usage) })),
  cpu: (run.cpu ?? []).map(({ at, usage }) => ({ at: micros(at), usage: milli(usage) }))
})

export const toProgram = ({ match, runs }: ProgramDocument): Program => ({
  match: { pod: match?.pod ?? "*", container: match?.container ?? "*", image: match?.image ?? "*" },
  runs: runs.map(toRun)
})
