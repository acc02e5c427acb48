/** `POST pods/{name}/binding`: the scheduler's word (`pkg/registry/core/pod/storage/storage.go`, setPodNodeAndMetadata; C-121, C-122). */
import { Result } from "effect"
import { type Instant, toTime } from "../../event/Instant.ts"
import type { JsonObject } from "../../event/Json.ts"
import type { PodCondition, PodObject } from "../../event/KubernetesObject.ts"
import { encodeObject } from "./encodeObject.ts"
import { conflict, type Status } from "./status.ts"

/** What the server copies from the node (PodTopologyLabels admission; C-019). */
const topologyLabels = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"]

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
 * `nodeLabels` are those of the node, if it exists: it need not.
 */
export const bindPod = (
  pod: PodObject,
  nodeName: string,
  now: Instant,
  nodeLabels: { readonly [label: string]: string } = {}
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
  const copied = Object.fromEntries(
    topologyLabels.flatMap((label) => (nodeLabels[label] === undefined ? [] : [[label, nodeLabels[label]]]))
  )
  const labels = Object.keys(copied).length === 0 ? metadata.labels : { ...metadata.labels, ...copied }
  const bound: JsonObject = {
    ...pod,
    metadata: { ...metadata, labels },
    spec: { ...spec, nodeName },
    status: { ...status, nominatedNodeName: undefined, conditions: scheduled(status.conditions ?? [], now) }
  }
  return Result.succeed(encodeObject("Pod", bound, pod) as PodObject)
}
