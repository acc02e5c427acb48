/** How the processes of a runtime end: by themselves, or by a signal. */
import { type Instant, later } from "@kubereel/core"
import { quantile } from "../profile/quantiles.ts"
import { type Exit, exited, handles, type Process, SIGKILL } from "./Process.ts"
import type { RuntimeOptions } from "./RuntimeOptions.ts"
import type { RuntimePod } from "./RuntimePod.ts"

export class ProcessEnds {
  readonly #o: RuntimeOptions

  constructor(options: RuntimeOptions) {
    this.#o = options
  }

  signal(pod: RuntimePod, process: Process, signal: number): void {
    if (process.container.state !== "running") return
    const { engine, onFact, profile } = this.#o
    const { id, kind, name } = process.container
    onFact(pod.ref, { _tag: "SignalSent", kind, container: name, containerID: id, signal })
    if (signal === SIGKILL) {
      const at = later(engine.now, quantile(profile.signal, pod.random.next()))
      if (process.exit === undefined || process.exit.at > at)
        this.exitAt(pod, process, at, { exitCode: 128 + SIGKILL, oom: false })
      return
    }
    const handled = handles(process, signal, engine.now)
    if (handled === undefined) return
    // The handler takes over: what the program would have done by itself does not happen any more.
    process.termed = true
    const { exitAfter, exitCode } = handled
    this.exitAt(pod, process, later(engine.now, exitAfter), { exitCode, oom: false })
  }

  /** It ends then, whatever was to end it before. */
  exitAt(pod: RuntimePod, process: Process, at: Instant, end: Exit): void {
    const { engine, entity, onChange, onFact } = this.#o
    if (process.exit !== undefined) engine.cancel(process.exit.handle)
    const handle = engine.schedule(entity, at, () => {
      process.container = exited(process, at, end)
      const { id: containerID, kind, name: container } = process.container
      onFact(pod.ref, { _tag: "ProcessExited", kind, container, containerID, exitCode: end.exitCode })
      onChange(pod.ref.uid)
      const waiters = [...process.waiters, ...process.clients]
      process.waiters.clear()
      process.clients.clear()
      for (const waiter of waiters) waiter()
    })
    process.exit = { at, handle }
  }
}
