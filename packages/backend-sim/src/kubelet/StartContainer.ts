/**
 * One container from its image to its postStart hook (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, startContainer):
 * pull, create, start, hook, each of which may refuse.
 */
import { type ContainerSpec, findContainer, type Pod, type RuntimePodStatus } from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import { ensureImageExists } from "./ImageManager.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { recordContainerEvent } from "./podEvents.ts"

/** What the reason cache keeps and `state.waiting` shows (K-041). */
export interface StartFailure {
  readonly reason: string
  readonly message: string
}

export interface StartContainerOptions {
  readonly node: KubeletNode
  readonly pod: Pod
  /** As the cache had it when the sync began. */
  readonly runtime: RuntimePodStatus
  readonly random: RandomStream
}

/** `done` gets why it does not run. */
export const startContainer = (
  { node, pod, random, runtime }: StartContainerOptions,
  container: ContainerSpec,
  done: (failure?: StartFailure) => void
): void => {
  const uid = pod.metadata.uid ?? ""
  const event = (reason: string, message: string) =>
    recordContainerEvent(node, pod, container.name, { type: "Normal", reason, message })
  const create = () => {
    const before = findContainer(runtime, container.name)
    node.runtime.createContainer(uid, container, before === undefined ? 0 : before.restartCount + 1, (id) => {
      event("Created", "Container created")
      node.runtime.startContainer(uid, id, () => {
        event("Started", "Container started")
        done()
      })
    })
  }
  ensureImageExists(node, pod, container, random, (failure) => (failure === undefined ? create() : done(failure)))
}
