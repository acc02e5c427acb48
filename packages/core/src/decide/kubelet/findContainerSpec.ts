/** A container's specification by its name (`pkg/kubelet/container/helpers.go`, GetContainerSpec). */
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { Pod } from "../../state/Pod.ts"

export const findContainerSpec = ({ spec }: Pod, name: string): ContainerSpec | undefined =>
  [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].find(
    (container) => container.name === name
  )
