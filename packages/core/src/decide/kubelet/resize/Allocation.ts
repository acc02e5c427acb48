/** What a kubelet has granted a pod, whatever its spec says by now (`pkg/kubelet/allocation/allocation_manager.go`; K-361, K-362). */
import { type Json, jsonEqual } from "../../../event/Json.ts"
import type { ContainerSpec, PodSpec, ResourceRequirements } from "../../../event/KubernetesObject.ts"

export interface Allocation {
  /** In which it was asked for. */
  readonly spec: PodSpec
  /** Of the pod as a whole. */
  readonly pod: ResourceRequirements | undefined
  readonly containers: ReadonlyMap<string, ResourceRequirements>
}

const resourcesOf = ({ resources }: ContainerSpec): ResourceRequirements => resources ?? {}

/** Everything that the spec asks for (allocationFromPod). */
export const allocationFromPod = (spec: PodSpec): Allocation => ({
  spec,
  pod: spec.resources,
  containers: new Map(
    [...spec.containers, ...(spec.initContainers ?? [])].map((container) => [container.name, resourcesOf(container)])
  )
})

const granted = (
  containers: ReadonlyArray<ContainerSpec>,
  allocation: Allocation
): ReadonlyArray<ContainerSpec> | undefined => {
  const allocated = containers.map((container) => {
    const resources = allocation.containers.get(container.name)
    return resources === undefined || jsonEqual(resources, resourcesOf(container))
      ? container
      : { ...container, resources }
  })
  return allocated.every((container, i) => container === containers[i]) ? undefined : allocated
}

/** The pod with the resources that it was granted: the pod itself when these are what it asks for (updatePodFromAllocation). */
export const podFromAllocation = <P extends { readonly spec: PodSpec }>(
  pod: P,
  allocation: Allocation | undefined
): P => {
  const { spec } = pod
  if (allocation === undefined || allocation.spec === spec) return pod
  const containers = granted(spec.containers, allocation)
  const initContainers = granted(spec.initContainers ?? [], allocation)
  const whole = !jsonEqual(spec.resources as Json | undefined, allocation.pod as Json | undefined)
  if (containers === undefined && initContainers === undefined && !whole) return pod
  const { resources: _, ...others } = spec
  return {
    ...pod,
    spec: {
      ...others,
      ...(containers === undefined ? {} : { containers }),
      ...(initContainers === undefined ? {} : { initContainers }),
      ...(allocation.pod === undefined ? {} : { resources: allocation.pod })
    }
  }
}
