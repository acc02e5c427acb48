/** Runs a client until it ends. */
import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"

export interface Ended {
  readonly stdout: string
  readonly stderr: string
  /** Null: it was ended by a signal, or for its time being up. */
  readonly code: number | null
}

export interface RunOptions {
  readonly input?: string
  /** Added to this process's own. */
  readonly environment?: { readonly [name: string]: string }
  readonly directory?: string
  /** Default 60: then it is killed. */
  readonly seconds?: number
}

export const run = async (program: string, args: ReadonlyArray<string>, options: RunOptions = {}): Promise<Ended> => {
  const child = spawn(program, args, {
    env: { ...process.env, ...options.environment },
    cwd: options.directory,
    stdio: ["pipe", "pipe", "pipe"],
    timeout: (options.seconds ?? 60) * 1000,
    killSignal: "SIGKILL"
  })
  // A program that ends without reading its input is no mistake.
  child.stdin.on("error", () => undefined)
  child.stdin.end(options.input)
  const code = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject)
    child.once("exit", resolve)
  })
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), code])
  return { stdout, stderr, code: status }
}
