/** The node's part when a volume has grown: its file system (`pkg/volume/util/operationexecutor/node_expander.go`; the reconciler begins it, `pkg/kubelet/volumemanager/reconciler`). */
import {
  awaitsNode,
  type ClaimOfVolume,
  expansionEnds,
  isJsonObject,
  type JsonObject,
  type KubernetesObject,
  MILLISECOND,
  type Micros,
  nodeExpansionBegins,
  type Pod,
  specOf
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { quantile } from "../profile/quantiles.ts"
import type { KubeletApi } from "./KubeletApi.ts"

/** The reconciler's loop. */
const RECONCILER: Micros = 100 * MILLISECOND

export interface NodeExpanderOptions {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
  readonly profile: NodeProfile
  readonly api: Pick<KubeletApi, "patchClaimStatus">
  readonly store: Store
  readonly node: string
  readonly reachable: () => boolean
  /** Normal FileSystemResizeSuccessful, about the pod and about its claim. */
  readonly succeeded: (pod: Pod, claim: KubernetesObject, message: string) => void
}

export class NodeExpander {
  readonly #o: NodeExpanderOptions
  /** Claims whose volume is just being expanded. */
  readonly #busy = new Set<string>()

  constructor(options: NodeExpanderOptions) {
    this.#o = options
  }

  /** checkVolumeFSResize: of one of the pod's volumes that has grown, unless the pod only reads it or it is done just now. */
  expand(pod: Pod, { persistentVolumeClaim: source }: JsonObject, { claim, volume }: ClaimOfVolume): void {
    const uid = claim?.metadata.uid ?? ""
    const isReadOnly = isJsonObject(source) && source["readOnly"] === true
    if (claim === undefined || volume === undefined || isReadOnly || !awaitsNode(claim) || this.#busy.has(uid)) return
    this.#busy.add(uid)
    const { engine, entity, profile, random } = this.#o
    const request = () => quantile(profile.apiWrite, random.next())
    engine.after(entity, RECONCILER + request(), () => {
      if (!this.#write(claim, () => nodeExpansionBegins)) return this.#busy.delete(uid)
      return engine.after(entity, request(), () => this.#finish(pod, claim, volume))
    })
  }

  #finish(pod: Pod, claim: KubernetesObject, volume: KubernetesObject): void {
    const { node, succeeded } = this.#o
    const message = `MountVolume.NodeExpandVolume succeeded for volume ${JSON.stringify(volume.metadata.name)} ${node}`
    succeeded(pod, claim, message)
    const { capacity } = specOf(volume) as { readonly capacity: { readonly storage: string } }
    this.#write(claim, (newest) => expansionEnds(newest, capacity.storage))
    this.#busy.delete(claim.metadata.uid ?? "")
  }

  /** `false`: nobody could be asked, or the claim is another one. */
  #write(claim: KubernetesObject, statusOf: (newest: KubernetesObject) => ReturnType<typeof expansionEnds>): boolean {
    const { api, reachable, store } = this.#o
    const { name, namespace = "", uid } = claim.metadata
    const newest = reachable() ? store.get(claim.kind, namespace, name) : undefined
    if (newest === undefined || newest.metadata.uid !== uid) return false
    api.patchClaimStatus(namespace, name, statusOf(newest))
    return true
  }
}
