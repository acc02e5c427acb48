/** When a pod's volumes are mounted and unmounted (`pkg/kubelet/volumemanager/volume_manager.go`, its populator and its reconciler). */
import {
  attachableOf,
  awaitsNode,
  type ClaimOfVolume,
  type ContainerSpec,
  cannotMount,
  claimedVolumeProblem,
  claimNameOf,
  expectedVolumes,
  GIT_REPO_DISABLED_MINOR,
  type HostPathType,
  hostPathCreated,
  type Instant,
  isJsonObject,
  type JsonObject,
  type KubernetesRelease,
  later,
  MILLISECOND,
  type Micros,
  type Mountable,
  mountable,
  mountProblem,
  nextVolumeBackOff,
  type Pod,
  SECOND,
  volumeNameOf
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"
import type { Engine, Handle } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { quantile } from "../profile/quantiles.ts"
import type { AttachedVolumes } from "./AttachedVolumes.ts"
import type { NodeExpander } from "./NodeExpander.ts"
import type { ObjectCache } from "./ObjectCache.ts"

/** The waits look at the volumes now and then at every such poll, for so long (podAttachAndMountTimeout). */
const POLL: Micros = 300 * MILLISECOND
const TIMEOUT: Micros = 123 * SECOND
/** The reconciler's loop: a mount whose back-off is over waits for it. */
const RECONCILER: Micros = 100 * MILLISECOND

/** Calls a wait off: the only part of a sync that the end of the pod interrupts (K-013). */
export type Interrupt = () => void

export interface VolumeManagerOptions {
  readonly engine: Engine
  readonly profile: NodeProfile
  readonly objects: ObjectCache
  readonly release: KubernetesRelease
  /** On the disk of the node: mounts make what is missing. */
  readonly hostPaths: Map<string, HostPathType>
  readonly store: Store
  /** What a driver has to attach first. */
  readonly attached: AttachedVolumes
  /** Of the node. */
  readonly labels: () => Readonly<Record<string, string>>
  /** Warning FailedMount about the pod. */
  readonly failedMount: (pod: Pod, message: string) => void
  readonly expander: NodeExpander
}

/** The mounts of one pod that have failed and are tried again. */
interface PodVolumes {
  readonly failing: Map<string, Handle>
  /** Its claims, by namespace and name. */
  readonly claims: ReadonlyArray<string>
  /** Have all of them been mounted once? */
  mounted: boolean
  /** The populator has looked at the pod: its next errors are there at once. */
  populated: boolean
  /** From when on none of them is mounted any more. */
  unmounted?: Instant
}

const hostPathOf = ({ hostPath }: JsonObject): JsonObject | undefined => (isJsonObject(hostPath) ? hostPath : undefined)

const nameOf = (volume: JsonObject): string => String(volume["name"])

export class VolumeManager {
  readonly #o: VolumeManagerOptions
  readonly #pods = new Map<string, PodVolumes>()

  constructor(options: VolumeManagerOptions) {
    this.#o = options
  }

  get attached(): AttachedVolumes {
    return this.#o.attached
  }

  /** WaitForAttachAndMount: answers at once (`undefined`) when everything is mounted already. `run` hears if it failed. */
  whenMounted(pod: Pod, random: RandomStream, run: (failed: boolean) => void): Interrupt | undefined {
    const { attached } = this.#o
    const uid = pod.metadata.uid ?? ""
    const volumes = expectedVolumes(pod.spec)
    const known = this.#pods.get(uid)
    const claims = known === undefined ? this.#claimsOf(pod, volumes) : known.claims
    const state = known ?? { failing: new Map(), claims, mounted: volumes.length === 0, populated: false }
    if (known === undefined) this.#pods.set(uid, state)
    // Their contents are written anew in each sync (ReprocessPod); what was mounted stays so whatever comes of it.
    if (state.mounted) {
      this.#mountAgain(pod, volumes, state)
      run(false)
      return undefined
    }
    const takes = quantile(this.#o.profile.volumeMount, random.next())
    const unclaimed = volumes.filter((volume) => this.#claimProblem(pod, volume) !== undefined)
    if (unclaimed.length > 0) return this.#refuse(pod, unclaimed, state, run)
    const mount = (): Interrupt => this.#mount(pod, state, takes, run)
    const needed = volumes.flatMap((volume) => this.#attachable(pod, volume) ?? [])
    attached.want(uid, needed)
    if (attached.areAttached(needed)) return mount()
    let interrupt = attached.whenAttached(needed, (came) => {
      if (came) interrupt = mount()
      else run(true)
    })
    return () => interrupt()
  }

  /** Everything is where the node can reach it. */
  #mount(pod: Pod, state: PodVolumes, takes: Micros, run: (failed: boolean) => void): Interrupt {
    const { engine } = this.#o
    const volumes = expectedVolumes(pod.spec)
    const broken = volumes.filter((volume) => this.#setUp(pod, volume) !== undefined)
    if (broken.length > 0) return this.#waitFor(pod, broken, state, run)
    const wait = engine.after(`volumes/${pod.metadata.uid}`, takes, () => {
      state.mounted = true
      for (const volume of volumes) this.#expand(pod, volume)
      run(false)
    })
    return () => engine.cancel(wait)
  }

  /** Is there a claim of that pod whose volume has grown, and its file system not yet? */
  awaitExpansion(uid: string): boolean {
    return (this.#pods.get(uid)?.claims ?? []).some((key) => {
      const [namespace, name = ""] = key.split("/")
      const claim = this.#o.store.get("PersistentVolumeClaim", namespace, name)
      return claim !== undefined && awaitsNode(claim)
    })
  }

  /** The pods that have mounted a claim. */
  usersOf(namespace: string, name: string): ReadonlyArray<string> {
    const key = `${namespace}/${name}`
    return [...this.#pods].flatMap(([uid, { claims }]) => (claims.includes(key) ? [uid] : []))
  }

  #claimsOf(pod: Pod, volumes: ReadonlyArray<JsonObject>): ReadonlyArray<string> {
    const { name, namespace = "" } = pod.metadata
    return volumes.flatMap((volume) => {
      const claim = claimNameOf(name, volume)
      return claim === undefined ? [] : [`${namespace}/${claim}`]
    })
  }

  #expand(pod: Pod, volume: JsonObject): void {
    const claimed = this.#claimed(pod, volume)
    if (claimed !== undefined) this.#o.expander.expand(pod, volume, claimed)
  }

  /** Is everything mounted that the pod wants? */
  areMounted(uid: string): boolean {
    const state = this.#pods.get(uid)
    return state?.mounted === true && state.failing.size === 0
  }

  /** WaitForUnmount: unmounting began when the last container was gone, at `since`. */
  whenUnmounted(pod: Pod, random: RandomStream, since: Instant, run: () => void): void {
    const { engine, profile } = this.#o
    const uid = pod.metadata.uid ?? ""
    const state = this.#pods.get(uid)
    for (const retry of state?.failing.values() ?? []) engine.cancel(retry)
    const done = later(since, quantile(profile.volumeUnmount, random.next()))
    if (state !== undefined) state.unmounted = done
    engine.schedule(`volumes/${uid}`, Math.max(done, engine.now) as Instant, () => this.#o.attached.release(uid))
    const missing = done - engine.now
    engine.after(`volumes/${uid}`, missing <= 0 ? 0 : Math.ceil(missing / POLL) * POLL, () => {
      this.#pods.delete(uid)
      run()
    })
  }

  /** Is nothing of that pod mounted (verifyVolumesUnmounted)? */
  areUnmounted(uid: string): boolean {
    const state = this.#pods.get(uid)
    return state === undefined || (state.unmounted !== undefined && state.unmounted <= this.#o.engine.now)
  }

  /** A container with these mounts was created: the runtime mounts nothing from nowhere. */
  containerCreated(pod: Pod, { volumeMounts = [] }: ContainerSpec): void {
    const mounted = new Set(volumeMounts.map(({ name }) => name))
    for (const volume of pod.spec.volumes ?? []) {
      const source = mounted.has(nameOf(volume)) ? hostPathOf(this.#mountable(pod, volume).source) : undefined
      if (source !== undefined) this.#make(source)
    }
  }

  /** The claim of a volume and what is bound to it, as the API server has them now. */
  #claimed(pod: Pod, volume: JsonObject): ClaimOfVolume | undefined {
    const { store } = this.#o
    const { name: podName, namespace = "" } = pod.metadata
    const name = claimNameOf(podName, volume)
    if (name === undefined) return undefined
    const claim = store.get("PersistentVolumeClaim", namespace, name)
    const bound = claim && store.get("PersistentVolume", undefined, volumeNameOf(claim))
    return { namespace, name, claim, volume: bound }
  }

  /** The name of a volume that has to be attached first. */
  #attachable(pod: Pod, volume: JsonObject): string | undefined {
    const claimed = this.#claimed(pod, volume)
    if (claimed !== undefined && claimed.volume === undefined) return undefined
    const driver = (name: string) => this.#o.store.get("CSIDriver", undefined, name)
    return attachableOf(volume, claimed?.volume, driver)?.uniqueName
  }

  #mountable(pod: Pod, volume: JsonObject): Mountable {
    return mountable(volume, this.#claimed(pod, volume)?.volume)
  }

  #problem(pod: Pod, what: Mountable): string | undefined {
    const { hostPaths, labels, objects, release } = this.#o
    const gitRepoDriver = release.minor < GIT_REPO_DISABLED_MINOR
    return mountProblem(what, { lookup: objects.lookup(pod), hostPaths, gitRepoDriver, labels: labels() })
  }

  /** Answers with what is in the way. */
  #setUp(pod: Pod, volume: JsonObject): string | undefined {
    const what = this.#mountable(pod, volume)
    const problem = this.#problem(pod, what)
    const source = hostPathOf(what.source)
    if (problem === undefined && source !== undefined && (source["type"] ?? "") !== "") this.#make(source)
    return problem
  }

  #make(source: JsonObject): void {
    const made = hostPathCreated(source, this.#o.hostPaths)
    if (made !== undefined) this.#o.hostPaths.set(...made)
  }

  #claimProblem(pod: Pod, volume: JsonObject): string | undefined {
    const claimed = this.#claimed(pod, volume)
    return claimed === undefined ? undefined : claimedVolumeProblem(volume, pod.spec, claimed)
  }

  /** The populator's errors end a wait at its next poll, with an Event of its own (K-330). */
  #refuse(pod: Pod, broken: ReadonlyArray<JsonObject>, state: PodVolumes, run: (failed: boolean) => void): Interrupt {
    const { engine, failedMount } = this.#o
    const wait = engine.after(`volumes/${pod.metadata.uid}`, state.populated ? 0 : POLL, () => {
      state.populated = true
      const problems = new Set(broken.flatMap((volume) => this.#claimProblem(pod, volume) ?? []))
      const names = broken.map(nameOf)
      failedMount(pod, cannotMount(names, names, [...problems].join("; ")))
      run(true)
    })
    return () => engine.cancel(wait)
  }

  /** Failing mounts are tried again behind the wait's back; it looks at every poll, and gives up without a word (T-39). */
  #waitFor(pod: Pod, broken: ReadonlyArray<JsonObject>, state: PodVolumes, run: (failed: boolean) => void): Interrupt {
    const { engine } = this.#o
    const since = engine.now
    const entity = `volumes/${pod.metadata.uid}`
    for (const volume of broken) this.#mountLater(pod, volume, state)
    let wait: Handle
    const poll = () => {
      if (state.failing.size === 0) {
        state.mounted = true
        return run(false)
      }
      if (engine.now - since >= TIMEOUT) return run(true)
      wait = engine.after(entity, POLL, poll)
    }
    wait = engine.after(entity, POLL, poll)
    return () => engine.cancel(wait)
  }

  #mountAgain(pod: Pod, volumes: ReadonlyArray<JsonObject>, state: PodVolumes): void {
    for (const volume of volumes) this.#expand(pod, volume)
    for (const volume of volumes)
      if (this.#problem(pod, this.#mountable(pod, volume)) !== undefined) this.#mountLater(pod, volume, state)
  }

  /** One volume's mount, at the reconciler's next loop and after each failure's back-off. */
  #mountLater(pod: Pod, volume: JsonObject, state: PodVolumes, backOff?: Micros): void {
    const { engine, failedMount } = this.#o
    const name = nameOf(volume)
    if (backOff === undefined && state.failing.has(name)) return
    const wait = backOff === undefined ? RECONCILER : Math.ceil(backOff / RECONCILER) * RECONCILER + RECONCILER
    const attempt = engine.after(`volumes/${pod.metadata.uid}/${name}`, wait, () => {
      const problem = this.#setUp(pod, volume)
      if (problem === undefined) return state.failing.delete(name)
      failedMount(pod, problem)
      return this.#mountLater(pod, volume, state, nextVolumeBackOff(backOff))
    })
    state.failing.set(name, attempt)
  }
}
