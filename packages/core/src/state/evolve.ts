/** What is true after a pod event: total, pure, and sharing everything that the event did not touch. */

import type { ObjectMeta, PodSpec, ResourceList, ResourceRequirements } from "../event/KubernetesObject.ts"
import type {
  PodConditionChanged,
  PodConditionRemoved,
  PodConditionsOrdered,
  PodDeletionRequested,
  PodEvent,
  PodPatched,
  PodWritten
} from "../event/PodEvent.ts"
import { applyChanges } from "./changes.ts"
import { type ContainerEvent, evolveContainer } from "./evolveContainer.ts"
import { orderedMetadata, orderedSpec, parseFrame, renderFrame } from "./frame.ts"
import { listContainer, orderContainers, unlistContainer } from "./listContainers.ts"
import type { Condition, Pod } from "./Pod.ts"
import { parsePod } from "./parsePod.ts"

/** The event does not apply: nothing changes, but that it happened is counted. */
const anomaly = (pod: Pod): Pod => ({ ...pod, anomalies: pod.anomalies + 1 })

/**
 * The pod after the event. An event that does not apply (a death of a container that is not listed, any news of a pod that
 * is gone) changes nothing but `anomalies`; a fact that no API server shows changes nothing. `initialPod` is where folds begin.
 */
export const evolve = (pod: Pod, event: PodEvent): Pod => {
  switch (event._tag) {
    case "SandboxCreated":
    case "SandboxStopped":
    case "ProcessStarted":
    case "ProcessExited":
    case "SignalSent":
    case "PodSynced":
    case "BackOffStarted":
      return pod
    case "PodAdded":
      return pod.present ? anomaly(pod) : { ...parsePod(event.object), anomalies: pod.anomalies }
    default:
      return pod.present ? evolvePresent(pod, event) : anomaly(pod)
  }
}

type Unobservable =
  | "SandboxCreated"
  | "SandboxStopped"
  | "ProcessStarted"
  | "ProcessExited"
  | "SignalSent"
  | "PodSynced"
  | "BackOffStarted"

const evolvePresent = (pod: Pod, event: Exclude<PodEvent, { readonly _tag: Unobservable | "PodAdded" }>): Pod => {
  switch (event._tag) {
    case "PodWritten":
      return lacks(pod, "metadata") ? anomaly(pod) : { ...pod, metadata: written(pod.metadata, event) }
    case "PodBound":
      return lacks(pod, "spec") || pod.spec.nodeName !== undefined
        ? anomaly(pod)
        : { ...pod, spec: bound(pod.spec, event.node) }
    case "PodDeletionRequested":
      return lacks(pod, "metadata") ? anomaly(pod) : { ...pod, metadata: deleting(pod.metadata, event) }
    case "PodPatched":
      return patched(pod, event)
    case "PodRemoved":
      return { ...pod, present: false }
    case "PodAccepted":
      return { ...pod, startTime: event.startTime, hostIP: event.hostIP, hostIPs: event.hostIPs }
    case "PodPhaseChanged":
      return { ...pod, phase: event.phase, reason: event.reason, message: event.message }
    case "PodConditionChanged":
      return { ...pod, conditions: conditionChanged(pod.conditions, event) }
    case "PodConditionRemoved":
      return conditionRemoved(pod, event)
    case "PodConditionsOrdered":
      return conditionsOrdered(pod, event)
    case "PodGenerationObserved":
      return generationObserved(pod, event.generation)
    case "PodIPsAssigned":
      return { ...pod, podIP: event.podIP, podIPs: event.podIPs }
    case "PodQOSClassified":
      return { ...pod, qosClass: event.qosClass }
    case "PodNominated":
      return { ...pod, nominatedNodeName: event.node }
    case "PodResourcesReported":
      return {
        ...pod,
        resources: event.resources as ResourceRequirements | undefined,
        allocatedResources: event.allocatedResources as ResourceList | undefined
      }
    case "ContainerListed":
      return withContainers(pod, listContainer(pod.containers, event))
    case "ContainerUnlisted":
      return withContainers(pod, unlistContainer(pod.containers, event))
    case "ContainersOrdered":
      return withContainers(pod, orderContainers(pod.containers, event))
    case "ContainerWaiting":
    case "ContainerStarted":
    case "ContainerDied":
    case "ContainerStateCorrected":
    case "ContainerLastStateCorrected":
    case "ContainerReadinessChanged":
    case "ContainerStartupChanged":
    case "ContainerRestartsCounted":
    case "ContainerIdentified":
    case "ContainerReported":
      return withContainer(pod, event)
    case "PodRest":
      return { ...pod, rest: event.overlay }
  }
}

