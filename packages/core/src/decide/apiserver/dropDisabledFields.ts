/**
 * Fields of a pod whose feature gate is off are taken out before the pod is stored, without a word
 * (`pkg/api/pod/util.go`, dropDisabledFields).
 */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { type FeatureGates, type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { containerLists, entries, mapping } from "./fields.ts"

const without = (object: JsonObject, ...fields: ReadonlyArray<string>): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)))

/** Those of a list of fields whose gate is off. */
const disabled = (fields: ReadonlyArray<readonly [field: string, on: boolean]>): ReadonlyArray<string> =>
  fields.flatMap(([field, on]) => (on ? [] : [field]))

/** dropPodLifecycleSleepAction: a handler of which nothing is left is none. */
const handlerOf = (handler: Json | undefined, gates: FeatureGates): Json | undefined => {
  if (gates.PodLifecycleSleepAction || !isJsonObject(handler) || handler["sleep"] === undefined) return handler
  const kept = without(handler, "sleep")
  return Object.keys(kept).length === 0 ? undefined : kept
}

/** dropContainerStopSignals: a lifecycle of which nothing is left is none, either. */
const lifecycleOf = (lifecycle: JsonObject, gates: FeatureGates): JsonObject | undefined => {
  const kept = Object.entries(lifecycle).flatMap(
    ([part, value]): ReadonlyArray<readonly [string, Json | undefined]> => {
      if (part === "stopSignal" && !gates.ContainerStopSignals) return []
      const handler = handlerOf(value, gates)
      return handler === undefined ? [] : [[part, handler]]
    }
  )
  return kept.length === 0 && Object.keys(lifecycle).length > 0 ? undefined : Object.fromEntries(kept)
}

/**
 * dropContainerRestartRules, and what stands before it for sidecars. Before 1.34 nobody dropped a policy: it is left to
 * validation, which refuses it.
 */
const dropsRestartPolicy = (list: string, container: JsonObject, { gates, minor }: KubernetesRelease): boolean => {
  const isSidecar = list === "initContainers" && container["restartPolicy"] === "Always"
  if (isSidecar) return !gates.SidecarContainers
  return !gates.ContainerRestartRules && minor >= 34
}

/** dropFileKeyRefInUse. */
const variableOf = (variable: JsonObject): JsonObject =>
  isJsonObject(variable["valueFrom"])
    ? { ...variable, valueFrom: without(mapping(variable, "valueFrom"), "fileKeyRef") }
    : variable

type Change = (item: JsonObject) => JsonObject

/** The list with each entry changed; a container without that list stays without. */
const eachOf = (container: JsonObject, list: string, change: Change): JsonObject =>
  Array.isArray(container[list]) ? { ...container, [list]: entries(container, list).map(change) } : container

const containerOf = (list: string, container: JsonObject, release: KubernetesRelease): JsonObject => {
  const { gates } = release
  let kept = without(
    container,
    ...disabled([
      ["resizePolicy", gates.InPlacePodVerticalScaling],
      ["restartPolicyRules", gates.ContainerRestartRules],
      ["restartPolicy", !dropsRestartPolicy(list, container, release)]
    ])
  )
  if (!gates.RecursiveReadOnlyMounts)
    kept = eachOf(kept, "volumeMounts", (mount) => without(mount, "recursiveReadOnly"))
  if (!gates.EnvFiles) kept = eachOf(kept, "env", variableOf)
  if (!isJsonObject(kept["lifecycle"])) return kept
  const lifecycle = lifecycleOf(kept["lifecycle"], gates)
  return lifecycle === undefined ? without(kept, "lifecycle") : { ...kept, lifecycle }
}

const withContainers = (spec: JsonObject, change: (list: string, container: JsonObject) => JsonObject): JsonObject =>
  containerLists.reduce((changed, list) => eachOf(changed, list, (container) => change(list, container)), spec)

/** The mappings of a list but for some; a list of which nothing is left is none. */
const thinned = (holder: JsonObject, field: string, goes: (item: JsonObject) => boolean): JsonObject => {
  const rest = entries(holder, field).filter((item) => !goes(item))
  return rest.length === 0 ? without(holder, field) : { ...holder, [field]: rest }
}

/** dropImageVolumes: with the volumes go their mounts. */
const withoutImageVolumes = (spec: JsonObject): JsonObject => {
  const isImage = ({ image }: JsonObject): boolean => image !== undefined
  const names = entries(spec, "volumes")
    .filter(isImage)
    .map(({ name }) => name)
  if (names.length === 0) return spec
  const kept = thinned(spec, "volumes", isImage)
  return withContainers(kept, (_, one) => thinned(one, "volumeMounts", ({ name }) => names.includes(name)))
}

/** dropDisabledClusterTrustBundleProjection, dropDisabledPodCertificateProjection: their gates are off in all versions. */
const projectionOf = (volume: JsonObject): JsonObject =>
  isJsonObject(volume["projected"])
    ? {
        ...volume,
        projected: eachOf(volume["projected"], "sources", (one) => without(one, "clusterTrustBundle", "podCertificate"))
      }
    : volume

export const dropDisabledFields = (spec: JsonObject, release: KubernetesRelease = latestRelease): JsonObject => {
  const { gates } = release
  const kept = without(
    eachOf(spec, "volumes", projectionOf),
    ...disabled([
      // GenericWorkload is off in all versions.
      ["schedulingGroup", false],
      ["resources", gates.PodLevelResources],
      ["hostnameOverride", gates.HostnameOverride],
      ["hostUsers", gates.UserNamespacesSupport]
    ])
  )
  const secured =
    gates.SupplementalGroupsPolicy || !isJsonObject(kept["securityContext"])
      ? kept
      : { ...kept, securityContext: without(kept["securityContext"], "supplementalGroupsPolicy") }
  const withVolumes = gates.ImageVolume ? secured : withoutImageVolumes(secured)
  return withContainers(withVolumes, (list, container) => containerOf(list, container, release))
}
