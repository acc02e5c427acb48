/**
 * The pods whose manifests lie in a directory of the node, and their mirrors in the API (`pkg/kubelet/config/file.go`,
 * `pkg/kubelet/kubelet.go`, tryReconcileMirrorPods; K-310…K-315).
 */
import {
  type Instant,
  isMirrorPodOf,
  type KubernetesObject,
  later,
  mirrorPodOf,
  type NodeObject,
  type Pod,
  type PodObject,
  parsePod,
  SECOND,
  staticPodOf
} from "@kubereel/core"
import type { Change } from "../apiserver/Store.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { quantile } from "../profile/quantiles.ts"
import type { KubeletApi } from "./KubeletApi.ts"
import type { PodWorker } from "./PodWorker.ts"

/** How often HandlePodCleanups looks for mirrors of pods that are gone. */
const HOUSEKEEPING = 2 * SECOND

export interface StaticPodsOptions {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
  readonly profile: NodeProfile
  readonly name: string
  readonly api: Pick<KubeletApi, "getPod" | "createPod" | "deletePod">
  /** Can the API server be reached? */
  readonly reachable: () => boolean
  readonly getNode: () => NodeObject | undefined
  readonly added: (pod: PodObject) => void
  readonly removed: (pod: PodObject) => void
  readonly worker: (uid: string) => PodWorker | undefined
  /** That is what the API shows of a static pod. */
  readonly heard: (shown: Pod) => void
}

const fullName = ({ metadata }: Pick<PodObject, "metadata">): string => `${metadata.name}_${metadata.namespace}`

export class StaticPods {
  readonly #o: StaticPodsOptions
  readonly #phase: Instant
  readonly #pods = new Map<string, PodObject>()
  /** Which pod of a name has begun: the next one of that name waits for its end (K-315). */
  readonly #started = new Map<string, string>()

  constructor(options: StaticPodsOptions) {
    this.#o = options
    this.#phase = later(options.engine.now, -Math.floor(options.random.next() * HOUSEKEEPING))
  }

  /** From now on these manifests are all that the directory holds. */
  place(manifests: ReadonlyArray<KubernetesObject>): void {
    const { engine, entity, name } = this.#o
    const pods = manifests.map((manifest) => staticPodOf(manifest, name, engine.now))
    engine.after(entity, this.#draw("watch"), () => {
      const wanted = new Set(pods.map(({ metadata }) => metadata.uid ?? ""))
      for (const [uid, pod] of this.#pods) if (!wanted.has(uid)) this.#remove(uid, pod)
      for (const pod of pods) this.#add(pod)
    })
  }

  has(uid: string): boolean {
    return this.#pods.has(uid)
  }

  /** What happens to a mirror is news for its static pod (GetPodAndMirrorPod); `same`: but for its status. */
  hear(mirror: PodObject, change: Change, same: boolean): void {
    const uid = this.#podOf(mirror)?.metadata.uid
    if (uid === undefined) return this.#sweep(mirror)
    if (!same || change === "DELETED") this.#o.worker(uid)?.update()
    const shown = parsePod(mirror)
    if (change !== "DELETED") this.#o.heard({ ...shown, metadata: { ...shown.metadata, uid } })
  }

  /** May this pod begin, or does another of its name still run? */
  mayStart(pod: Pod): boolean {
    const uid = pod.metadata.uid ?? ""
    if (!this.#pods.has(uid)) return true
    const name = fullName(pod)
    const before = this.#started.get(name)
    if (before !== undefined && before !== uid && this.#busy(before)) return false
    this.#started.set(name, uid)
    return true
  }

  /** Part of every sync of a static pod: its mirror is there and is its own. */
  reconcile(pod: Pod, done: () => void): void {
    const own = this.#pods.get(pod.metadata.uid ?? "")
    const node = this.#o.getNode()
    if (own === undefined || node === undefined || !this.#o.reachable()) return done()
    const { api, engine, entity } = this.#o
    const mirror = api.getPod(own.metadata.namespace ?? "", own.metadata.name)
    const stale =
      mirror !== undefined && (mirror.metadata.deletionTimestamp !== undefined || !isMirrorPodOf(mirror, own))
    if (mirror !== undefined && !stale) return done()
    engine.after(entity, this.#draw("apiWrite"), () => {
      const create = () => api.createPod(mirrorPodOf(own, node), own.metadata.namespace ?? "", done)
      if (stale) this.#deleteMirror(mirror, create)
      else create()
    })
  }

  /** The pod of a mirror may be gone: housekeeping takes the mirror away once nothing of the pod is left (K-314). */
  #sweep(mirror: PodObject): void {
    const { api, engine, entity } = this.#o
    const rounds = Math.floor((engine.now - this.#phase) / HOUSEKEEPING) + 1
    engine.schedule(entity, later(this.#phase, rounds * HOUSEKEEPING), () => {
      const there = api.getPod(mirror.metadata.namespace ?? "", mirror.metadata.name)
      if (there === undefined || there.metadata.uid !== mirror.metadata.uid || this.#podOf(there) !== undefined) return
      const last = this.#started.get(fullName(there))
      if (!this.#o.reachable() || (last !== undefined && this.#busy(last))) return this.#sweep(mirror)
      this.#deleteMirror(there)
    })
  }

  #podOf(mirror: PodObject): PodObject | undefined {
    return [...this.#pods.values()].find((pod) => fullName(pod) === fullName(mirror))
  }

  #busy(uid: string): boolean {
    return this.#o.worker(uid)?.finished === false
  }

  #add(pod: PodObject): void {
    const uid = pod.metadata.uid ?? ""
    if (this.#pods.has(uid)) return
    this.#pods.set(uid, pod)
    this.#o.added(pod)
  }

  #remove(uid: string, pod: PodObject): void {
    this.#pods.delete(uid)
    this.#o.removed(pod)
    const mirror = this.#o.api.getPod(pod.metadata.namespace ?? "", pod.metadata.name)
    if (mirror !== undefined) this.#sweep(mirror)
  }

  #deleteMirror({ metadata }: PodObject, then: () => void = () => undefined): void {
    const found = this.#o.api.getPod(metadata.namespace ?? "", metadata.name)
    if (found === undefined) return then()
    const options = { gracePeriodSeconds: 0, preconditions: { uid: metadata.uid ?? "" } }
    this.#o.api.deletePod(found, options, then)
  }

  #draw(what: "apiWrite" | "watch"): number {
    return quantile(this.#o.profile[what], this.#o.random.next())
  }
}
