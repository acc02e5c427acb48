/** The runtime's part of SyncPod: sandbox, then containers, strictly one after another (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, SyncPod; K-055, K-076). */
import {
  type BackOffEntry,
  type ContainerSpec,
  computePodActions,
  crashBackOff,
  findContainer,
  findExited,
  formatDuration,
  type Instant,
  type Pod,
  type PodActions,
  podSandboxChanged,
  type RuntimePodStatus,
  readyToStartContainers
} from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import { quantile } from "../profile/quantiles.ts"
import { KillPod } from "./KillPod.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { recordContainerEvent, recordPodEvent } from "./podEvents.ts"

/** By container name, image and resources: another image or size starts anew (K-100, T-07). */
export type CrashBackOffs = Map<string, BackOffEntry>

export interface RuntimeSyncOptions {
  readonly node: KubeletNode
  readonly pod: Pod
  readonly runtime: RuntimePodStatus
  readonly random: RandomStream
  readonly backOffs: CrashBackOffs
  readonly reasons: Map<string, { readonly reason: string; readonly message: string }>
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
    const decision = crashBackOff(backOffs.get(key), finishedAt, node.engine.now)
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
    this.#ensureImage(container, () => this.#create(container, done))
    reasons.delete(container.name)
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

  /** Every image is present (see `not simulated`); policy Always asks the registry all the same (K-120). */
  #ensureImage(container: ContainerSpec, done: () => void): void {
    const { node, pod, random } = this.#o
    const event = (reason: string, message: string) =>
      recordContainerEvent(node, pod, container.name, { type: "Normal", reason, message })
    if (container.imagePullPolicy !== "Always") {
      event("Pulled", `Container image "${container.image}" already present on machine and can be accessed by the pod`)
      return done()
    }
    event("Pulling", `Pulling image "${container.image}"`)
    const takes = quantile(node.profile.imageCheck, random.next())
    node.engine.after(`image/${this.#uid}`, takes, () => {
      const size = node.images.size(container.image)
      const took = formatDuration(takes - (takes % 1_000))
      event(
        "Pulled",
        `Successfully pulled image "${container.image}" in ${took} (${took} including waiting). Image size: ${size} bytes.`
      )
      done()
    })
  }

  #create(container: ContainerSpec, done: () => void): void {
    const { node, pod, runtime } = this.#o
    const before = findContainer(runtime, container.name)
    const restartCount = before === undefined ? 0 : before.restartCount + 1
    const event = (reason: string, message: string) =>
      recordContainerEvent(node, pod, container.name, { type: "Normal", reason, message })
    node.runtime.createContainer(this.#uid, container, restartCount, (id) => {
      event("Created", "Container created")
      node.runtime.startContainer(this.#uid, id, () => {
        event("Started", "Container started")
        done()
      })
    })
  }
}
