/**
 * The container runtime of one node: sandboxes, containers and their processes, each with the time it takes. What it knows is
 * read by `status`; who wants to know that something changed registers with `onChange` (a real kubelet has to relist).
 */
import {
  containerUser,
  type Instant,
  later,
  noRuntimeStatus,
  type PodEvent,
  type PodRef,
  type PodSpec,
  type ResourceRequirements,
  type RuntimePodStatus,
  SECOND
} from "@kubereel/core"
import { Result } from "effect"
import type { RandomStream } from "../engine/Random.ts"
import type { AskingPod } from "../network/ClusterNetwork.ts"
import { quantile } from "../profile/quantiles.ts"
import type { Answerer } from "./answers.ts"
import { failedStart, newContainer } from "./newContainer.ts"
import { answererOf, type ContainerToCreate, newProcess, type Process, SIGKILL, SIGTERM } from "./Process.ts"
import { ProcessEnds } from "./ProcessEnds.ts"
import { ProcessStarts } from "./ProcessStarts.ts"
import { findProgram, runOf, undeclared } from "./programs.ts"
import { RuntimeCalls } from "./RuntimeCalls.ts"
import type { RuntimeOptions } from "./RuntimeOptions.ts"
import {
  addProcess,
  answerersOf,
  askingPod,
  newRuntimePod,
  type RuntimePod,
  removeProcess,
  statusOf
} from "./RuntimePod.ts"
import { recover } from "./recover.ts"
import { Sandboxes, type SandboxToCreate } from "./Sandboxes.ts"
import { startErrorMessage } from "./startError.ts"

export class Runtime {
  readonly #o: RuntimeOptions
  readonly #pods = new Map<string, RuntimePod>()
  readonly #calls: RuntimeCalls
  readonly #sandboxes: Sandboxes
  readonly #ends: ProcessEnds
  readonly #starts: ProcessStarts

  constructor(options: RuntimeOptions) {
    this.#o = options
    this.#calls = new RuntimeCalls(options.engine, options.entity)
    this.#sandboxes = new Sandboxes(options, this.#calls)
    this.#ends = new ProcessEnds(options)
    this.#starts = new ProcessStarts(options, this.#ends)
  }

