/** A command in a running container, until it ends (`containerd/internal/cri/server/container_execsync.go`, ExecSync). */
import type { Instant, Micros } from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import { commandReply } from "../network/command.ts"
import { type ExecRefusal, notRunning } from "./execRefusal.ts"
import type { Runtime } from "./Runtime.ts"

/** How a command ended; `Refused`: it was never begun. */
export type ExecEnd =
  | { readonly _tag: "Exited"; readonly exitCode: number; readonly output: string; readonly stderr: string }
  | ExecRefusal

export interface ExecRequest {
  readonly uid: string
  readonly id: string
  readonly command: ReadonlyArray<string>
  /** How long the runtime takes for it, beside the time that the command takes itself. */
  readonly overhead: Micros
}

const KILLED: ExecEnd = { _tag: "Exited", exitCode: 137, output: "", stderr: "" }

/** There is no time limit; when the container's process ends, all others in it are killed. */
export const execSync = (
  runtime: Runtime,
  engine: Engine,
  request: ExecRequest,
  done: (end: ExecEnd) => void
): void => {
  const { command, id, overhead, uid } = request
  const process = runtime.answerer(uid, id)
  if (process === undefined) return done(notRunning(runtime, uid, id))
  const { exitCode, output, stderr, takes } = commandReply(process, { runtime, uid, command, begins: 0 }).answer
  const at = (engine.now + overhead + takes) as Instant
  const exit = engine.schedule(`exec/${id}`, at, () => {
    forget()
    done({ _tag: "Exited", exitCode, output, stderr })
  })
  const forget = runtime.onExit(uid, id, () => {
    engine.cancel(exit)
    done(KILLED)
  })
}
