/** A claim that grows: who may ask for it, and how far it has come (`pkg/volume/util/resize_util.go`; `kubernetes-csi/external-resizer`, `pkg/controller/resize_status.go`). */
import { type Instant, toTime } from "../../event/Instant.ts"
import type { Json, JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { compareQuantity, type Quantity } from "../../event/Quantity.ts"
import { entries, mapping, specOf, statusOf, text } from "../apiserver/fields.ts"
import { apiResource } from "../apiserver/resources.ts"
import { forbidden, type Status } from "../apiserver/status.ts"
import { classOf } from "../apiserver/storage/storageClass.ts"
import { phaseOf } from "./bindVolume.ts"
import { storageIn } from "./findMatchingVolume.ts"

const isLarger = (a: Quantity, b: Quantity): boolean => compareQuantity(a, b) > 0

export const requestedStorage = (claim: KubernetesObject): Quantity =>
  storageIn(mapping(mapping(specOf(claim), "resources"), "requests"))
const claimedCapacity = (claim: KubernetesObject): Quantity => storageIn(mapping(statusOf(claim), "capacity"))
const volumeCapacity = (volume: KubernetesObject): Quantity => storageIn(mapping(specOf(volume), "capacity"))

/** Does it ask for more than before? */
export const asksForMore = (claim: KubernetesObject, old: KubernetesObject): boolean =>
  isLarger(requestedStorage(claim), requestedStorage(old))

/** Has it more than before? */
export const hasMore = (claim: KubernetesObject, old: KubernetesObject): boolean =>
  isLarger(claimedCapacity(claim), claimedCapacity(old))

/** 403 for a claim that may not grow (`plugin/pkg/admission/storage/persistentvolume/resize/admission.go`). `classNamed`: the class of that name. */
export const refusedExpansion = (
  claim: KubernetesObject,
  old: KubernetesObject,
  classNamed: (name: string) => KubernetesObject | undefined
): Status | undefined => {
  if (!asksForMore(claim, old)) return undefined
  const refuse = (why: string) => forbidden(apiResource(claim.kind), claim.metadata.name, why)
  if (phaseOf(old) !== "Bound") return refuse("Only bound persistent volume claims can be expanded")
  const [name, before] = [classOf(claim), classOf(old)]
  const allows = name !== "" && name === before && classNamed(name)?.["allowVolumeExpansion"] === true
  return allows
    ? undefined
    : refuse(
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
      )
}

/** A bound claim that has less than it asks for. */
export const needsExpansion = (claim: KubernetesObject): boolean =>
  phaseOf(claim) === "Bound" && isLarger(requestedStorage(claim), claimedCapacity(claim))

/** Has the volume what the claim asks for, whoever still has to know? */
export const isExpanded = (claim: KubernetesObject, volume: KubernetesObject): boolean =>
  !isLarger(requestedStorage(claim), volumeCapacity(volume))

/** "" while nothing is under way. */
export const expansionOf = (claim: KubernetesObject): string =>
  text(mapping(statusOf(claim), "allocatedResourceStatuses"), "storage")

const onNode = ["NodeResizePending", "NodeResizeInProgress"]

/** Does the node that mounts it have to do the rest? (runPreCheck) */
export const awaitsNode = (claim: KubernetesObject): boolean => onNode.includes(expansionOf(claim))

const resizeConditions = ["FileSystemResizePending", "Resizing", "ControllerResizeError", "NodeResizeError"]

/** MergeResizeConditionOnPVC: what was said of an expansion before is over; a condition that stays keeps its time. */
const withConditions = (claim: KubernetesObject, next: ReadonlyArray<JsonObject>): Json => {
  const old = entries(statusOf(claim), "conditions")
  const stays = (condition: JsonObject) =>
    next.some(({ status, type }) => type === condition["type"] && status === condition["status"])
  const kept = old.filter((one) => !resizeConditions.includes(text(one, "type")) || stays(one))
  const conditions = [...kept, ...next.filter(({ type }) => !kept.some((one) => one["type"] === type))]
  return conditions.length === 0 ? null : conditions
}

/** What each stage writes into the status, as a merge patch. */
export const expansionBegins = (claim: KubernetesObject, now: Instant): JsonObject => ({
  allocatedResourceStatuses: { storage: "ControllerResizeInProgress" },
  allocatedResources: { storage: mapping(mapping(specOf(claim), "resources"), "requests")["storage"] },
  conditions: withConditions(claim, [{ type: "Resizing", status: "True", lastTransitionTime: toTime(now) }])
})

export const nodeExpansionPending = (claim: KubernetesObject, now: Instant): JsonObject => ({
  allocatedResourceStatuses: { storage: "NodeResizePending" },
  conditions: withConditions(claim, [
    {
      type: "FileSystemResizePending",
      status: "True",
      lastTransitionTime: toTime(now),
      message: "Waiting for user to (re-)start a pod to finish file system resize of volume on node."
    }
  ])
})

export const nodeExpansionBegins: JsonObject = { allocatedResourceStatuses: { storage: "NodeResizeInProgress" } }

/** `size`: what the volume has now. */
export const expansionEnds = (claim: KubernetesObject, size: Json): JsonObject => ({
  capacity: { storage: size },
  allocatedResourceStatuses: null,
  conditions: withConditions(claim, [])
})
