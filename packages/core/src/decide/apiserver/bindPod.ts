/** `POST pods/{name}/binding`: the scheduler's word (`pkg/registry/core/pod/storage/storage.go`, setPodNodeAndMetadata; C-121, C-122). */
import { Result } from "effect"
import { type Instant, toTime } from "../../event/Instant.ts"
import type { JsonObject } from "../../event/Json.ts"
import type { PodCondition, PodObject } from "../../event/KubernetesObject.ts"
import type { Labels } from "../client/labelSelector.ts"
import { encodeObject } from "./encodeObject.ts"
import { conflict, type Status } from "./status.ts"

const topologyLabels = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"]

/** A pod's labels with those that admission copies from its node over them (`plugin/pkg/admission/podtopologylabels/admission.go`; C-019). */
export const withTopologyLabels = (labels: Labels | undefined, ofNode: Labels): Labels | undefined => {
  const copied = topologyLabels.flatMap((label) => {
    const value = ofNode[label]
    return value === undefined ? [] : [[label, value] as const]
  })
  return copied.length === 0 ? labels : { ...labels, ...Object.fromEntries(copied) }
}

/** `UpdatePodCondition`: the time moves only when the status does. */
const scheduled = (conditions: ReadonlyArray<PodCondition>, now: Instant): ReadonlyArray<PodCondition> => {
  const before = conditions.find(({ type }) => type === "PodScheduled")
  const condition: PodCondition = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: before?.status === "True" ? (before.lastTransitionTime ?? null) : toTime(now)
  }
  return before === undefined
    ? [...conditions, condition]
    : conditions.map((known) => (known === before ? condition : known))
}

/**
 * The pod on its node, or 409. The condition carries no `observedGeneration`, and neither generation nor managed fields move.
 * `nodeLabels` are those of the node, if it exists (it need not) and the server copies them.
 */
export const bindPod = (
  pod: PodObject,
  nodeName: string,
  now: Instant,
  nodeLabels: Labels = {}
): Result.Result<PodObject, Status> => {
  const { metadata, spec, status } = pod
  const refuse = (why: string) => Result.fail(conflict({ group: "", resource: "pods/binding" }, metadata.name, why))
  if (metadata.deletionTimestamp !== undefined)
    return refuse(`pod ${metadata.name} is being deleted, cannot be assigned to a host`)
  if ((spec.nodeName ?? "") !== "")
    return refuse(`pod ${metadata.name} is already assigned to node ${JSON.stringify(spec.nodeName)}`)
  const gates = spec["schedulingGates"]
  if (Array.isArray(gates) && gates.length > 0)
    return refuse(`pod ${metadata.name} has non-empty .spec.schedulingGates`)
  const labels = withTopologyLabels(metadata.labels, nodeLabels)
  const bound: JsonObject = {
    ...pod,
    metadata: { ...metadata, labels },
    spec: { ...spec, nodeName },
    status: { ...status, nominatedNodeName: undefined, conditions: scheduled(status.conditions ?? [], now) }
  }
  return Result.succeed(encodeObject("Pod", bound, pod) as PodObject)
}
