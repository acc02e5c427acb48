/** The API server as the clients of pods use it. */
import type { Answer, DeleteOptions, JsonObject, KubernetesObject, PodObject } from "@kubereel/core"

export interface PodApi {
  getPod(namespace: string, name: string): PodObject | undefined
  /** POST. `namespace`: of the request. */
  createPod(manifest: KubernetesObject, namespace: string): Answer
  /** The `status` subresource; answers with the stored object, which is `pod` itself when nothing changed. */
  updatePodStatus(pod: PodObject, status: JsonObject): PodObject
  /** PATCH of a claim's status, as a merge; nothing comes of it if the claim is gone. */
  patchClaimStatus(namespace: string, name: string, status: JsonObject): void
  /** DELETE, as far as it goes at once: the object may stay for its grace period. */
  deletePod(pod: PodObject, options: DeleteOptions): Answer
}
