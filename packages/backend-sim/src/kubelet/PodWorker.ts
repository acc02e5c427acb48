/**
 * One pod's worker on its node: sync, terminating, terminated (`pkg/kubelet/pod_workers.go`; K-010…K-021, K-026x). Updates that arrive
 * while it works collapse into one; the rules that it follows are in core's `decide/kubelet`.
 */
import {
  activeDeadline,
  effectiveGracePeriod,
  type Instant,
  isTerminalPhase,
  later,
  type Micros,
  needToReconcilePodReadiness,
  networkNotReady,
  type Pod,
  type PodObject,
  type PodRef,
  parsePod,
  type ReasonCache,
  type RuntimePodStatus,
  type SyncOutcome
} from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import { type Quantiles, quantile } from "../profile/quantiles.ts"
import { isSteady } from "./isSteady.ts"
import { KillPod } from "./KillPod.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import type { KillOptions } from "./killPodNow.ts"
import { recordPodEvent } from "./podEvents.ts"
import { isAlive, isRestarting } from "./podState.ts"
import { handleProbeResult, type PublishedResult } from "./prober/handleProbeResult.ts"
import { pullSecretsOf } from "./pullSecrets.ts"
import { Resyncs } from "./Resyncs.ts"
import { type CrashBackOffs, RuntimeSync } from "./RuntimeSync.ts"
import { reportStatus } from "./reportStatus.ts"
import type { Interrupt } from "./VolumeManager.ts"

type Work = "SyncPod" | "SyncTerminatingPod" | "SyncTerminatedPod"

export class PodWorker {
  readonly entity: string
  readonly #node: KubeletNode
  readonly #random: RandomStream
  readonly #backOffs: CrashBackOffs = new Map()
  readonly #reasons: Map<string, { readonly reason: string; readonly message: string }> = new Map()
  /** The pod as the API server last sent it. */
  #latest: Pod
  #pending: Pod | undefined
  #active: Pod
  #working = false
  #lastSyncEnd: Instant | undefined
  readonly #resyncs: Resyncs
  #grace: number | undefined
  #terminating = false
  #terminatedAt: Instant | undefined
  #finished = false
  #statusOfKill: ((status: Pod) => Pod) | undefined
  readonly #killed: Array<() => void> = []
  #volumeWait: Interrupt | undefined
  #deadlineWatched = false
  readonly #onFinished: () => void

