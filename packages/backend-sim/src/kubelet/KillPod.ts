/** Stops all running containers of a pod at once, then its sandboxes (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, killContainersWithSyncResult). */
import type { Pod, RuntimePodStatus } from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import { killContainer } from "./KillContainer.ts"
import type { KubeletNode } from "./KubeletNode.ts"

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
    const running = this.#shuffled(runtime.containers.filter((container) => container.state === "running"))
    let left = running.length
    const stopSandboxes = () => this.#node.runtime.stopSandboxes(uid, done)
    if (left === 0) return stopSandboxes()
    for (const container of running) {
      killContainer({ node: this.#node, pod: this.#pod, random: this.#random }, container, { grace }, () => {
        left--
        if (left === 0) stopSandboxes()
      })
    }
  }

  /** One goroutine each: which comes first is chance. */
  #shuffled<A>(items: ReadonlyArray<A>): ReadonlyArray<A> {
    return items
      .map((item) => ({ item, rank: this.#random.next() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item)
  }
}
