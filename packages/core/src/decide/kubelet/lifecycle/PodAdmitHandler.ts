/** The one shape of the kubelet's admission rules (`pkg/kubelet/lifecycle/interfaces.go`, PodAdmitHandler; K-300). */
import type { PodObject } from "../../../event/KubernetesObject.ts"
import type { NodeObject } from "../../scheduler/NodeInfo.ts"
import type { Resources } from "../../scheduler/Resources.ts"

/** What pods of a node take of it together. */
export interface Taken {
  readonly requested: Resources
  readonly pods: number
}

export interface PodAdmitAttributes {
  readonly pod: PodObject
  /** The node's other pods that are alive, as allocated. */
  readonly otherPods: () => ReadonlyArray<PodObject>
  /** They take no more than this; absent: who wants to know has to ask them all. */
  readonly takenByOthers?: Taken | undefined
  /** As the kubelet knows it; `undefined`: it has not heard of its own node. */
  readonly node: NodeObject | undefined
  /** The node's conditions of pressure, as the eviction manager holds them: `MemoryPressure`, … */
  readonly pressure: ReadonlyArray<string>
  /** The machine has announced that it goes down, and the kubelet holds that up. */
  readonly shuttingDown: boolean
}

/** Why the pod may not run here: the Event's words, and the status's. */
export interface Refusal {
  readonly _tag: "Refusal"
  readonly reason: string
  readonly message: string
}

/** A critical pod fits once these are gone (K-290). */
export interface Preemption {
  readonly _tag: "Preemption"
  readonly victims: ReadonlyArray<PodObject>
}

/** `undefined`: nothing to say against the pod. */
export type PodAdmitHandler = (attributes: PodAdmitAttributes) => Refusal | Preemption | undefined

export const refusal = (reason: string, message: string): Refusal => ({ _tag: "Refusal", reason, message })