  constructor(node: KubeletNode, object: PodObject, random: RandomStream, onFinished: () => void) {
    this.#node = node
    this.#onFinished = onFinished
    this.#random = random
    this.#latest = parsePod(object)
    this.#active = this.#latest
    this.entity = `pod/${object.metadata.namespace}/${object.metadata.name}`
    this.#resyncs = new Resyncs({ node, uid: this.uid, random, run: () => this.#update({}) })
    node.runtime.register(this.ref, random, object.spec)
    // Ended already, and nothing of it runs: only what is left of it has to go (K-022).
    if (isTerminalPhase(this.#latest.phase) && !isAlive(node.runtime.status(this.uid))) {
      this.#terminating = true
      this.#terminatedAt = node.engine.now
    }
    this.update()
  }

  get uid(): string {
    return this.#latest.metadata.uid ?? ""
  }

  get ref(): PodRef {
    return { namespace: this.#latest.metadata.namespace ?? "", name: this.#latest.metadata.name, uid: this.uid }
  }

  get finished(): boolean {
    return this.#finished
  }

  /** Has it been told to end? */
  get terminating(): boolean {
    return this.#terminating
  }

  /** May a container of the pod still be running? */
  get couldRun(): boolean {
    return this.#terminatedAt === undefined
  }

  /** The API server sent a new version; `status`: nothing else than the status changed, which starts no sync but for gates (K-005). */
  receive(object: PodObject, what: "spec" | "status"): void {
    this.settle()
    this.#latest = parsePod(object)
    if (what === "spec" || needToReconcilePodReadiness(this.#latest)) this.update()
    if (what === "status") this.#node.status.heard(this.#latest)
  }

  /** The object is gone: what still runs is killed (K-008). */
  removed(): void {
    this.update({ kill: {} })
  }

  /** Probes of the pod have new results: what the status says of it changes first, then the pod is synced (section 1.4). */
  probed(results: ReadonlyArray<PublishedResult>): void {
    const syncs = results.map((result) => handleProbeResult(this.#node.status, this.#latest, result))
    if (syncs.includes(true)) this.update()
  }

  /** There is something that its next sync may show: that is carried out, if it was to be skipped. */
  settle(): void {
    this.#lastSyncEnd = this.#resyncs.settle() ?? this.#lastSyncEnd
  }

  /** Something happened that the worker has to look at (UpdatePod). */
  update(options: { readonly kill?: KillOptions } = {}): void {
    this.settle()
    this.#update(options)
  }

  #update({ kill }: { readonly kill?: KillOptions }): void {
    if (this.#finished) return
    // It runs with what it was granted, whatever its spec says by now (K-362).
    const pod = this.#node.allocations.granted(this.#latest)
    const ends = pod.metadata.deletionTimestamp !== undefined || isTerminalPhase(pod.phase) || kill !== undefined
    const begins = ends && !this.#terminating
    this.#terminating ||= ends
    if (this.#terminating) {
      this.#grace = effectiveGracePeriod(pod, this.#grace, kill?.grace)
      this.#statusOfKill = kill?.status ?? this.#statusOfKill
    }
    if (this.#terminatedAt !== undefined) kill?.completed?.()
    else if (kill?.completed !== undefined) this.#killed.push(kill.completed)
    this.#pending = pod
    if (begins) this.#interrupt()
    if (!this.#working) this.#next()
  }

  #next(): void {
    const pod = this.#pending
    this.#working = pod !== undefined
    if (pod === undefined) return
    this.#pending = undefined
    this.#active = pod
    this.#resyncs.begin()
    // What it does is settled before it waits for news of the runtime (startPodSync): an end that is told meanwhile is the next sync's.
    const work = this.#work()
    if (work === "SyncPod" && !this.#node.staticPods.mayStart(pod)) return this.#startLater()
    this.#node.pleg.whenNewer(this.uid, this.#lastSyncEnd, (runtime) => this.#sync(work, pod, runtime))
  }

  /** Another static pod of that name has to end first (K-315). */
  #startLater(): void {
    this.#working = false
    this.#resyncs.after({ _tag: "Error", backOffExpires: undefined }, false)
  }

  #work(): Work {
    if (this.#terminatedAt !== undefined) return "SyncTerminatedPod"
    return this.#terminating ? "SyncTerminatingPod" : "SyncPod"
  }

  #sync(work: Work, pod: Pod, runtime: RuntimePodStatus): void {
    if (!this.#resyncs.steady) this.#node.runtime.fact(this.uid, { _tag: "PodSynced", sync: work })
    switch (work) {
      case "SyncPod":
        return this.#syncPod(pod, runtime)
      case "SyncTerminatingPod":
        return this.#syncTerminatingPod(pod, runtime)
      case "SyncTerminatedPod":
        return this.#syncTerminatedPod(pod, runtime)
    }
  }

  #syncPod(pod: Pod, runtime: RuntimePodStatus): void {
    this.#node.allocations.observe(pod, runtime)
    const status = this.#report(pod, runtime, false)
    if (isTerminalPhase(status.phase)) {
      this.#terminating = true
      return this.#complete({ _tag: "Transition" })
    }
    this.#watchDeadline(status)
    const error = pod.spec.hostNetwork === true ? undefined : this.#node.runtimeState.networkError
    if (error !== undefined) return this.#networkNotReady(pod, error)
    this.#node.staticPods.reconcile(pod, () => this.#syncRuntime(pod, runtime, status))
  }

  #networkNotReady(pod: Pod, error: string): void {
    recordPodEvent(this.#node, pod, { type: "Warning", reason: "NetworkNotReady", message: networkNotReady(error) })
    this.#complete({ _tag: "NetworkNotReady" })
  }

  #syncRuntime(pod: Pod, runtime: RuntimePodStatus, status: Pod): void {
    this.#whenVolumesMounted(pod, (failed) => {
      if (failed) return this.#complete({ _tag: "Error", backOffExpires: undefined })
      const probed = this.#node.probes.addPod(pod)
      const sync = new RuntimeSync({
        node: this.#node,
        pod,
        runtime,
        random: this.#random,
        backOffs: this.#backOffs,
        reasons: this.#reasons,
        pullSecrets: pullSecretsOf(this.#node, pod),
        probes: this.#node.probes.results(this.uid),
        restartAllContainers: status.conditions.some(isRestarting),
        terminationRequested: () => this.#terminating
      })
      sync.run((result) => {
        const { failed, resizeError } = result
        if (resizeError !== undefined) this.#node.allocations.failed(pod, resizeError)
        // What was removed to be restarted is to start at once.
        if (result.reset && failed === undefined) this.update()
        this.#complete(
          failed === undefined ? { _tag: "Success" } : { _tag: "Error", backOffExpires: failed.backOffExpires },
          !probed && result.idle && this.#pending === undefined && isSteady(this.#node, pod, status)
        )
        // What it did is to be seen without waiting for the next relist (K-016).
        if (failed === undefined && result.acted) this.#node.pleg.requestRelist(this.uid)
      })
    })
  }

  #syncTerminatingPod(pod: Pod, runtime: RuntimePodStatus): void {
    this.#report(pod, runtime, false, this.#statusOfKill)
    this.#node.probes.stopLivenessAndStartup(pod)
    new KillPod(this.#node, pod, this.#random).run(runtime, this.#grace, () => {
      this.#node.probes.removePod(this.uid)
      const stopped = this.#node.runtime.status(this.uid)
      this.#report(pod, { ...stopped, ips: runtime.ips }, true)
      this.#terminatedAt = this.#node.engine.now
      for (const completed of this.#killed.splice(0)) completed()
      this.#complete({ _tag: "Transition" })
    })
  }

  #syncTerminatedPod(pod: Pod, runtime: RuntimePodStatus): void {
    this.#report(pod, runtime, true)
    const since = this.#terminatedAt ?? this.#node.engine.now
    this.#node.volumes.whenUnmounted(pod, this.#random, since, () =>
      this.#after(this.#draw(this.#node.profile.podCleanup), () => {
        this.#finished = true
        this.#working = false
        this.#node.queue.remove(this.uid)
        this.#node.status.terminate(pod)
        this.#onFinished()
      })
    )
  }

  /** Answers with the status that it generated. */
  #report(pod: Pod, runtime: RuntimePodStatus, terminal: boolean, amend?: (status: Pod) => Pod): Pod {
    return reportStatus(this.#node, { pod, runtime, reasons: this.#reasons as ReasonCache, terminal, amend })
  }

  #complete(outcome: SyncOutcome, steady = false): void {
    this.#lastSyncEnd = this.#node.engine.now
    this.#resyncs.after(outcome, steady)
    // After a transition the next state runs at once, with the last update if there is no newer one (requeueLastPodUpdate).
    if (outcome._tag === "Transition") this.#pending ??= this.#active
    this.#next()
  }

  /** Past its deadline a pod is synced at the loop's ticks (K-021); the first one ends it. */
  #watchDeadline(status: Pod): void {
    const { engine, loop, queue } = this.#node
    const deadline = activeDeadline(this.#node.status.get(this.uid) ?? status)
    if (deadline === undefined || this.#deadlineWatched) return
    this.#deadlineWatched = true
    engine.schedule(this.entity, queue.tickAfter(later(Math.max(deadline, engine.now) as Instant, -1)), () =>
      loop.deliver(() => this.update())
    )
  }

  #whenVolumesMounted(pod: Pod, run: (failed: boolean) => void): void {
    this.#volumeWait = this.#node.volumes.whenMounted(pod, this.#random, (failed) => {
      this.#volumeWait = undefined
      run(failed)
    })
  }

  /** Its context goes, and with it the commands of its probes (K-012); of a sync only the wait for volumes is interrupted (K-013). */
  #interrupt(): void {
    this.#node.probes.cancel(this.uid)
    if (this.#volumeWait === undefined) return
    this.#volumeWait()
    this.#volumeWait = undefined
    this.#lastSyncEnd = this.#node.engine.now
    this.#working = false
  }

  #draw(quantiles: Quantiles): Micros {
    return quantile(quantiles, this.#random.next())
  }

  #after(delay: Micros, run: () => void): void {
    this.#node.engine.after(this.entity, delay, run)
  }
}
