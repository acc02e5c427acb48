/** A container's process, and how it ends. */
import {
  type ContainerSpec,
  type Instant,
  later,
  type PodRef,
  type PodSpec,
  type ProgramRun,
  type RuntimeContainer,
  type SandboxStatus,
  terminationMessage
} from "@kubereel/core"
import type { Handle } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { Answerer } from "./answers.ts"

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

/** What the runtime knows of one pod. */
export interface RuntimePod {
  readonly since: Instant
  /** Instances that are not kept any more but have left something in a volume. */
  gone: ReadonlyArray<Process>
  readonly ref: PodRef
  readonly random: RandomStream
  /** What of the pod's spec its sandbox is made of. */
  readonly spec: Partial<PodSpec>
  sandboxes: ReadonlyArray<SandboxStatus>
  containers: ReadonlyArray<Process>
  ips: ReadonlyArray<string>
  /** How often each container was started, for its program. */
  readonly starts: Map<string, number>
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

export const newProcess = (container: RuntimeContainer, spec: ContainerSpec, run: ProgramRun): Process => ({
  container,
  spec,
  run,
  begun: container.createdAt,
  exit: undefined,
  stopSignalSent: false,
  termed: false,
  waiters: new Set()
})

/** Who answers for it at that moment. */
export const answererOf = ({ begun, container, run }: Process, now: Instant): Answerer => ({
  image: container.image,
  run,
  since: Math.max(0, now - begun)
})
