/**
 * The images of a pod's image volumes, one after another and again in every sync, with Events about the pod
 * (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, getImageVolumes; K-332).
 */
import { type ImageFailure, type ImageVolumeFailures, imageVolumes, type KubernetesObject } from "@kubereel/core"
import { Result } from "effect"
import type { PodContext } from "./KubeletNode.ts"
import { recordPodEvent } from "./podEvents.ts"

export interface ImageVolumesContext extends PodContext {
  readonly pullSecrets: ReadonlyArray<KubernetesObject>
}

/** `done` gets those whose image is not there. */
export const getImageVolumes = (
  { node, pod, pullSecrets, random }: ImageVolumesContext,
  done: (failures: ImageVolumeFailures) => void
): void => {
  const failures = new Map<string, ImageFailure>()
  const volumes = node.release.gates.ImageVolume ? imageVolumes(pod.spec) : []
  const ensure = (index: number): void => {
    const volume = volumes[index]
    if (volume === undefined) return done(failures)
    node.images.ensureImageExists(
      {
        podUID: pod.metadata.uid ?? "",
        image: volume.reference,
        policy: volume.pullPolicy,
        pullSecrets,
        random,
        release: node.release,
        event: (words) => recordPodEvent(node, pod, words)
      },
      (outcome) => {
        if (Result.isFailure(outcome)) failures.set(volume.name, outcome.failure)
        ensure(index + 1)
      }
    )
  }
  ensure(0)
}