  /** Makes room for a pod that is not known yet; its durations and IDs are drawn from `random`. */
  register(ref: PodRef, random: RandomStream, spec: Partial<PodSpec> = {}): void {
    if (this.#pods.has(ref.uid)) return
    this.#pods.set(ref.uid, newRuntimePod(ref, random, spec, this.#o.engine.now))
  }

  /** Every pod of which something is left. */
  get pods(): ReadonlyArray<PodRef> {
    return [...this.#pods.values()].map(({ ref }) => ref)
  }

  /**
   * The kubelet process is gone: its calls are cancelled, nobody waits for them any more. A container that is being stopped has
   * had its signal, but will not be killed (containerd's `stopContainer` returns when its caller goes away).
   */
  disconnect(): void {
    this.#hangUp()
    if (this.#o.killsWhenCallerGoes?.() !== true) return
    for (const pod of this.#pods.values())
      for (const process of pod.containers) if (process.stopSignalSent) this.#ends.signal(pod, process, SIGKILL)
  }

  #hangUp(): void {
    this.#calls.disconnect()
    for (const { containers } of this.#pods.values()) for (const process of containers) process.waiters.clear()
  }

  /** The machine loses its power: no process lives on, nobody is there to write down how it ended. */
  powerOff(): void {
    this.#hangUp()
    for (const { containers } of this.#pods.values())
      for (const { exit } of containers) if (exit !== undefined) this.#o.engine.cancel(exit.handle)
  }

  /** The machine has booted again. */
  recover(): void {
    for (const pod of this.#pods.values()) recover(pod, this.#o.engine.now)
  }

  /** What a relist sees now. */
  status(uid: string): RuntimePodStatus {
    const pod = this.#pods.get(uid)
    return pod === undefined ? noRuntimeStatus : statusOf(pod)
  }

  /** RunPodSandbox: `done` when network and all are ready, or with what went wrong. */
  createSandbox(uid: string, asked: SandboxToCreate, done: (error?: string) => void): void {
    this.#sandboxes.create(this.#pod(uid), asked, done)
  }

  /** StopPodSandbox of every ready sandbox. */
  stopSandboxes(uid: string, done: () => void): void {
    const pod = this.#pods.get(uid)
    if (pod === undefined) done()
    else this.#sandboxes.stop(pod, done)
  }

  /** CreateContainer: answers with its ID, or with what went wrong. Of older instances of that name only the newest dead one is kept (K-034). */
  createContainer(
    uid: string,
    { kind, restartCount, spec }: ContainerToCreate,
    done: (created: Result.Result<string, string>) => void
  ): void {
    const pod = this.#pod(uid)
    this.#calls.after(pod.random, this.#o.profile.containerCreate, () => {
      const error = this.#o.faults.message("CreateContainer", pod.ref.name, this.#o.engine.now)
      if (error !== undefined) return done(Result.fail(error))
      const start = pod.starts.get(spec.name) ?? 0
      pod.starts.set(spec.name, start + 1)
      const image = this.#o.image(spec.image)
      const container = newContainer({
        id: pod.random.hex(64),
        kind,
        spec,
        image,
        sandbox: pod.sandboxes[0]?.id ?? "",
        createdAt: this.#o.engine.now,
        restartCount,
        user: containerUser(pod.spec, spec, image.user)
      })
      const program = findProgram(this.#o.programs(pod.ref.namespace), pod.ref.name, spec)
      const run = runOf(program, start) ?? this.#o.undeclared?.(spec) ?? undeclared
      addProcess(pod, newProcess(container, spec, run))
      done(Result.succeed(container.id))
    })
  }

  /** UpdateContainerResources: the process runs on. */
  updateContainer(uid: string, id: string, resources: ResourceRequirements, done: () => void): void {
    this.#calls.after(this.#pod(uid).random, this.#o.profile.containerUpdate, () => {
      const process = this.#process(uid, id)
      if (process !== undefined) process.container = { ...process.container, resources }
      done()
    })
  }

  /** The limits of the pod as a whole. */
  setPodCgroup(uid: string, spec: PodSpec): void {
    this.#pod(uid).cgroup = spec
  }

  /** RemoveContainer: nobody knows of it any more; its log may be kept. */
  removeContainer(uid: string, id: string, keepLogs: boolean): void {
    removeProcess(this.#pod(uid), id, keepLogs)
    this.#o.onChange(uid)
  }

  /** The restart count of a container of which no instance is left, counted from its logs (calcRestartCountByLogDir; K-110). */
  restartCountByLogs(uid: string, name: string): number {
    return (this.#pod(uid).logs.get(name) ?? -1) + 1
  }

  /** StartContainer: the process runs, and its program's clock with it. `done` gets why it could not be started (K-134). */
  startContainer(uid: string, id: string, done: (error?: string) => void): void {
    const pod = this.#pod(uid)
    this.#calls.after(pod.random, this.#o.profile.containerStart, () => {
      const process = this.#process(uid, id)
      const { startError } = process?.run ?? {}
      if (process !== undefined && startError !== undefined) {
        const message = startErrorMessage(startError)
        process.container = failedStart(process.container, this.#o.engine.now, message)
        this.#o.onChange(uid)
        return done(message)
      }
      if (process !== undefined) {
        const { kind, name } = process.container
        process.container = { ...process.container, state: "running", startedAt: this.#o.engine.now }
        this.fact(uid, { _tag: "ProcessStarted", kind, container: name, containerID: id })
        process.started = later(this.#o.engine.now, quantile(this.#o.profile.processStart, pod.random.next()))
        this.#starts.start(pod, process)
        this.#o.onChange(uid)
      }
      done()
    })
  }

  /** StopContainer: TERM, then KILL after the timeout; `done` when the process is reaped. */
  stopContainer(uid: string, id: string, timeoutSeconds: number, done: () => void): void {
    const pod = this.#pod(uid)
    const process = this.#process(uid, id)
    if (process === undefined || process.container.state !== "running") return done()
    process.waiters.add(done)
    const killLater = () => this.#calls.call(timeoutSeconds * SECOND, () => this.#ends.signal(pod, process, SIGKILL))
    if (process.stopSignalSent) killLater()
    else {
      process.stopSignalSent = true
      // The time runs from when the signal was sent: who exits just in time is not killed.
      this.#calls.after(pod.random, this.#o.profile.signal, () => {
        this.#ends.signal(pod, process, SIGTERM)
        killLater()
      })
    }
  }

  /** The pod's running processes, that of the container `first` before the others: who answers what comes in over its network. */
  answerers(uid: string, first: string): ReadonlyArray<Answerer> {
    const pod = this.#pods.get(uid)
    return pod === undefined ? [] : answerersOf(pod, first, this.#o.engine.now)
  }

  /** The process of one container; `undefined` unless it runs. */
  answerer(uid: string, id: string): Answerer | undefined {
    const process = this.#process(uid, id)
    return process?.container.state === "running" ? answererOf(process, this.#o.engine.now) : undefined
  }

  /** The pod that has that address now. */
  uidAt(ip: string): string | undefined {
    const uid = this.#sandboxes.uidAt(ip)
    return uid !== undefined && this.#pods.get(uid)?.ips.includes(ip) === true ? uid : undefined
  }

  /** Does a pod with a network have that address? */
  isTaken(ip: string): boolean {
    const uid = this.uidAt(ip)
    return uid !== undefined && this.hasNetwork(uid)
  }

  /** A pod as others on the network meet it; `undefined`: it has no network. */
  networkOf(uid: string): AskingPod | undefined {
    const pod = this.#pods.get(uid)
    if (pod === undefined || !this.hasNetwork(uid)) return undefined
    return askingPod(pod)
  }

  /** Whom its processes, and the kubelet, reach. */
  get network(): RuntimeOptions["network"] {
    return this.#o.network
  }

  /** Is the pod's network there? It goes with its sandbox. */
  hasNetwork(uid: string): boolean {
    return this.#pods.get(uid)?.sandboxes[0]?.ready === true
  }

  /** Calls `run` when that container's process is reaped; answers with what calls that off. */
  onExit(uid: string, id: string, run: () => void): () => void {
    const waiters = this.#process(uid, id)?.waiters
    waiters?.add(run)
    return () => waiters?.delete(run)
  }

  /** The same for somebody elsewhere who has a connection to it, whatever becomes of the kubelet. */
  onDisconnect(uid: string, id: string, run: () => void): () => void {
    const clients = this.#process(uid, id)?.clients
    clients?.add(run)
    return () => clients?.delete(run)
  }

  /** A signal from outside, to the newest running instance of that name. */
  kill(uid: string, name: string, signal: number): boolean {
    const pod = this.#pods.get(uid)
    const found = pod?.containers.find(({ container }) => container.name === name && container.state === "running")
    if (pod === undefined || found === undefined) return false
    this.#ends.signal(pod, found, signal)
    return true
  }

  /** The sandbox's own process dies. The containers, in process namespaces of their own, live on; their network does not count any more. */
  killSandbox(uid: string): boolean {
    const pod = this.#pods.get(uid)
    return pod !== undefined && this.#sandboxes.kill(pod)
  }

  /** Is Status answered? */
  answers(): boolean {
    return this.#o.faults.message("Status", "", this.#o.engine.now) === undefined
  }

  /** What the answer to Status says against the network (NetworkReady). */
  networkProblem(): string | undefined {
    return this.#o.faults.message("NetworkReady", "", this.#o.engine.now)
  }

  /** A fact about a pod that the runtime or its kubelet knows and no API server shows. */
  fact(uid: string, event: PodEvent): void {
    const pod = this.#pods.get(uid)
    if (pod !== undefined) this.#o.onFact(pod.ref, event)
  }

  /** The pod's processes, those that have ended included, the newest first. */
  processes(uid: string): ReadonlyArray<Readonly<Process>> {
    const pod = this.#pods.get(uid)
    return [...(pod?.containers ?? []), ...(pod?.gone ?? [])]
  }

  /** When the pod came to the node. */
  since(uid: string): Instant | undefined {
    return this.#pods.get(uid)?.since
  }

  /** Everything of the pod is forgotten. */
  remove(uid: string): void {
    this.#pods.delete(uid)
  }

  #pod(uid: string): RuntimePod {
    const pod = this.#pods.get(uid)
    if (pod === undefined) throw new Error(`the runtime has no pod ${uid}`)
    return pod
  }

  #process(uid: string, id: string): Process | undefined {
    return this.#pods.get(uid)?.containers.find((process) => process.container.id === id)
  }
}
