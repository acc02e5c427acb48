/**
 * The API server as one kubelet asks it. Reads are of what is known here. A write's answer comes by `then`: at once where the server is
 * simulated, when there is one where it is real; writes of one object keep their order (docs/adr/0021-a-kubelet-asks-and-is-answered.md).
 */
import type { DeleteOptions, JsonObject, KubernetesObject, NodeObject, PodObject } from "@kubereel/core"
import type { Answered, EventSink } from "../client/EventSink.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"

/** What a part of a kubelet works with. */
export interface KubeletPart {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
}

/** What keeps a node's Lease. */
export interface LeaseKeeper {
  /** The API server can no longer be reached. */
  cut(): void
  /** It can be reached: whoever has tried in vain tries again some time. */
  connected(): void
  /** The process ends; the lease stays and runs out. */
  stop(): void
}

export interface KubeletApi {
  getPod(namespace: string, name: string): PodObject | undefined
  /** POST. `namespace`: of the request. */
  createPod(manifest: KubernetesObject, namespace: string, then: Answered): void
  /** The `status` subresource. `written`: the stored object, `undefined` if it was not stored. */
  updatePodStatus(pod: PodObject, status: JsonObject, then: (written: PodObject | undefined) => void): void
  /** DELETE, as far as it goes at once: the object may stay for its grace period. */
  deletePod(pod: PodObject, options: DeleteOptions, then: Answered): void
  /** PATCH of a claim's status, as a merge; nothing comes of it if the claim is gone. */
  patchClaimStatus(namespace: string, name: string, status: JsonObject): void
  /** POST of the Node of a kubelet of that boot; `undefined`: it was not made. */
  register(bootID: string, then: (node: KubernetesObject | undefined) => void): void
  /** The `status` subresource of its Node; `false`: it was not stored. */
  updateNodeStatus(node: NodeObject, status: JsonObject, then: (stored: boolean) => void): void
  events(part: KubeletPart): EventSink
  /** `up`: of a kubelet that is long up, whose lease is there already. */
  lease(part: KubeletPart, reachable: () => boolean, up: boolean): LeaseKeeper
}
