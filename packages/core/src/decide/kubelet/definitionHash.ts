/** What of a container's spec makes another container of it when it changes (`pkg/kubelet/container/helpers.go`, HashContainer; K-073). */
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { RuntimeContainer } from "./RuntimeStatus.ts"

/** Name and image only. It is compared, never shown: the fields themselves serve as well as Kubernetes' number. */
export const definitionHash = ({ image, name }: Pick<ContainerSpec, "name" | "image">): string =>
  JSON.stringify({ image, name })

/** Was that instance made from another definition (containerChanged)? */
export const containerChanged = (container: ContainerSpec, status: RuntimeContainer): boolean =>
  status.hash !== definitionHash(container)
