/** A container's process, and how it ends. */
import {
  type ContainerKind,
  type ContainerSpec,
  type Instant,
  type Micros,
  type ProgramRun,
  printedLines,
  type RuntimeContainer,
  terminationMessage
} from "@kubereel/core"
import type { Handle } from "../engine/Engine.ts"
import type { Answerer } from "./answers.ts"

export const SIGTERM = 15
export const SIGKILL = 9

/** The clock of a program that waits for what it needs. */
export const WAITING = Number.POSITIVE_INFINITY as Instant

export interface Process {
  container: RuntimeContainer
  readonly spec: ContainerSpec
  /** When it began to run. */
  started: Instant
  /** When the program's own clock began; infinite: it waits for what it needs. */
  begun: Instant
  readonly run: ProgramRun
  exit: { readonly at: Instant; readonly handle: Handle } | undefined
  /** A StopContainer has sent its signal: none sends it again (K-141). */
  stopSignalSent: boolean
  termed: boolean
  /** Called once the process is reaped, if the kubelet that asked for it still runs. */
  readonly waiters: Set<() => void>
  /** Called once the process has ended: whoever has a connection to it. */
  readonly clients: Set<() => void>
}

/** Of a container that is created and not started. */
export const newProcess = (container: RuntimeContainer, spec: ContainerSpec, run: ProgramRun): Process => ({
  container,
  spec,
  run,
  started: container.createdAt,
  begun: container.createdAt,
  exit: undefined,
  stopSignalSent: false,
  termed: false,
  waiters: new Set(),
  clients: new Set()
})

export interface Exit {
  readonly exitCode: number
  readonly oom: boolean
}

/** The container of a process that ended at that moment, with what it left behind. */
export const exited = (
  { begun, container, run, spec }: Process,
  at: Instant,
  { exitCode, oom }: Exit
): RuntimeContainer => {
  const reason = oom ? "OOMKilled" : exitCode === 0 ? "Completed" : "Error"
  const log = printedLines(run.log, at - begun).map(({ line }) => line)
  const left = { exitCode, reason, message: "", file: run.terminationMessage ?? "", log }
  return { ...container, state: "exited", finishedAt: at, exitCode, reason, message: terminationMessage(spec, left) }
}

/** Who answers for it at that moment. */
export const answererOf = ({ begun, container, run }: Process, now: Instant): Answerer => ({
  id: container.id,
  image: container.image,
  run,
  since: begun === WAITING ? Number.NEGATIVE_INFINITY : Math.max(0, now - begun)
})

/** What a container is made from. */
export interface ContainerToCreate {
  readonly kind: ContainerKind
  readonly spec: ContainerSpec
  readonly restartCount: number
}

/**
 * What the process does on a signal other than KILL; `undefined`: nothing. The first process of a namespace ignores what it has no
 * handler for: a program says of none but TERM that it has one, and has none before it runs.
 */
export const handles = (
  { run, started, termed }: Process,
  signal: number,
  now: Instant
): { readonly exitAfter: Micros; readonly exitCode: number } | undefined => {
  const ignored = signal !== SIGTERM || now < started || termed
  return ignored || run.onTerm === "ignore" ? undefined : run.onTerm
}
