/** The runtime's part of SyncPod: sandbox, then containers, strictly one after another (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, SyncPod; K-055, K-068, K-076…K-078). */
import {
  type BackOffEntry,
  type ContainerKind,
  type ContainerSpec,
  crashBackOff,
  crashBackOffLimits,
  findExited,
  formatDuration,
  type ImageVolumeFailures,
  type Instant,
  imageVolumeFailures,
  isRestartableInitContainer,
  type KubernetesObject,
  type Pod,
  type PodActions,
  type ProbeResults,
  podSandboxChanged,
  type RuntimePodStatus,
  readyToStartContainers
} from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import { getImageVolumes } from "./getImageVolumes.ts"
import { killContainer } from "./KillContainer.ts"
import { KillPod, shuffled } from "./KillPod.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { recordContainerEvent, recordPodEvent } from "./podEvents.ts"
import { resizePodInPlace } from "./ResizePod.ts"
import { type StartFailure, startContainer } from "./StartContainer.ts"

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
  readonly probes: ProbeResults
  /** The status that was just reported says so (K-081). */
  readonly restartAllContainers: boolean
  /** Is the pod to end? */
  readonly terminationRequested: () => boolean
}

export interface RuntimeSyncResult {
  /** Something was killed, created or started. */
  readonly acted: boolean
  /** There was nothing to do. */
  readonly idle: boolean
  /** Containers were removed for RestartAllContainers. */
  readonly reset: boolean
  readonly failed: { readonly backOffExpires: Instant | undefined } | undefined
  /** Why running containers could not be given other resources. */
  readonly resizeError: string | undefined
}

const isIdle = (actions: PodActions): boolean =>
  !actions.killPod &&
  !actions.updatePodResources &&
  [
    actions.containersToStart,
    actions.initContainersToStart,
    actions.ephemeralContainersToStart,
    actions.containersToKill,
    actions.containersToReset,
    actions.containersToUpdate
  ].every(({ length }) => length === 0)

const backOffKey = (container: ContainerSpec): string =>
  [container.name, container.image, JSON.stringify(container.resources ?? {})].join("/")

interface ContainerToStart {
  readonly kind: ContainerKind
  readonly spec: ContainerSpec
}

/** One after the other; `step` says through `next` when it is done, or ends it all by not calling that. */
const inOrder = <Item>(
  [first, ...others]: ReadonlyArray<Item>,
  step: (item: Item, next: () => void) => void,
  done: () => void
): void => (first === undefined ? done() : step(first, () => inOrder(others, step, done)))

export class RuntimeSync {
  readonly #o: RuntimeSyncOptions
  readonly #uid: string
  readonly #actions: PodActions
  #acted = false
  #expires: Instant | undefined
  #failed = false
  #resizeError: string | undefined
  #imageVolumes: ImageVolumeFailures = new Map()

  constructor(options: RuntimeSyncOptions) {
    this.#o = options
    this.#uid = options.pod.metadata.uid ?? ""
    const { node, pod, probes, restartAllContainers, runtime } = options
    this.#actions = node.decide.computePodActions(pod, runtime, { probes, restartAllContainers })
  }

