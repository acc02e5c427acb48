/** What a process uses at a moment since its start, as its run declares it. */
import {
  type ContainerSpec,
  type Micros,
  type ProgramRun,
  parseQuantity,
  timesPrinted,
  type Usage,
  wholeValue
} from "@kubereel/core"

/** How a program calls the container's own file system, which goes with it. */
export const ROOTFS = "(rootfs)"

/** The memory of a process that does not say: a shell that sleeps. */
const IDLE_MEMORY = 1024 * 1024

const lastOf = (usages: ReadonlyArray<Usage>, elapsed: Micros): number | undefined =>
  usages.filter(({ at }) => at <= elapsed).sort((a, b) => b.at - a.at)[0]?.usage

export const memoryAt = (run: ProgramRun, elapsed: Micros): number =>
  elapsed < 0 ? 0 : (lastOf(run.memory, elapsed) ?? IDLE_MEMORY)

/**
 * The CPU time that it takes between two moments, in thousandths of a CPU times microseconds; before it begins none, and never
 * more than its limit (in thousandths).
 */
export const cpuTime = (
  { cpu }: ProgramRun,
  { from, to }: { readonly from: Micros; readonly to: Micros },
  limit = Number.POSITIVE_INFINITY
): number => {
  const steps = [...cpu].sort((a, b) => a.at - b.at)
  return steps.reduce((sum, { at, usage }, i) => {
    const until = Math.min(steps[i + 1]?.at ?? to, to)
    return sum + Math.min(usage, limit) * Math.max(0, until - Math.max(at, from, 0))
  }, 0)
}

/** A line of the log as the runtime writes it: time, stream and a mark before the text. */
const LINE_OVERHEAD = "2026-01-01T00:00:00.000000000Z stdout F \n".length

export const logSizeAt = (run: ProgramRun, elapsed: Micros): number =>
  run.log.reduce((sum, line) => sum + timesPrinted(line, elapsed) * (line.line.length + LINE_OVERHEAD), 0)

/** Bytes by volume; `(rootfs)` is the container's own file system. */
export const writtenAt = (run: ProgramRun, elapsed: Micros): ReadonlyMap<string, number> =>
  new Map(
    run.writes
      .filter(({ at }) => at <= elapsed)
      .sort((a, b) => a.at - b.at)
      .map(({ volume, size }): [string, number] => [volume, size])
  )

/** Does it say anything about what it uses? */
export const saysUsage = ({ log, memory, writes }: ProgramRun): boolean =>
  log.length + memory.length + writes.length > 0

/** What outlives it: its log, and what it wrote into volumes. */
export const leavesFiles = ({ log, writes }: ProgramRun): boolean =>
  log.length > 0 || writes.some(({ volume }) => volume !== ROOTFS)

/** `resources.limits.memory` in bytes. */
export const memoryLimitOf = ({ resources }: ContainerSpec): number | undefined => {
  const quantity = parseQuantity(String(resources?.limits?.["memory"] ?? ""))
  return quantity === undefined || quantity.nano === 0n ? undefined : Number(wholeValue(quantity))
}

export interface ProcessEnd {
  /** Since the start of the program. */
  readonly after: Micros
  readonly exitCode: number
  readonly oom: boolean
}

const KILLED = 128 + 9

/** How it ends by itself: as it says, or killed by the kernel once it uses more memory than its limit allows. */
export const ownEnd = (run: ProgramRun, memoryLimit: number | undefined): ProcessEnd | undefined => {
  const exceeded = run.memory.filter(({ usage }) => memoryLimit !== undefined && usage > memoryLimit)
  const killedAt = exceeded.length === 0 ? undefined : Math.min(...exceeded.map(({ at }) => at))
  const { exitAfter, exitCode, oom } = run
  if (killedAt !== undefined && killedAt < (exitAfter ?? Number.POSITIVE_INFINITY))
    return { after: killedAt, exitCode: KILLED, oom: true }
  return exitAfter === undefined ? undefined : { after: exitAfter, exitCode: oom ? KILLED : exitCode, oom }
}
