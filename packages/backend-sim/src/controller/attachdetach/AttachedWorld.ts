/** What the controller knows of volumes on nodes, and what it wants of them (`pkg/controller/volume/attachdetach/cache`). */
import type { Attachable, Instant, PodObject } from "@kubereel/core"

/** A volume that a node should have. */
export interface WantedVolume {
  readonly node: string
  readonly volume: Attachable
  readonly pods: Map<string, PodObject>
  multiAttachReported: boolean
}

/** A volume that a node has, or may have. */
export interface NodeVolume {
  readonly node: string
  volume: Attachable
  /** An attempt failed: nobody knows. */
  certain: boolean
  /** The node says that it is in use there. */
  mounted: boolean
  /** Since when it is no longer wanted there. */
  unwantedSince: Instant | undefined
  /** Does the Node tell of it? */
  reported: boolean
}

const keyOf = (volume: string, node: string): string => `${volume} ${node}`

export class AttachedWorld {
  readonly wanted = new Map<string, WantedVolume>()
  readonly actual = new Map<string, NodeVolume>()
  /** By pod, what is wanted for it. */
  readonly #byPod = new Map<string, Set<string>>()
  /** What each node says that is in use there. */
  readonly #inUse = new Map<string, ReadonlySet<string>>()
  /** Nodes whose status does not say yet what is attached. */
  readonly untold = new Set<string>()

  want(pod: PodObject, volume: Attachable): void {
    const [node, uid] = [pod.spec.nodeName ?? "", pod.metadata.uid ?? ""]
    const key = keyOf(volume.uniqueName, node)
    const known = this.wanted.get(key) ?? { node, volume, pods: new Map(), multiAttachReported: false }
    known.pods.set(uid, pod)
    this.wanted.set(key, known)
    this.#byPod.set(uid, (this.#byPod.get(uid) ?? new Set()).add(key))
  }

  /** The pod is through with its volumes, also with those whose claim is gone. `false`: it had none. */
  release({ metadata: { uid = "" } }: PodObject): boolean {
    const keys = this.#byPod.get(uid)
    if (keys === undefined) return false
    this.#byPod.delete(uid)
    for (const key of keys) {
      const known = this.wanted.get(key)
      known?.pods.delete(uid)
      if (known?.pods.size === 0) this.wanted.delete(key)
    }
    return true
  }

  isWanted({ node, volume }: NodeVolume): boolean {
    return this.wanted.has(keyOf(volume.uniqueName, node))
  }

  get(volume: Attachable, node: string): NodeVolume | undefined {
    return this.actual.get(keyOf(volume.uniqueName, node))
  }

  /** Other nodes that have it for certain. */
  others(volume: Attachable, node: string): ReadonlyArray<string> {
    return [...this.actual.values()].flatMap((one) =>
      one.certain && one.volume.uniqueName === volume.uniqueName && one.node !== node ? [one.node] : []
    )
  }

  podsOn(volume: Attachable, nodes: ReadonlyArray<string>): ReadonlyArray<PodObject> {
    return nodes.flatMap((node) => [...(this.wanted.get(keyOf(volume.uniqueName, node))?.pods.values() ?? [])])
  }

  mark(volume: Attachable, node: string, certain: boolean): void {
    const key = keyOf(volume.uniqueName, node)
    const mounted = this.#inUse.get(node)?.has(volume.uniqueName) === true
    const known = this.actual.get(key)
    this.actual.set(key, { node, volume, certain, mounted, unwantedSince: undefined, reported: certain })
    if (known?.reported !== certain) this.untold.add(node)
  }

  detached({ node, volume }: NodeVolume): void {
    this.actual.delete(keyOf(volume.uniqueName, node))
    this.untold.add(node)
  }

  /** SetVolumesMountedByNode. */
  setInUse(node: string, volumes: ReadonlySet<string>): void {
    this.#inUse.set(node, volumes)
    for (const one of this.actual.values()) if (one.node === node) one.mounted = volumes.has(one.volume.uniqueName)
  }

  /** What the Node's status should tell. */
  reportOf(node: string): ReadonlyArray<{ readonly name: string; readonly devicePath: string }> {
    return [...this.actual.values()].flatMap((one) =>
      one.node === node && one.reported ? [{ name: one.volume.uniqueName, devicePath: "" }] : []
    )
  }
}
