/** A node that has the images already is better, the more so the larger they are (`pkg/scheduler/framework/plugins/imagelocality`). */
import type { PodObject } from "../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../apiserver/fields.ts"
import type { ImageState } from "./ImageStates.ts"
import { MAX_NODE_SCORE, type ScorePlugin } from "./Plugin.ts"

const MB = 1024 * 1024
/** Less is not worth the way. */
const MIN_THRESHOLD = 23 * MB
/** More than that of a container's images makes no difference. */
const MAX_CONTAINER_THRESHOLD = 1_000 * MB

/** The name as the runtime knows it (normalizedImageName). */
const normalized = (name: string): string => (name.lastIndexOf(":") <= name.lastIndexOf("/") ? `${name}:latest` : name)

const imagesOf = ({ spec }: PodObject): ReadonlyArray<string> => [
  ...(spec.initContainers ?? []).map(({ image }) => image ?? ""),
  ...spec.containers.map(({ image }) => image ?? ""),
  ...entries(spec, "volumes").flatMap((volume) =>
    volume["image"] === undefined ? [] : [text(mapping(volume, "image"), "reference")]
  )
]

/** calculatePriority: `bytes` of images, weighed by how many nodes have them. */
const priority = (bytes: number, containers: number): number => {
  const most = MAX_CONTAINER_THRESHOLD * containers
  const counted = bytes < MIN_THRESHOLD ? MIN_THRESHOLD : Math.min(bytes, most)
  return Math.trunc((MAX_NODE_SCORE * (counted - MIN_THRESHOLD)) / (most - MIN_THRESHOLD))
}

export const imageLocality: ScorePlugin = {
  name: "ImageLocality",
  weight: 1,
  prepare: ({ cluster, pod: { pod } }) => {
    const states = imagesOf(pod)
      .map((name) => cluster.images.get(normalized(name)))
      .filter((state): state is ImageState => state !== undefined)
    if (states.length === 0) return undefined
    const scaled = states.map(({ nodes, size }) => ({
      nodes,
      bytes: Math.trunc(size * (nodes.size / cluster.nodes.length))
    }))
    const containers = (pod.spec.initContainers?.length ?? 0) + pod.spec.containers.length
    return {
      score: ({ slot }) => {
        let sum = 0
        for (const { bytes, nodes } of scaled) if (nodes.has(slot)) sum += bytes
        return priority(sum, containers)
      }
    }
  }
}
