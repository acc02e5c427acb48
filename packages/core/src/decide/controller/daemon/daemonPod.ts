/** Where a DaemonSet's pods belong, and how each is bound to its node (`pkg/controller/daemon/{daemon_controller.go,util/daemonset_util.go}`; C-291…C-293). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject, PodSpec, Toleration } from "../../../event/KubernetesObject.ts"
import { TEMPLATE_GENERATION } from "../../apiserver/apps/daemonSet.ts"
import { entries, mapping, text } from "../../apiserver/fields.ts"
import type { NodeObject, Taint } from "../../scheduler/NodeInfo.ts"
import { matchesRequired } from "../../scheduler/nodeAffinity.ts"
import { tolerationsTolerateTaint } from "../../scheduler/taintToleration.ts"
import { REVISION_HASH } from "../history/controllerHistory.ts"

const TEMPLATE_GENERATION_LABEL = "pod-template-generation"
const NAME_FIELD = "metadata.name"

const always = (key: string, effect: string): Toleration => ({
  key: `node.kubernetes.io/${key}`,
  operator: "Exists",
  effect
})

const daemonTolerations = (hostNetwork: boolean): ReadonlyArray<Toleration> => [
  always("not-ready", "NoExecute"),
  always("unreachable", "NoExecute"),
  always("disk-pressure", "NoSchedule"),
  always("memory-pressure", "NoSchedule"),
  always("pid-pressure", "NoSchedule"),
  always("unschedulable", "NoSchedule"),
  ...(hostNetwork ? [always("network-unavailable", "NoSchedule")] : [])
]

const isSameToleration = (a: Toleration, b: Toleration): boolean =>
  a.key === b.key && a.effect === b.effect && a.operator === b.operator && (a.value ?? "") === (b.value ?? "")

/** AddOrUpdateTolerationInPodSpec: one that is there already takes its place instead of a second one. */
const withTolerations = (spec: PodSpec): PodSpec => {
  const tolerations = [...(spec.tolerations ?? [])]
  for (const wanted of daemonTolerations(spec.hostNetwork === true)) {
    const at = tolerations.findIndex((given) => isSameToleration(given, wanted))
    if (at === -1) tolerations.push(wanted)
    else tolerations[at] = wanted
  }
  return { ...spec, tolerations }
}

const templateOf = (set: KubernetesObject): JsonObject => mapping(mapping(set, "spec"), "template")
const templateSpec = (set: KubernetesObject): PodSpec => mapping(templateOf(set), "spec") as unknown as PodSpec

const templateGeneration = ({ metadata }: KubernetesObject): string | undefined =>
  metadata.annotations?.[TEMPLATE_GENERATION]

/** ReplaceDaemonSetPodNodeNameNodeAffinity: whatever the terms say, this node it is. */
const onNode = (spec: PodSpec, node: string): PodSpec => {
  const affinity = mapping(spec, "affinity")
  const nodeAffinity = mapping(affinity, "nodeAffinity")
  const key = "requiredDuringSchedulingIgnoredDuringExecution"
  const nodeSelectorTerms = [{ matchFields: [{ key: NAME_FIELD, operator: "In", values: [node] }] }]
  const required = { ...mapping(nodeAffinity, key), nodeSelectorTerms }
  return { ...spec, affinity: { ...affinity, nodeAffinity: { ...nodeAffinity, [key]: required } } }
}

/** CreatePodTemplate, for one node. */
export const daemonPodTemplate = (set: KubernetesObject, hash: string, node: string): JsonObject => {
  const template = templateOf(set)
  const metadata = mapping(template, "metadata")
  const generation = templateGeneration(set)
  const labels = {
    ...mapping(metadata, "labels"),
    ...(generation === undefined ? {} : { [TEMPLATE_GENERATION_LABEL]: generation }),
    [REVISION_HASH]: hash
  }
  return { ...template, metadata: { ...metadata, labels }, spec: onNode(withTolerations(templateSpec(set)), node) }
}

/** GetTargetNodeName: where the pod is, or where it is to go. */
export const targetNode = ({ spec }: PodObject): string | undefined => {
  if ((spec.nodeName ?? "") !== "") return spec.nodeName
  const affinity = mapping(mapping(spec, "affinity"), "nodeAffinity")
  const terms = entries(mapping(affinity, "requiredDuringSchedulingIgnoredDuringExecution"), "nodeSelectorTerms")
  const named = terms.flatMap((term) => entries(term, "matchFields")).find((field) => text(field, "key") === NAME_FIELD)
  const values = named?.["values"]
  return Array.isArray(values) && values.length === 1 ? String(values[0]) : undefined
}

export interface Wanted {
  /** May a pod be put there? */
  readonly run: boolean
  /** May one that is there stay? */
  readonly stay: boolean
}

const untolerated = (node: NodeObject, spec: PodSpec, effects: ReadonlyArray<string>): boolean =>
  (node.spec.taints ?? []).some(
    (taint: Taint) => effects.includes(taint.effect) && !tolerationsTolerateTaint(spec.tolerations, taint)
  )

/** NodeShouldRunDaemonPod. */
export const shouldRunDaemonPod = (set: KubernetesObject, node: NodeObject): Wanted => {
  const spec = withTolerations(templateSpec(set))
  const { nodeName = "" } = spec
  if ((nodeName !== "" && nodeName !== node.metadata.name) || !matchesRequired(spec, node))
    return { run: false, stay: false }
  if (!untolerated(node, spec, ["NoSchedule", "NoExecute"])) return { run: true, stay: true }
  return { run: false, stay: !untolerated(node, spec, ["NoExecute"]) }
}

/** IsPodUpdated: by the hash of the revision, or by the generation of old. */
export const isDaemonPodUpdated = (set: KubernetesObject, { metadata }: PodObject, hash: string): boolean => {
  const generation = templateGeneration(set)
  const { labels = {} } = metadata
  return (
    labels[REVISION_HASH] === hash || (generation !== undefined && labels[TEMPLATE_GENERATION_LABEL] === generation)
  )
}
