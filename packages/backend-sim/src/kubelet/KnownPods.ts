/**
 * The pods that a kubelet knows, as the API server last sent them (`pkg/kubelet/pod/pod_manager.go`), and what they ask for together:
 * as long as that leaves room, nobody has to look which of them are still alive to let another one in.
 */
import { accumulate, mutable, type PodObject, podRequests, type Taken } from "@kubereel/core"

const uidOf = (pod: PodObject): string => pod.metadata.uid ?? ""

export class KnownPods {
  readonly #pods = new Map<string, PodObject>()
  readonly #requested = mutable()
  /** What a pod was granted may be something else than what it asks for by now. */
  #resized: boolean

  /** `fresh`: no pod was granted anything by a process before. */
  constructor(fresh: boolean) {
    this.#resized = !fresh
  }

  get(uid: string): PodObject | undefined {
    return this.#pods.get(uid)
  }

  has(uid: string): boolean {
    return this.#pods.has(uid)
  }

  values(): Iterable<PodObject> {
    return this.#pods.values()
  }

  set(pod: PodObject): void {
    const before = this.#pods.get(uidOf(pod))
    this.#pods.set(uidOf(pod), pod)
    if (before === undefined) accumulate(this.#requested, podRequests(pod.spec), 1)
    else if (before.spec !== pod.spec) this.#resized = true
  }

  delete(uid: string): void {
    const before = this.#pods.get(uid)
    if (before === undefined) return
    this.#pods.delete(uid)
    accumulate(this.#requested, podRequests(before.spec), -1)
  }

  /** What all of them take beside that one, the dead included; `undefined`: that is not known. */
  takenBeside(pod: PodObject): Taken | undefined {
    if (this.#resized) return undefined
    const requested = mutable()
    accumulate(requested, this.#requested, 1)
    if (this.has(uidOf(pod))) accumulate(requested, podRequests(pod.spec), -1)
    return { requested, pods: this.#pods.size - (this.has(uidOf(pod)) ? 1 : 0) }
  }
}
