/** One process that plays cases. */
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Answered, Asked } from "./messages.ts"

/** Beside this source, or beside the bundle that it is a part of. */
const entry = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./fuzz/worker.mjs", import.meta.url)

/** A process of a campaign ended, or could not do what it was asked to. */
export class WorkerFailure extends Error {
  override readonly name = "WorkerFailure"
}

export class WorkerProcess {
  readonly #child: ChildProcess

  constructor() {
    this.#child = fork(fileURLToPath(entry), { serialization: "json", stdio: ["ignore", "ignore", "inherit", "ipc"] })
  }

  /** One question at a time. Rejects with a `WorkerFailure`. */
  ask(asked: Asked): Promise<Exclude<Answered, { readonly _tag: "Failed" }>> {
    return new Promise((resolve, reject) => {
      const done = () => {
        this.#child.off("message", onMessage)
        this.#child.off("exit", onExit)
        this.#child.off("error", onError)
      }
      const onMessage = (answered: Answered) => {
        done()
        if (answered._tag === "Failed") reject(new WorkerFailure(answered.message))
        else resolve(answered)
      }
      const onExit = (code: number | null, signal: string | null) => {
        done()
        reject(
          new WorkerFailure(`a process of the campaign ended ${signal === null ? `with ${code}` : `by ${signal}`}`)
        )
      }
      const onError = (error: Error) => {
        done()
        reject(new WorkerFailure(error.message))
      }
      this.#child.once("message", onMessage)
      this.#child.once("exit", onExit)
      this.#child.once("error", onError)
      this.#child.send(asked, (error) => {
        if (error !== null) onError(error)
      })
    })
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect()
  }
}
