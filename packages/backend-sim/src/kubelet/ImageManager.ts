/** Whether a container's image is on the node, and how it comes there (`pkg/kubelet/images/image_manager.go`, EnsureImageExists; K-120). */
import { type ContainerSpec, formatDuration, type Pod } from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import { quantile } from "../profile/quantiles.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { recordContainerEvent } from "./podEvents.ts"
import type { StartFailure } from "./StartContainer.ts"

/** Every image is present (see `not simulated`); policy Always asks the registry all the same (K-120). `done` gets why there is none. */
export const ensureImageExists = (
  node: KubeletNode,
  pod: Pod,
  container: ContainerSpec,
  random: RandomStream,
  done: (failure?: StartFailure) => void
): void => {
  const event = (reason: string, message: string) =>
    recordContainerEvent(node, pod, container.name, { type: "Normal", reason, message })
  if (container.imagePullPolicy !== "Always") {
    event("Pulled", `Container image "${container.image}" already present on machine and can be accessed by the pod`)
    return done()
  }
  event("Pulling", `Pulling image "${container.image}"`)
  const takes = quantile(node.profile.imageCheck, random.next())
  node.engine.after(`image/${pod.metadata.uid}`, takes, () => {
    const size = node.images.size(container.image)
    const took = formatDuration(takes - (takes % 1_000))
    event(
      "Pulled",
      `Successfully pulled image "${container.image}" in ${took} (${took} including waiting). Image size: ${size} bytes.`
    )
    done()
  })
}
