/** The sandboxes of a node's pods (containerd `internal/cri/server/sandbox_run.go`, `sandbox_stop.go`). */
import type { SandboxStatus } from "@kubereel/core"
import type { RuntimeCalls } from "./RuntimeCalls.ts"
import type { RuntimeOptions } from "./RuntimeOptions.ts"
import type { RuntimePod } from "./RuntimePod.ts"

export interface SandboxToCreate {
  readonly attempt: number
  /** "" is the runtime's default. */
  readonly handler: string
}

export class Sandboxes {
  readonly #o: RuntimeOptions
  readonly #calls: RuntimeCalls
  /** Who got an address last. */
  readonly #addresses = new Map<string, string>()

  constructor(options: RuntimeOptions, calls: RuntimeCalls) {
    this.#o = options
    this.#calls = calls
  }

  /** The pod that got that address last. */
  uidAt(ip: string): string | undefined {
    return this.#addresses.get(ip)
  }

  /** `done` gets what the runtime says went wrong. */
  create(pod: RuntimePod, { attempt, handler }: SandboxToCreate, done: (error?: string) => void): void {
    const { engine, faults, handlers, nextIP, onChange, onFact, profile } = this.#o
    if (handler !== "" && !handlers.includes(handler)) {
      const why = `no runtime for ${JSON.stringify(handler)} is configured`
      // It says so before it begins with anything.
      return this.#calls.call(0, () => done(`unable to get OCI runtime for sandbox "${pod.random.hex(64)}": ${why}`))
    }
    this.#calls.after(pod.random, profile.sandboxCreate, () => {
      const error = faults.message("RunPodSandbox", pod.ref.name, engine.now)
      if (error !== undefined) return done(error)
      const ips = pod.spec.hostNetwork === true ? [] : [nextIP()]
      const sandbox: SandboxStatus = { id: pod.random.hex(64), attempt, ready: true, createdAt: engine.now, ips }
      pod.sandboxes = [sandbox, ...pod.sandboxes]
      pod.ips = ips
      for (const ip of ips) this.#addresses.set(ip, pod.ref.uid)
      onFact(pod.ref, { _tag: "SandboxCreated", sandbox: sandbox.id, attempt })
      onChange(pod.ref.uid)
      done()
    })
  }

  /** All that are ready. */
  stop(pod: RuntimePod, done: () => void): void {
    const ready = pod.sandboxes.filter((sandbox) => sandbox.ready)
    if (ready.length === 0) return done()
    this.#calls.after(pod.random, this.#o.profile.sandboxStop, () => {
      pod.sandboxes = pod.sandboxes.map((sandbox) => ({ ...sandbox, ready: false }))
      for (const sandbox of ready) this.#o.onFact(pod.ref, { _tag: "SandboxStopped", sandbox: sandbox.id })
      this.#o.onChange(pod.ref.uid)
      done()
    })
  }

  /** `false`: there is none to kill. */
  kill(pod: RuntimePod): boolean {
    if (!pod.sandboxes.some((sandbox) => sandbox.ready)) return false
    pod.sandboxes = pod.sandboxes.map((sandbox) => ({ ...sandbox, ready: false }))
    this.#o.onChange(pod.ref.uid)
    return true
  }
}
