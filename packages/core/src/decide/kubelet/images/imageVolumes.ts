/**
 * Volumes whose content is an image (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, getImageVolumes and
 * toKubeContainerImageVolumes; K-332, K-387). Their images are asked for in every sync, in the order of the spec; who fails for it
 * is decided late: only the containers that mount them.
 */
import type { ContainerSpec, PodSpec } from "../../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../../apiserver/fields.ts"
import type { ImageFailure } from "./imageWords.ts"

export interface ImageVolume {
  readonly name: string
  readonly reference: string
  readonly pullPolicy: string
}

export const imageVolumes = (spec: PodSpec): ReadonlyArray<ImageVolume> =>
  entries(spec, "volumes")
    .filter(({ image }) => image !== undefined)
    .map((volume) => {
      const source = mapping(volume, "image")
      return {
        name: text(volume, "name"),
        reference: text(source, "reference"),
        pullPolicy: text(source, "pullPolicy")
      }
    })

/** By name of the volume, those whose image is not there. */
export type ImageVolumeFailures = ReadonlyMap<string, ImageFailure>

/** One for each mount, in order; the last one is what the container is said to wait for. */
export const imageVolumeFailures = (
  container: ContainerSpec,
  failures: ImageVolumeFailures
): ReadonlyArray<ImageFailure> =>
  entries(container, "volumeMounts").flatMap((mount) => failures.get(text(mount, "name")) ?? [])
