/** A driver of nodes that is somebody's program: one order as JSON on its stdin, its exit status and one sentence back. */
import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"
import { Effect } from "effect"
import { type NodeDriver, NodeDriverFailure, type NodeOrder, type NodeQuestion } from "./NodeDriver.ts"

/** A machine boots within that time, or never. */
const DONE_WITHIN = 300_000

const lastLine = (said: string): string | undefined =>
  said
    .split("\n")
    .map((line) => line.trim())
    .findLast((line) => line !== "")

interface Asked {
  readonly schemaVersion: 1
  /** Nothing is done: could it be? */
  readonly check: boolean
}

/**
 * Ctrl-C is for the run, which takes back what it did: the program is in a process group of its own, and what it has begun it
 * ends.
 */
const ask = async (command: string, asked: Asked & (NodeOrder | NodeQuestion)): Promise<void> => {
  const child = spawn(command, { shell: true, detached: true, stdio: ["pipe", "pipe", "pipe"] })
  // A program that does not read its order has its reasons, which it will say.
  child.stdin.on("error", () => undefined)
  child.stdin.end(`${JSON.stringify(asked)}\n`)
  const late = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, "SIGTERM"), DONE_WITHIN)
  const ended = new Promise<string>((resolve, reject) => {
    child.once("error", reject)
    child.once("exit", (status, signal) => resolve(signal ?? `exit status ${status}`))
  })
  try {
    const [end, said, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
    if (end !== "exit status 0") throw new Error(lastLine(complaint) ?? lastLine(said) ?? end)
  } finally {
    clearTimeout(late)
  }
}

/** `command` is a line for the shell. */
export const programDriver = (command: string): NodeDriver => {
  const send = (check: boolean, what: NodeOrder | NodeQuestion) =>
    Effect.tryPromise({
      try: () => ask(command, { schemaVersion: 1, check, ...what }),
      catch: (cause) => new NodeDriverFailure({ problem: cause instanceof Error ? cause.message : String(cause) })
    })
  return {
    check: (question) => send(true, question),
    act: (order) => Effect.uninterruptible(send(false, order))
  }
}
