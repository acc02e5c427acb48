/** What reaches the machines of a cluster, beside its API: nodes that can be stopped, cut off, switched off and made to fail. */
import type { Intention, KubernetesObject, Network, Pressure } from "@kubereel/core"
import { type Effect, Schema } from "effect"

export class NodeDriverFailure extends Schema.TaggedError<NodeDriverFailure>()("NodeDriverFailure", {
  problem: Schema.String
}) {
  override get message() {
    return this.problem
  }
}

type Of<Tag extends Intention["_tag"]> = Extract<Intention, { readonly _tag: Tag }>

export interface KillTarget {
  readonly namespace: string
  readonly pod: string
  /** `(sandbox)`: the pod's own. */
  readonly container: string
  readonly signal: number
}

/** Calls of the kubelet to its runtime that fail from now on. */
export interface RuntimeFault {
  readonly call: Of<"Fault">["call"]
  /** A glob over names of pods. */
  readonly pod: string
  /** What the runtime says. */
  readonly message: string
  /** How long; absent: until the faults of the node are ended. */
  readonly seconds?: number
}

/** One thing that is done to a node, in the words of a scenario's steps. It is sent to a driver's program as it stands. */
export type NodeOrder =
  | { readonly node: string; readonly kubelet: "stop" | "start" | "restart" }
  | { readonly node: string; readonly power: "off" | "on" | "shutdown" }
  | { readonly node: string; readonly network: Network }
  /** All that the node runs short of from now on: bytes or processes that are left, or half of the kubelet's lowest threshold. */
  | { readonly node: string; readonly pressure: ReadonlyArray<Pressure> }
  /** All manifests of static pods that are there from now on. */
  | { readonly node: string; readonly staticPods: ReadonlyArray<KubernetesObject> }
  /** `null`: no call fails any more. */
  | { readonly node: string; readonly fault: RuntimeFault | null }
  /** A signal for the first process of a container. */
  | { readonly node: string; readonly kill: KillTarget }

/** What a driver is asked before a run. Where a pod will be that is killed is not known then. */
export type NodeQuestion =
  | Exclude<NodeOrder, { readonly kill: KillTarget }>
  | { readonly kill: KillTarget }
  /** Is the node yours? */
  | { readonly node: string }

/** Whoever has a driver for a cluster may do what they want with its nodes. */
export interface NodeDriver {
  /** Fails with the reason if that could not be done. */
  readonly check: (question: NodeQuestion) => Effect.Effect<void, NodeDriverFailure>
  /** Ends when it is done. */
  readonly act: (order: NodeOrder) => Effect.Effect<void, NodeDriverFailure>
}
