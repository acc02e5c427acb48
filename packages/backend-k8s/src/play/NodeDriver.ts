/** What reaches the machines of a cluster, beside its API: nodes that can be stopped, cut off and switched off. */
import { type Effect, Schema } from "effect"

export class NodeDriverFailure extends Schema.TaggedError<NodeDriverFailure>()("NodeDriverFailure", {
  problem: Schema.String
}) {
  override get message() {
    return this.problem
  }
}

/** What is done to a node, in the words of a scenario's `node` step. */
export type NodeAction =
  | { readonly part: "kubelet"; readonly does: "stop" | "start" | "restart" }
  | { readonly part: "power"; readonly does: "off" | "on" }
  | { readonly part: "network"; readonly does: "cut" | "heal" }

export interface KillTarget {
  readonly namespace: string
  readonly pod: string
  /** `(sandbox)`: the pod's own. */
  readonly container: string
  readonly signal: number
}

/** Each effect ends when the thing is done. Whoever has a driver for a cluster may do what they want with its nodes. */
export interface NodeDriver {
  /** The nodes that it reaches. */
  readonly nodes: ReadonlyArray<string>
  readonly act: (node: string, action: NodeAction) => Effect.Effect<void, NodeDriverFailure>
  /** A signal for the first process of a container. */
  readonly kill: (node: string, target: KillTarget) => Effect.Effect<void, NodeDriverFailure>
}