/** The object has no such part, or not as Kubernetes writes it. */
const lacks = (pod: Pod, part: "metadata" | "spec"): boolean => Object.hasOwn(pod.others, part)

const withContainers = (pod: Pod, containers: Pod["containers"] | undefined): Pod =>
  containers === undefined ? anomaly(pod) : { ...pod, containers }

const withContainer = (pod: Pod, event: ContainerEvent): Pod => {
  const index = pod.containers.findIndex(({ name, kind }) => name === event.container && kind === event.kind)
  const container = pod.containers[index]
  return container === undefined
    ? anomaly(pod)
    : { ...pod, containers: pod.containers.with(index, evolveContainer(container, event)) }
}

const written = (metadata: ObjectMeta, { resourceVersion, generation }: PodWritten): ObjectMeta =>
  orderedMetadata({
    ...metadata,
    ...(resourceVersion === undefined ? undefined : { resourceVersion }),
    ...(generation === undefined ? undefined : { generation })
  })

const bound = (spec: PodSpec, nodeName: string): PodSpec => orderedSpec({ ...spec, nodeName })

const deleting = (
  metadata: ObjectMeta,
  { deletionTimestamp, gracePeriodSeconds }: PodDeletionRequested
): ObjectMeta => {
  const { deletionGracePeriodSeconds, ...others } = metadata
  return orderedMetadata({
    ...(others as ObjectMeta),
    deletionTimestamp,
    ...(gracePeriodSeconds === undefined ? undefined : { deletionGracePeriodSeconds: gracePeriodSeconds })
  })
}

const patched = (pod: Pod, { changes }: PodPatched): Pod => {
  if (changes.some(({ path }) => path.length === 0 || path[0] === "status")) return anomaly(pod)
  const { value, missed } = applyChanges(renderFrame(pod, undefined), changes)
  if (missed > 0 || value === undefined) return anomaly(pod)
  const frame = parseFrame(value as Readonly<Record<string, never>>)
  return { ...pod, ...frame, metadata: orderedMetadata(frame.metadata), spec: orderedSpec(frame.spec) }
}

const conditionOf = (event: PodConditionChanged): Condition => ({
  type: event.type,
  status: event.status,
  observedGeneration: event.observedGeneration,
  lastProbeTime: event.lastProbeTime,
  lastTransitionTime: event.lastTransitionTime,
  reason: event.reason,
  message: event.message
})

/** A condition of a new type stands behind the others. */
const conditionChanged = (conditions: Pod["conditions"], event: PodConditionChanged): Pod["conditions"] => {
  const index = conditions.findIndex(({ type }) => type === event.type)
  return index < 0 ? [...conditions, conditionOf(event)] : conditions.with(index, conditionOf(event))
}

const conditionRemoved = (pod: Pod, { type }: PodConditionRemoved): Pod => {
  const conditions = pod.conditions.filter((condition) => condition.type !== type)
  return conditions.length === pod.conditions.length ? anomaly(pod) : { ...pod, conditions }
}

const conditionsOrdered = (pod: Pod, { types }: PodConditionsOrdered): Pod => {
  const conditions = types.flatMap((type) => pod.conditions.find((condition) => condition.type === type) ?? [])
  return new Set(conditions).size === pod.conditions.length && types.length === pod.conditions.length
    ? { ...pod, conditions }
    : anomaly(pod)
}

const generationObserved = (pod: Pod, generation: number | undefined): Pod => ({
  ...pod,
  observedGeneration: generation,
  conditions: pod.conditions.map((condition) =>
    condition.observedGeneration === undefined || condition.observedGeneration === generation
      ? condition
      : { ...condition, observedGeneration: generation }
  )
})
