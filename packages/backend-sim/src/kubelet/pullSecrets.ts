/** The pull secrets of a pod, as far as they are there (`pkg/kubelet/kubelet_pods.go`, getPullSecretsForPod); asked for in every sync. */
import { type KubernetesObject, type ObjectReference, objectReferences, type Pod } from "@kubereel/core"
import type { KubeletNode } from "./KubeletNode.ts"
import { recordPodEvent } from "./podEvents.ts"

const namesOf = ({ spec }: Pod): ReadonlyArray<ObjectReference> => {
  const imagePullSecrets = spec.imagePullSecrets ?? []
  return objectReferences({ containers: [], imagePullSecrets })
}

const none: ReadonlyArray<KubernetesObject> = []

export const pullSecretsOf = (node: KubeletNode, pod: Pod): ReadonlyArray<KubernetesObject> => {
  if (pod.spec.imagePullSecrets === undefined) return none
  const lookup = node.objects.lookup(pod)
  const found = namesOf(pod).map(({ kind, name }) => ({ name, secret: lookup(kind, name) }))
  const missing = found.filter(({ secret }) => secret === undefined).map(({ name }) => name)
  if (missing.length > 0) {
    const message = `Unable to retrieve some image pull secrets (${missing.join(", ")}); attempting to pull the image may not succeed.`
    recordPodEvent(node, pod, { type: "Warning", reason: "FailedToRetrieveImagePullSecret", message })
  }
  return found.flatMap(({ secret }) => secret ?? [])
}
