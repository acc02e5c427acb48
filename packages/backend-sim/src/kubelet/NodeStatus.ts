/** Reports the node's conditions of pressure (`pkg/kubelet/kubelet_node_status.go`, syncNodeStatus; K-340, K-341). */
import {
  type Instant,
  type JsonObject,
  type KubernetesObject,
  later,
  type NodeObject,
  pressureConditions,
  SECOND
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"
import type { Handle } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import { quantile } from "../profile/quantiles.ts"
import type { KubeletNode } from "./KubeletNode.ts"

/** `nodeStatusUpdateFrequency`. */
const PERIOD = 10 * SECOND

export interface NodeStatusOptions {
  readonly node: KubeletNode
  readonly entity: string
  readonly random: RandomStream
  readonly store: Store
  readonly getNode: () => NodeObject | undefined
  readonly pressure: () => ReadonlyArray<string>
}

export class NodeStatus {
  readonly #o: NodeStatusOptions
  readonly #phase: Instant
  #scheduled: Handle | undefined

  constructor(options: NodeStatusOptions) {
    this.#o = options
    this.#phase = later(options.node.engine.now, -Math.floor(options.random.next() * PERIOD))
  }

  /** Something has changed that the next round will report. */
  changed(): void {
    if (this.#scheduled !== undefined) return
    const { entity, node, random } = this.#o
    const rounds = Math.floor((node.engine.now - this.#phase) / PERIOD) + 1
    const at = later(this.#phase, rounds * PERIOD + quantile(node.profile.apiWrite, random.next()))
    this.#scheduled = node.engine.schedule(entity, at, () => this.#report())
  }

  stop(): void {
    if (this.#scheduled !== undefined) this.#o.node.engine.cancel(this.#scheduled)
  }

  #report(): void {
    this.#scheduled = undefined
    const { getNode, node, pressure, store } = this.#o
    const object = getNode()
    if (object === undefined) return
    const before = (object.status["conditions"] ?? []) as ReadonlyArray<JsonObject>
    const { conditions, events } = pressureConditions(before, pressure(), node.engine.now)
    for (const reason of events) this.#record(object.metadata.name, reason)
    if (events.length > 0)
      store.update({ ...object, status: { ...object.status, conditions } } as unknown as KubernetesObject)
  }

  #record(name: string, reason: string): void {
    this.#o.node.events.record({
      subject: { kind: "Node", namespace: "", name, uid: "", resourceVersion: undefined, fieldPath: undefined },
      type: "Normal",
      reason,
      message: `Node ${name} status is now: ${reason}`
    })
  }
}
