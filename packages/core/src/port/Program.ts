/** What the process of a container does, as a scenario declares it: durations in microseconds, counted from the start of the process. */
import type { HttpTarget } from "../decide/kubelet/httpGet.ts"
import type { Micros } from "../event/Instant.ts"

/** From `from` (included) until `until` (excluded; `undefined`: for ever). */
export interface Window {
  readonly from: Micros
  readonly until: Micros | undefined
}

/** How a command that is executed in the container ends (a probe's or a hook's). */
export interface ExecAnswer extends Window {
  readonly command: ReadonlyArray<string>
  readonly exitCode: number
  readonly takes: Micros
  /** What it prints; what such a command usually prints if absent. */
  readonly output?: string | undefined
  /** Whom it asks first, as `wget` does: it ends with 1 and its words when one fails. */
  readonly calls?: ReadonlyArray<Call> | undefined
}

/** A request to somebody else that must succeed: a status below 400, or with scheme `tcp` a connection. */
export interface Call {
  /** Names are looked up as the pod's `dnsPolicy` says; a Service is asked through the rules of the pod's node. */
  readonly target: HttpTarget
  /** For so long an answer is waited for. */
  readonly timeout: Micros
}

/** One that an answer waits for. */
export interface HttpCall extends Call {
  /** The status that is answered when the call fails; `undefined`: 504 when its time is over, else 502. */
  readonly otherwise: number | undefined
}

/** What an HTTP request is answered with; an absent port or path stands for any. */
export interface HttpAnswer extends Window {
  readonly port: number | undefined
  readonly path: string | undefined
  /** What the server speaks; whatever it is asked in if absent. */
  readonly scheme?: "HTTP" | "HTTPS" | undefined
  readonly status: number
  readonly takes: Micros
  readonly body?: string | undefined
  /** Where a redirect leads. */
  readonly location?: string | undefined
  /** Whom it asks first, one after the other; what follows the first that fails is not asked. */
  readonly calls?: ReadonlyArray<HttpCall> | undefined
}

/** A port that takes connections. */
export interface TcpAnswer extends Window {
  readonly port: number
}

/** What a gRPC health check is answered with (`SERVING`, `NOT_SERVING`, …). */
export interface GrpcAnswer extends Window {
  readonly port: number | undefined
  readonly service: string | undefined
  readonly status: string
  readonly takes: Micros
}

export interface LogLine {
  readonly at: Micros
  readonly line: string
  /** Printed again each time so much has passed, as long as the process runs; once if absent. */
  readonly every?: Micros
}

/** How often a process has printed the line when it has run for so long. */
export const timesPrinted = ({ at, every }: LogLine, elapsed: Micros): number => {
  if (at > elapsed) return 0
  return every === undefined ? 1 : 1 + Math.floor((elapsed - at) / every)
}

/** What it has printed by then, in the order in which it did; `after`: only what came later than that. */
export const printedLines = (
  log: ReadonlyArray<LogLine>,
  elapsed: Micros,
  after = Number.NEGATIVE_INFINITY
): ReadonlyArray<Omit<LogLine, "every">> =>
  log
    .flatMap((line) => {
      const before = Number.isFinite(after) ? timesPrinted(line, after) : 0
      const count = Math.max(0, timesPrinted(line, elapsed) - before)
      return Array.from({ length: count }, (_, i) => ({
        at: line.at + (before + i) * (line.every ?? 0),
        line: line.line
      }))
    })
    .sort((a, b) => a.at - b.at)

/** When it prints next, if it still runs then; `undefined`: it prints nothing more. */
export const nextPrinted = (log: ReadonlyArray<LogLine>, elapsed: Micros): Micros | undefined =>
  log
    .flatMap((line) => {
      const times = timesPrinted(line, elapsed)
      if (times === 0) return line.at
      return line.every === undefined ? [] : line.at + times * line.every
    })
    .reduce<Micros | undefined>((first, at) => (first === undefined || at < first ? at : first), undefined)

/** From then on the process has `size` bytes in that volume; `(rootfs)` is its own file system. */
export interface VolumeWrite {
  readonly at: Micros
  readonly volume: string
  readonly size: number
}

/** From then on the process uses so much: bytes of memory, or thousandths of a CPU. */
export interface Usage {
  readonly at: Micros
  readonly usage: number
}

/** Without what a process cannot begin its work. */
export interface Needs {
  /** One after the other; none is made after one that fails. */
  readonly calls: ReadonlyArray<Call>
  /** How long after a failure it tries again; `undefined`: it does not, and exits. */
  readonly every: Micros | undefined
  /** What it exits with then. */
  readonly exitCode: number
}

/** What one start of a container's process does. */
export interface ProgramRun {
  /** Its clock begins when these calls have succeeded: until then no window is open, and commands that it answers fail. */
  readonly needs?: Needs | undefined
  readonly exitAfter: Micros | undefined
  readonly exitCode: number
  readonly oom: boolean
  readonly startError: string | undefined
  /** What TERM does: `ignore`, or exit after a while with a code; `undefined`: die of it (143) — see the runtime. */
  readonly onTerm: "ignore" | { readonly exitAfter: Micros; readonly exitCode: number } | undefined
  readonly terminationMessage: string | undefined
  readonly execs: ReadonlyArray<ExecAnswer>
  readonly http: ReadonlyArray<HttpAnswer>
  readonly tcp: ReadonlyArray<TcpAnswer>
  readonly grpc: ReadonlyArray<GrpcAnswer>
  readonly log: ReadonlyArray<LogLine>
  readonly writes: ReadonlyArray<VolumeWrite>
  readonly memory: ReadonlyArray<Usage>
  readonly cpu: ReadonlyArray<Usage>
}

export interface Program {
  readonly match: { readonly pod: string; readonly container: string; readonly image: string }
  /** The n-th start of a container uses the n-th run; the last one repeats. Never empty. */
  readonly runs: ReadonlyArray<ProgramRun>
}
