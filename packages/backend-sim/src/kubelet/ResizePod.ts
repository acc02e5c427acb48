/** Gives running containers and their pod other resources (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, doPodResizeAction; K-364, K-365). */
import { memoryResizeError, type Pod, type PodActions, podCgroup, type RuntimePodStatus } from "@kubereel/core"
import { memoryAt } from "../runtime/usage.ts"
import type { KubeletNode } from "./KubeletNode.ts"

export interface Resize {
  readonly node: KubeletNode
  readonly pod: Pod
  readonly runtime: RuntimePodStatus
  readonly actions: Pick<PodActions, "containersToUpdate" | "updatePodResources">
}

/** The pod's memory limit, where it is to go down. */
const loweredPodLimit = ({ pod, runtime }: Resize): bigint | undefined => {
  const [wanted, actual] = [pod.spec, runtime.cgroup ?? pod.spec].map((spec) => podCgroup(spec, "v2").memoryLimit)
  return wanted !== undefined && (actual === undefined || wanted < actual) ? wanted : undefined
}

/** Bytes that a container uses now, or all of the pod. */
const memoryUsage = ({ engine, runtime }: KubeletNode, uid: string, id: string | undefined): bigint =>
  runtime
    .processes(uid)
    .filter(({ container }) => container.state === "running" && (id === undefined || container.id === id))
    .reduce((sum, { begun, run }) => sum + BigInt(memoryAt(run, engine.now - begun)), 0n)

const problem = (resize: Resize): string | undefined => {
  const { actions, node, pod } = resize
  const uid = pod.metadata.uid ?? ""
  if (!actions.updatePodResources && !actions.containersToUpdate.some(({ memory }) => memory)) return undefined
  return memoryResizeError({
    podLimit: loweredPodLimit(resize),
    podUsage: memoryUsage(node, uid, undefined),
    containers: actions.containersToUpdate.flatMap(({ decreasesMemoryLimit: limit, id, name }) =>
      limit === undefined ? [] : [{ name, limit, usage: memoryUsage(node, uid, id) }]
    )
  })
}

/** `done` gets why it cannot be done now. */
export const resizePodInPlace = (resize: Resize, done: (error?: string) => void): void => {
  const { actions, node, pod } = resize
  const uid = pod.metadata.uid ?? ""
  const error = problem(resize)
  if (error !== undefined) return done(error)
  const update = ([container, ...others]: PodActions["containersToUpdate"]): void => {
    if (container !== undefined)
      return node.runtime.updateContainer(uid, container.id, container.resources, () => update(others))
    node.runtime.setPodCgroup(uid, pod.spec)
    // What it says of itself now is to be read, although nothing started or died.
    node.pleg.requestReinspect(uid)
    done()
  }
  update(actions.containersToUpdate)
}
