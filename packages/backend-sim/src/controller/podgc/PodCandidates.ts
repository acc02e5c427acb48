/** Pods that the pod garbage collector may have to take, kept as pods and nodes come and go. */
import {
  hasEnded,
  isNode,
  isOutOfService,
  isPod,
  isUnscheduledTerminating,
  type NodeObject,
  type PodObject,
  readyStatus
} from "@kubereel/core"
import type { SharedInformers } from "../../client/SharedInformers.ts"
import { indexPodsByNode, keyOf, podsOnNode, splitKey } from "../keys.ts"

const isAbandoned = (node: NodeObject): boolean => readyStatus(node) !== "True" && isOutOfService(node)

/** Deleting it once more changes nothing: only its finalizers keep it. */
const isHeldOnly = (pod: PodObject): boolean => hasEnded(pod) && pod.metadata.deletionGracePeriodSeconds === 0

export class PodCandidates {
  readonly #informers: SharedInformers
  readonly #ended = new Set<string>()
  readonly #unscheduled = new Set<string>()
  /** Nodes that pods name and that are not there. */
  readonly #missing = new Set<string>()
  /** Nodes that are not ready and said to be out of service. */
  readonly #abandoned = new Set<string>()

  /** `changed`: somebody may have to be taken now. */
  constructor(informers: SharedInformers, changed: () => void) {
    this.#informers = informers
    indexPodsByNode(informers)
    informers.on("Node", {
      added: (node) => this.#nodeThere(node, changed),
      updated: (node) => this.#nodeThere(node, changed),
      deleted: ({ metadata: { name } }) => {
        this.#abandoned.delete(name)
        if (podsOnNode(informers, name).length > 0) this.#missing.add(name)
        changed()
      }
    })
    informers.on("Pod", {
      added: (pod) => this.#podThere(pod, changed),
      updated: (pod) => this.#podThere(pod, changed),
      deleted: (pod) => {
        this.#ended.delete(keyOf(pod))
        this.#unscheduled.delete(keyOf(pod))
      }
    })
  }

  get missingNodes(): ReadonlyArray<string> {
    return [...this.#missing].filter((node) => podsOnNode(this.#informers, node).length > 0)
  }

  get ended(): ReadonlyArray<PodObject> {
    return this.#podsOf(this.#ended)
  }

  get endedCount(): number {
    return this.#ended.size
  }

  get unscheduled(): ReadonlyArray<PodObject> {
    return this.#podsOf(this.#unscheduled)
  }

  /** Those that are being deleted on nodes that are out of service. */
  get outOfService(): ReadonlyArray<PodObject> {
    return [...this.#abandoned].flatMap((node) =>
      podsOnNode(this.#informers, node).filter(
        (pod) => pod.metadata.deletionTimestamp !== undefined && !isHeldOnly(pod)
      )
    )
  }

  #podsOf(keys: ReadonlySet<string>): ReadonlyArray<PodObject> {
    return [...keys].flatMap((key) => this.#informers.get("Pod", ...splitKey(key)) ?? []).filter(isPod)
  }

  #nodeThere(node: object, changed: () => void): void {
    const found = node as NodeObject
    if (!isNode(found)) return
    const { name } = found.metadata
    this.#missing.delete(name)
    if (!isAbandoned(found)) return void this.#abandoned.delete(name)
    this.#abandoned.add(name)
    changed()
  }

  #podThere(object: object, changed: () => void): void {
    const pod = object as PodObject
    if (!isPod(pod)) return
    const [key, { nodeName = "" }] = [keyOf(pod), pod.spec]
    if (hasEnded(pod)) this.#ended.add(key)
    const unscheduled = isUnscheduledTerminating(pod) && !isHeldOnly(pod)
    if (unscheduled) this.#unscheduled.add(key)
    else this.#unscheduled.delete(key)
    const orphaned = nodeName !== "" && this.#informers.get("Node", undefined, nodeName) === undefined
    if (orphaned) this.#missing.add(nodeName)
    const leaving = pod.metadata.deletionTimestamp !== undefined && this.#abandoned.has(nodeName)
    if (orphaned || unscheduled || leaving || hasEnded(pod)) changed()
  }
}
