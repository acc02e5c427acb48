/** Runs one of the rig's scripts. */
import { type ChildProcess, spawn } from "node:child_process"
import type { Socket } from "node:net"
import { join } from "node:path"
import type { Readable } from "node:stream"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** One sentence: what could not be done to the rig, and why. */
export class RigFailure extends Schema.TaggedError<RigFailure>()("RigFailure", { problem: Schema.String }) {
  override get message() {
    return this.problem
  }
}

export interface ScriptOptions {
  readonly stdin?: string
  readonly environment?: { readonly [name: string]: string }
  /** What the script says on stderr is shown as it comes. */
  readonly progress?: boolean
  /** What the script starts ends when this process does. */
  readonly owned?: boolean
}

const start = (script: string, args: ReadonlyArray<string>, options: ScriptOptions): ChildProcess =>
  spawn("bash", [join(import.meta.dirname, script), ...args], {
    env: { ...process.env, ...options.environment, ...(options.owned ? { KUBEREEL_RIG_OWNER: "owned" } : {}) },
    stdio: [
      options.stdin === undefined ? "ignore" : "pipe",
      "pipe",
      options.progress ? "inherit" : "pipe",
      // Held by this process alone: its other end reads an end when this process is gone, for whatever reason.
      ...(options.owned ? (["pipe"] as const) : [])
    ]
  })

/** What nobody refers to is closed some day: these are held until their other end closes. */
const lifelines = new Set<Socket>()
const hold = (lifeline: Socket): void => {
  lifelines.add(lifeline)
  lifeline.unref()
  lifeline.once("close", () => lifelines.delete(lifeline))
  lifeline.once("error", () => lifelines.delete(lifeline))
  // An end is only seen by who reads.
  lifeline.resume()
}

const textOf = async (stream: Readable | null): Promise<string> => {
  let text = ""
  for await (const part of stream?.setEncoding("utf8") ?? []) text += part
  return text
}

/** What the script printed, without its last line break. It fails with the sentence that the script ended with. */
export const runScript = (
  script: string,
  args: ReadonlyArray<string>,
  options: ScriptOptions = {}
): Effect.Effect<string, RigFailure> =>
  Effect.tryPromise({
    try: async () => {
      const child = start(script, args, options)
      const ended = new Promise<number | null>((resolve, reject) => {
        child.once("error", reject)
        child.once("exit", resolve)
      })
      if (options.owned) hold(child.stdio[3] as Socket)
      child.stdin?.end(options.stdin)
      const [status, output, complaint] = await Promise.all([ended, textOf(child.stdout), textOf(child.stderr)])
      if (status === 0) return output.replace(/\n$/, "")
      throw new Error((complaint.trim() || output.trim() || `exit status ${status}`).replace(/^rig: /, ""))
    },
    catch: (cause) =>
      new RigFailure({ problem: `${script} ${args.join(" ")}: ${cause instanceof Error ? cause.message : cause}` })
  })
