/** Pods from manifests on the node, and their pictures in the API (`pkg/kubelet/config/common.go`, `pkg/kubelet/pod/mirror_client.go`; K-310, K-311). */
import { type Instant, toTime } from "../../../event/Instant.ts"
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject, PodSpec, Toleration } from "../../../event/KubernetesObject.ts"
import { sha256Hex } from "../../../event/sha256.ts"
import { encodeObject } from "../../apiserver/encodeObject.ts"
import { defaultPodSpec } from "../../apiserver/podDefaults.ts"
import { CONFIG_HASH, CONFIG_MIRROR, CONFIG_SEEN, CONFIG_SOURCE } from "../criticalPod.ts"

/** Problems of the node do not drive a static pod away. */
const STAYS: Toleration = { operator: "Exists", effect: "NoExecute" }

const withToleration = (tolerations: ReadonlyArray<Toleration> = []): ReadonlyArray<Toleration> =>
  tolerations.some((one) => jsonEqual(one, STAYS)) ? tolerations : [...tolerations, STAYS]

/** The pod that a manifest makes on a node. Another manifest, were it of the same name, makes another pod. */
export const staticPodOf = (manifest: KubernetesObject, node: string, now: Instant): PodObject => {
  const uid = sha256Hex(`${JSON.stringify(manifest)}host:${node}`).slice(0, 32)
  const { metadata } = manifest
  const given = manifest["spec"] as unknown as PodSpec
  const spec = defaultPodSpec({
    ...given,
    nodeName: node,
    tolerations: withToleration(given.tolerations)
  } as JsonObject)
  const annotations = {
    ...metadata.annotations,
    [CONFIG_HASH]: uid,
    [CONFIG_SEEN]: toTime(now),
    [CONFIG_SOURCE]: "file"
  }
  const made = {
    kind: "Pod",
    apiVersion: "v1",
    metadata: {
      ...metadata,
      name: `${metadata.name}-${node.toLowerCase()}`,
      namespace: metadata.namespace ?? "default",
      uid,
      annotations
    },
    spec,
    status: { phase: "Pending" }
  }
  return encodeObject("Pod", made) as PodObject
}

/** What the kubelet posts to the API; the server gives it a UID of its own. */
export const mirrorPodOf = (pod: PodObject, node: KubernetesObject): KubernetesObject => {
  const { uid: _, ...metadata } = pod.metadata
  const owner = {
    apiVersion: "v1",
    kind: "Node",
    name: node.metadata.name,
    uid: node.metadata.uid ?? "",
    controller: true
  }
  return {
    ...pod,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [CONFIG_MIRROR]: metadata.annotations?.[CONFIG_HASH] ?? "" },
      ownerReferences: [owner]
    }
  } as KubernetesObject
}

/** Is that the picture of this static pod, and not of an earlier manifest? (`pkg/kubelet/pod/pod_manager.go`, IsMirrorPodOf) */
export const isMirrorPodOf = (mirror: Pick<PodObject, "metadata">, pod: Pick<PodObject, "metadata">): boolean => {
  const hash = pod.metadata.annotations?.[CONFIG_HASH]
  // Two lives of a name that have no hash are not each other's mirror.
  return (
    hash !== undefined &&
    mirror.metadata.annotations?.[CONFIG_MIRROR] === hash &&
    mirror.metadata.name === pod.metadata.name &&
    mirror.metadata.namespace === pod.metadata.namespace
  )
}