  run(done: (result: RuntimeSyncResult) => void): void {
    const { containersToReset, createSandbox, killPod } = this.#actions
    const finish = () => {
      const failed = this.#failed ? { backOffExpires: this.#expires } : undefined
      done({
        acted: this.#acted,
        idle: isIdle(this.#actions),
        reset: !killPod && containersToReset.length > 0,
        failed,
        resizeError: this.#resizeError
      })
    }
    const withImages = (next: () => void) =>
      getImageVolumes(this.#o, (failures) => {
        this.#imageVolumes = failures
        next()
      })
    const start = () => withImages(() => this.#startContainers(finish))
    if (!killPod) return this.#killContainers(() => this.#resetContainers(start))
    this.#killPod(() => {
      if (!createSandbox) return withImages(finish)
      this.#purgeInitContainers()
      this.#createSandbox(finish, start)
    })
  }

  #killPod(done: () => void): void {
    const { node, pod, random, runtime } = this.#o
    const { createSandbox, sandbox } = this.#actions
    if (createSandbox && sandbox !== undefined) {
      const message = "Pod sandbox changed, it will be killed and re-created."
      recordPodEvent(node, pod, { type: "Normal", reason: "SandboxChanged", message })
    }
    this.#acted ||= sandbox !== undefined
    new KillPod(node, pod, random).run(runtime, undefined, done)
  }

  /** Which comes first is chance (K-077). The worker waits for each (K-078). */
  #killContainers(done: () => void): void {
    inOrder(
      shuffled(this.#actions.containersToKill, this.#o.random),
      ({ message, reason, ...container }, next) => {
        this.#acted = true
        killContainer(this.#o, container, { grace: undefined, message, reason }, next)
      },
      done
    )
  }

  /** RestartAllContainers: what runs is killed without grace, everything is removed, logs are kept (K-081). */
  #resetContainers(done: () => void): void {
    const { node } = this.#o
    inOrder(
      this.#actions.containersToReset,
      ({ kill, ...container }, next) => {
        this.#acted = true
        const remove = () => {
          node.runtime.removeContainer(this.#uid, container.id, true)
          next()
        }
        if (!kill) return remove()
        killContainer(this.#o, container, { grace: 0, message: "killing", reason: "RestartAllContainers" }, remove)
      },
      done
    )
  }

  /** They start over in the new sandbox; their logs go with them (K-053). */
  #purgeInitContainers(): void {
    for (const { id, kind } of this.#o.runtime.containers) {
      if (kind === "init") this.#o.node.runtime.removeContainer(this.#uid, id, false)
    }
  }

  #createSandbox(failed: () => void, done: () => void): void {
    const { node, pod } = this.#o
    const handler = node.objects.runtimeHandler(pod)
    if (handler === undefined) {
      const name = JSON.stringify(pod.spec["runtimeClassName"])
      return this.#sandboxFailed(`runtimeclass.node.k8s.io ${name} not found`, failed)
    }
    node.runtime.createSandbox(this.#uid, { attempt: this.#actions.attempt, handler }, (error) => {
      if (error !== undefined) return this.#sandboxFailed(`rpc error: code = Unknown desc = ${error}`, failed)
      this.#acted = true
      this.#sandboxReady()
      done()
    })
  }

  /** Of a pod that is to end by now that is no error (K-055). */
  #sandboxFailed(error: string, failed: () => void): void {
    const { node, pod, terminationRequested } = this.#o
    if (!terminationRequested()) {
      this.#failed = true
      const message = `Failed to create pod sandbox: ${error}`
      recordPodEvent(node, pod, { type: "Warning", reason: "FailedCreatePodSandBox", message })
    }
    failed()
  }

  /** OnPodSandboxReady: that condition alone, at once (since 1.36; before, the next sync says it). */
  #sandboxReady(): void {
    const { node, pod } = this.#o
    const status = node.status.get(this.#uid)
    if (
      node.release.minor < 36 ||
      !node.release.gates.PodReadyToStartContainersCondition ||
      status === undefined ||
      podSandboxChanged(pod, node.runtime.status(this.#uid)).changed
    )
      return
    const ready = readyToStartContainers(true, pod.metadata.generation)
    const conditions = status.conditions.map((condition) => (condition.type === ready.type ? ready : condition))
    node.status.set(pod, { ...status, conditions })
  }

  /** Strictly one after another. An init container that does not start stops everything, a sidecar does not (K-068, K-076). */
  #startContainers(done: () => void): void {
    const { containersToStart, ephemeralContainersToStart, initContainersToStart } = this.#actions
    const { containers, ephemeralContainers = [], initContainers = [] } = this.#o.pod.spec
    const of = (kind: ContainerKind, specs: ReadonlyArray<ContainerSpec>, indices: ReadonlyArray<number>) =>
      indices.flatMap((index) => specs[index] ?? []).map((spec) => ({ kind, spec }))
    const toStart = [
      ...of("ephemeral", ephemeralContainers, ephemeralContainersToStart),
      ...of("init", initContainers, initContainersToStart)
    ]
    this.#startEach(toStart, done, () =>
      this.#resize(() => this.#startEach(of("regular", containers, containersToStart), done, done))
    )
  }

  /** `aborted`: an init container did not start. */
  #startEach(toStart: ReadonlyArray<ContainerToStart>, aborted: () => void, done: () => void): void {
    inOrder(
      toStart,
      ({ kind, spec }, next) =>
        this.#startContainer(kind, spec, (started) => {
          const aborts = !started && kind === "init" && !isRestartableInitContainer(spec)
          if (aborts) aborted()
          else next()
        }),
      done
    )
  }

  #resize(done: () => void): void {
    const { containersToUpdate, updatePodResources } = this.#actions
    if (containersToUpdate.length === 0 && !updatePodResources) return done()
    resizePodInPlace({ ...this.#o, actions: this.#actions }, (error) => {
      this.#resizeError = error
      if (error === undefined) this.#acted = true
      else this.#failed = true
      done()
    })
  }

  #startContainer(kind: ContainerKind, container: ContainerSpec, done: (started: boolean) => void): void {
    const { backOffs, node, reasons, runtime } = this.#o
    const key = backOffKey(container)
    const finishedAt = findExited(runtime, container.name)?.finishedAt
    const limits = crashBackOffLimits(node.configuration.maxContainerRestartPeriod)
    const decision = crashBackOff(backOffs.get(key), finishedAt, node.engine.now, limits)
    if (decision._tag === "BackOff") {
      this.#backOff(container, decision.backOff, decision.expires)
      return done(false)
    }
    this.#acted = true
    if (decision.entry !== undefined) {
      backOffs.set(key, decision.entry)
      const seconds = decision.entry.backOff / 1_000_000
      node.runtime.fact(this.#uid, { _tag: "BackOffStarted", kind, container: container.name, seconds })
    }
    const tried = (failure?: StartFailure) => {
      if (failure === undefined) reasons.delete(container.name)
      else {
        reasons.set(container.name, failure)
        this.#failed = true
      }
      done(failure === undefined)
    }
    const withoutImage = imageVolumeFailures(container, this.#imageVolumes)
    for (const { reason } of withoutImage) {
      const message = `Error: ${reason}`
      recordContainerEvent(node, this.#o.pod, container.name, { type: "Warning", reason: "Failed", message })
    }
    if (withoutImage.length > 0) return tried(withoutImage.at(-1))
    startContainer({ ...this.#o, kind }, container, tried)
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
