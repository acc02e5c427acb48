/**
 * How a command in a container ends, and when (`containerd/internal/cri/server/container_execsync.go`; K-157). Its timeout counts
 * from the start of its own process; whoever asks for a container that does not run is refused at once.
 */
import type { Micros, RuntimeContainer } from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import { type Answerer, execReply } from "./answers.ts"
import type { Runtime } from "./Runtime.ts"

export interface ExecRequest {
  readonly command: ReadonlyArray<string>
  /** Absent: for as long as it takes. */
  readonly timeout?: Micros
  /** What the runtime itself needs to start it. */
  readonly overhead: Micros
}

export type ExecResult =
  | { readonly _tag: "Exited"; readonly exitCode: number; readonly output: string }
  | { readonly _tag: "TimedOut" }
  /** It was not started: the runtime's own words. */
  | { readonly _tag: "Refused"; readonly error: string }

const refusal = (id: string, state: RuntimeContainer["state"] | undefined): ExecResult => ({
  _tag: "Refused",
  error:
    state === undefined
      ? `rpc error: code = NotFound desc = failed to exec in container: failed to find container "${id}" in store: not found`
      : `rpc error: code = Unknown desc = failed to exec in container: container is in CONTAINER_${state.toUpperCase()} state`
})

/** How the command ends by itself, and when. */
const course = (
  answerer: Answerer,
  { command, overhead, timeout = Number.POSITIVE_INFINITY }: ExecRequest
): { readonly after: Micros; readonly result: ExecResult } => {
  const { answer } = execReply({ ...answerer, since: answerer.since + overhead }, command)
  const { exitCode, output, takes } = answer
  return takes >= timeout
    ? { after: overhead + timeout, result: { _tag: "TimedOut" } }
    : { after: overhead + takes, result: { _tag: "Exited", exitCode, output } }
}

/** `uid` and `id`: the pod and its container. The answer calls it off: `done` is not called any more. */
export const executeIn = (
  { engine, runtime }: { readonly engine: Engine; readonly runtime: Runtime },
  { id, uid }: { readonly uid: string; readonly id: string },
  request: ExecRequest,
  done: (result: ExecResult) => void
): (() => void) => {
  const answerer = runtime.answerer(uid, id)
  if (answerer === undefined) {
    done(refusal(id, runtime.status(uid).containers.find((container) => container.id === id)?.state))
    return () => {}
  }
  const { after, result } = course(answerer, request)
  const forget = runtime.onExit(uid, id, () => {
    engine.cancel(handle)
    done({ _tag: "Exited", exitCode: 137, output: "" })
  })
  const handle = engine.after(`exec/${id}`, after, () => {
    forget()
    done(result)
  })
  return () => {
    forget()
    engine.cancel(handle)
  }
}
