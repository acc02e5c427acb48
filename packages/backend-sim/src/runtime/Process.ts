/** A container's process, and how it ends. */
import {
  type ContainerSpec,
  type Instant,
  later,
  type ProgramRun,
  type RuntimeContainer,
  terminationMessage
} from "@kubereel/core"
import type { Handle } from "../engine/Engine.ts"

export interface Process {
  container: RuntimeContainer
  readonly spec: ContainerSpec
  /** When the program's own clock began. */
  begun: Instant
  readonly run: ProgramRun
  exit: { readonly at: Instant; readonly handle: Handle } | undefined
  /** A StopContainer has sent its signal: none sends it again (K-141). */
  stopSignalSent: boolean
  termed: boolean
  /** Called once the process is reaped. */
  readonly waiters: Set<() => void>
}

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
  const log = run.log.filter((line) => later(begun, line.at) <= at).map(({ line }) => line)
  const left = { exitCode, reason, message: "", file: run.terminationMessage ?? "", log }
  return { ...container, state: "exited", finishedAt: at, exitCode, reason, message: terminationMessage(spec, left) }
}
