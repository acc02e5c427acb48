/**
 * One container from its image to its postStart hook (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, startContainer):
 * pull, create, start, hook, each of which may refuse.
 */
import {
  type ContainerKind,
  type ContainerSpec,
  containerCreated,
  containerStarted,
  environmentProblem,
  environmentValues,
  findContainer,
  type KubernetesObject,
  type Pod,
  type RuntimePodStatus,
  subPathProblem,
  verifyRunAsNonRoot
} from "@kubereel/core"
import { Result } from "effect"
import type { RandomStream } from "../engine/Random.ts"
import type { StoredImage } from "../runtime/Images.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { executePostStartHook } from "./PostStartHook.ts"
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
  readonly pullSecrets: ReadonlyArray<KubernetesObject>
  readonly kind: ContainerKind
}

/** generateContainerConfig: the environment first, then the mounts, then the user (K-132, K-133). */
const configProblem = (
  { node, pod }: Pick<StartContainerOptions, "node" | "pod">,
  container: ContainerSpec,
  image: StoredImage
): string | undefined => {
  const { name, namespace = "", uid = "" } = pod.metadata
  const lookup = node.objects.lookup(pod)
  const podIPs = pod.spec.hostNetwork === true ? node.hostIPs : node.runtime.status(uid).ips
  const values = () => environmentValues(container, { pod, lookup, hostIPs: node.hostIPs, podIPs })
  return (
    environmentProblem(container, namespace, lookup) ??
    subPathProblem(container, values) ??
    verifyRunAsNonRoot({ spec: pod.spec, container, imageUser: image.user, podText: `${name}_${namespace}(${uid})` })
  )
}

/** `done` gets why it does not run. */
export const startContainer = (
  { kind, node, pod, pullSecrets, random, runtime }: StartContainerOptions,
  container: ContainerSpec,
  done: (failure?: StartFailure) => void
): void => {
  const uid = pod.metadata.uid ?? ""
  const record = (type: "Normal" | "Warning", reason: string, message: string) =>
    recordContainerEvent(node, pod, container.name, { type, reason, message })
  /** The Event names the step after a failed pull, and the error itself after that (K-131). */
  const fail = (failure: StartFailure, event: string) => {
    record("Warning", "Failed", `Error: ${event}`)
    done(failure)
  }
  const start = (id: string) =>
    node.runtime.startContainer(uid, id, (error) => {
      if (error !== undefined) return fail({ reason: "RunContainerError", message: error }, error)
      record("Normal", "Started", containerStarted(node.release, container.name))
      executePostStartHook({ node, pod, random, spec: container, id }, done)
    })
  const create = (image: StoredImage) => {
    const problem = configProblem({ node, pod }, container, image)
    if (problem !== undefined) return fail({ reason: "CreateContainerConfigError", message: problem }, problem)
    const before = findContainer(runtime, container.name)
    const restartCount =
      before === undefined ? node.runtime.restartCountByLogs(uid, container.name) : before.restartCount + 1
    node.runtime.createContainer(uid, { kind, spec: container, restartCount }, (created) => {
      if (Result.isFailure(created)) {
        const message = created.failure
        return fail({ reason: "CreateContainerError", message }, message)
      }
      node.volumes.containerCreated(pod, container)
      record("Normal", "Created", containerCreated(node.release, container.name))
      start(created.success)
    })
  }
  node.images.ensureImageExists(
    {
      podUID: uid,
      image: container.image,
      policy: container.imagePullPolicy ?? "IfNotPresent",
      pullSecrets,
      random,
      release: node.release,
      event: ({ message, reason, type }) => record(type, reason, message)
    },
    (outcome) => (Result.isSuccess(outcome) ? create(outcome.success) : fail(outcome.failure, outcome.failure.reason))
  )
}
