/** The simulated API server as a kubelet asks it: whatever it asks is answered at once. */
import type { DeleteOptions, JsonObject, KubernetesObject, NodeObject, PodObject } from "@kubereel/core"
import type { ApiServer } from "../apiserver/ApiServer.ts"
import type { Store } from "../apiserver/Store.ts"
import { updateBy } from "../apiserver/writes.ts"
import { type Answered, type EventSink, StoreEvents } from "../client/EventSink.ts"
import type { Engine } from "../engine/Engine.ts"
import type { KubeletApi, KubeletPart, LeaseKeeper } from "./KubeletApi.ts"
import { NodeLease } from "./NodeLease.ts"

export interface SimulatedApiOptions {
  readonly engine: Engine
  readonly api: ApiServer
  readonly store: Store
  /** Of the node. */
  readonly name: string
  /** Makes the Node of a kubelet of that boot. */
  readonly register: (bootID: string) => KubernetesObject
}

export class SimulatedApi implements KubeletApi {
  readonly #o: SimulatedApiOptions

  constructor(options: SimulatedApiOptions) {
    this.#o = options
  }

  getPod(namespace: string, name: string): PodObject | undefined {
    return this.#o.api.getPod(namespace, name)
  }

  createPod(manifest: KubernetesObject, namespace: string, then: Answered): void {
    then(this.#o.api.create(manifest, namespace, "kubelet"))
  }

  updatePodStatus(pod: PodObject, status: JsonObject, then: (written: PodObject | undefined) => void): void {
    then(this.#o.api.updatePodStatus(pod, status))
  }

  deletePod(pod: PodObject, options: DeleteOptions, then: Answered): void {
    then(this.#o.api.deletePod(pod, options))
  }

  patchClaimStatus(namespace: string, name: string, status: JsonObject): void {
    const of = { kind: "PersistentVolumeClaim", namespace, name }
    this.#o.api.patch(of, "status", { type: "merge", body: { status } }, "kubelet")
  }

  register(bootID: string, then: (node: KubernetesObject | undefined) => void): void {
    then(this.#o.register(bootID))
  }

  updateNodeStatus(node: NodeObject, status: JsonObject, then: (stored: boolean) => void): void {
    const { engine, store } = this.#o
    const now = engine.trueTime(engine.now)
    updateBy(store, node, { ...node, status }, { manager: "kubelet", subresource: "status", now })
    then(true)
  }

  events({ engine, random }: KubeletPart): EventSink {
    return new StoreEvents({ engine, random, store: this.#o.store, manager: "kubelet" })
  }

  lease(part: KubeletPart, reachable: () => boolean, up: boolean): LeaseKeeper {
    const { name, store } = this.#o
    return new NodeLease({ ...part, store, name, reachable }, up)
  }
}
