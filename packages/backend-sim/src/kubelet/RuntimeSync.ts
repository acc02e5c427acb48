/** The runtime's part of SyncPod: sandbox, then containers, strictly one after another (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, SyncPod; K-055, K-076). */
import {
  type BackOffEntry,
  type ContainerSpec,
  computePodActions,
  crashBackOff,
  crashBackOffLimits,
  findExited,
  formatDuration,
  type Instant,
  type KubernetesObject,
  type Pod,
  type PodActions,
  podSandboxChanged,
  type RuntimePodStatus,
  readyToStartContainers
} from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import { KillPod } from "./KillPod.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { recordContainerEvent, recordPodEvent } from "./podEvents.ts"
import { startContainer } from "./StartContainer.ts"

/** By container name, image and resources: another image or size starts anew (K-100, T-07). */
export type CrashBackOffs = Map<string, BackOffEntry>

export interface RuntimeSyncOptions {
  readonly node: KubeletNode
  readonly pod: Pod
  readonly runtime: RuntimePodStatus
  readonly random: RandomStream
  readonly backOffs: CrashBackOffs
  readonly reasons: Map<string, { readonly reason: string; readonly message: string }>
  readonly pullSecrets: ReadonlyArray<KubernetesObject>
}

export interface RuntimeSyncResult {
  /** Something was killed, created or started. */
  readonly acted: boolean
  readonly failed: { readonly backOffExpires: Instant | undefined } | undefined
}

const backOffKey = (container: ContainerSpec): string =>
  [container.name, container.image, JSON.stringify(container.resources ?? {})].join("/")

export class RuntimeSync {
  readonly #o: RuntimeSyncOptions
  readonly #uid: string
  #acted = false
  #expires: Instant | undefined
  #failed = false

  constructor(options: RuntimeSyncOptions) {
    this.#o = options
    this.#uid = options.pod.metadata.uid ?? ""
  }

  run(done: (result: RuntimeSyncResult) => void): void {
    const actions = computePodActions(this.#o.pod, this.#o.runtime)
    const finish = () => {
      const failed = this.#failed ? { backOffExpires: this.#expires } : undefined
      done({ acted: this.#acted, failed })
    }
    const start = () => this.#startContainers(actions.containersToStart, finish)
    this.#kill(actions, () => {
      if (!actions.createSandbox) return actions.killPod ? finish() : start()
      this.#o.node.runtime.createSandbox(this.#uid, actions.attempt, () => {
        this.#acted = true
        this.#sandboxReady()
        start()
      })
    })
  }

  #kill(actions: PodActions, done: () => void): void {
    const { node, pod, random, runtime } = this.#o
    if (!actions.killPod) return done()
    if (actions.createSandbox && actions.sandbox !== undefined) {
      const message = "Pod sandbox changed, it will be killed and re-created."
      recordPodEvent(node, pod, { type: "Normal", reason: "SandboxChanged", message })
    }
    this.#acted ||= actions.sandbox !== undefined
    new KillPod(node, pod, random).run(runtime, undefined, done)
  }

  /** OnPodSandboxReady: that condition alone, at once. */
  #sandboxReady(): void {
    const { node, pod } = this.#o
    const status = node.status.get(this.#uid)
    if (status === undefined || podSandboxChanged(pod, node.runtime.status(this.#uid)).changed) return
    const ready = readyToStartContainers(true, pod.metadata.generation)
    const conditions = status.conditions.map((condition) => (condition.type === ready.type ? ready : condition))
    node.status.set(pod, { ...status, conditions })
  }

  #startContainers(indices: ReadonlyArray<number>, done: () => void): void {
    const [index, ...others] = indices
    const container = index === undefined ? undefined : this.#o.pod.spec.containers[index]
    if (container === undefined) return done()
    this.#startContainer(container, () => this.#startContainers(others, done))
  }

  #startContainer(container: ContainerSpec, done: () => void): void {
    const { backOffs, node, reasons, runtime } = this.#o
    const key = backOffKey(container)
    const finishedAt = findExited(runtime, container.name)?.finishedAt
    const limits = crashBackOffLimits(node.configuration.maxContainerRestartPeriod)
    const decision = crashBackOff(backOffs.get(key), finishedAt, node.engine.now, limits)
    if (decision._tag === "BackOff") {
      this.#backOff(container, decision.backOff, decision.expires)
      return done()
    }
    this.#acted = true
    if (decision.entry !== undefined) {
      backOffs.set(key, decision.entry)
      const seconds = decision.entry.backOff / 1_000_000
      node.runtime.fact(this.#uid, { _tag: "BackOffStarted", kind: "regular", container: container.name, seconds })
    }
    startContainer(this.#o, container, (failure) => {
      if (failure === undefined) reasons.delete(container.name)
      else {
        reasons.set(container.name, failure)
        this.#failed = true
      }
      done()
    })
  }

  #backOff(container: ContainerSpec, backOff: number, expires: Instant): void {
    const { node, pod, reasons } = this.#o
    const { name, namespace = "", uid = "" } = pod.metadata
    const podName = `${name}_${namespace}(${uid})`
    const message = `Back-off restarting failed container ${container.name} in pod ${podName}`
    recordContainerEvent(node, pod, container.name, { type: "Warning", reason: "BackOff", message })
    reasons.set(container.name, {
      reason: "CrashLoopBackOff",
      message: `back-off ${formatDuration(backOff)} restarting failed container=${container.name} pod=${podName}`
    })
    this.#failed = true
    this.#expires = this.#expires === undefined || expires < this.#expires ? expires : this.#expires
  }
}
