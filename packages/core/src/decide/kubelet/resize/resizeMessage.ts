/** The words of Events about a resize (`pkg/kubelet/events/resize.go`; K-367). */
import type { ContainerSpec, PodSpec, ResourceList } from "../../../event/KubernetesObject.ts"

const sorted = (list: ResourceList | undefined): ResourceList | undefined =>
  list === undefined || Object.keys(list).length === 0
    ? undefined
    : Object.fromEntries(Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)))

const summary = ({ name, resources }: ContainerSpec) => ({
  name,
  resources: { limits: sorted(resources?.limits), requests: sorted(resources?.requests) }
})

/** Go's JSON does not show what could be HTML. */
const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)

export const podResizeMessage = (
  prefix: string,
  spec: PodSpec,
  generation: number | undefined,
  error: string | undefined
): string => {
  const init = spec.initContainers ?? []
  const resources = {
    initContainers: init.length === 0 ? undefined : init.map(summary),
    containers: spec.containers.map(summary),
    generation: generation ?? 0,
    error: error === "" ? undefined : error
  }
  return `${prefix}: ${goJson(resources)}`
}
