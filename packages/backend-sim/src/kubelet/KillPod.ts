/** Stops all running containers of a pod, then its sandboxes (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, killContainersWithSyncResult). */
import type { Pod, RuntimePodStatus } from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import { killContainer } from "./KillContainer.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { TerminationOrdering } from "./TerminationOrdering.ts"

/** In an order that is chance: that of goroutines, or of a Go map. */
export const shuffled = <Item>(items: ReadonlyArray<Item>, random: RandomStream): ReadonlyArray<Item> =>
  items
    .map((item) => ({ item, rank: random.next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)

export class KillPod {
  readonly #node: KubeletNode
  readonly #pod: Pod
  readonly #random: RandomStream

  constructor(node: KubeletNode, pod: Pod, random: RandomStream) {
    this.#node = node
    this.#pod = pod
    this.#random = random
  }

  /** `runtime`: what the kubelet believes to run; `grace`: the worker's override, `undefined` when the pod ended by itself. */
  run(runtime: RuntimePodStatus, grace: number | undefined, done: () => void): void {
    const uid = this.#pod.metadata.uid ?? ""
    const running = runtime.containers.filter((container) => container.state === "running")
    const names = running.map(({ name }) => name)
    const ordering = TerminationOrdering.of(this.#node, this.#pod, names)
    let left = running.length
    const stopSandboxes = () => this.#node.runtime.stopSandboxes(uid, done)
    if (left === 0) return stopSandboxes()
    const subject = { node: this.#node, pod: this.#pod, random: this.#random }
    for (const container of shuffled(running, this.#random)) {
      killContainer(subject, container, { grace, ordering }, () => {
        left--
        if (left === 0) stopSandboxes()
      })
    }
  }
}
