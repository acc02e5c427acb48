/** What a node's kubelet answers at its own port (`pkg/kubelet/server/server.go`). */
import type { PodObject } from "../event/KubernetesObject.ts"
import type { ServedPods } from "./ServedCluster.ts"

export interface ServedKubelet {
  /** Of the node. */
  readonly name: string
  /** `false`: nobody takes a connection now: it does not run, or nothing gets to it. */
  readonly answers: () => boolean
  /** Those that are bound to the node. */
  readonly pods: () => Promise<ReadonlyArray<PodObject>>
  /** Of any of these pods. */
  readonly of: Required<ServedPods>
}
