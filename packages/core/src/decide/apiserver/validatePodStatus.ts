/** What the API server refuses in a Pod's status (`pkg/apis/core/validation/validation.go`, ValidatePodStatusUpdate). */
import type { JsonObject } from "../../event/Json.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { containerShouldRestart } from "../kubelet/containerRestart.ts"
import { entries, integer, mapping, numbered, text } from "./fields.ts"
import { dns1123Subdomain, qualifiedName } from "./nameRules.ts"
import { type FieldError, fieldForbidden, invalid } from "./status.ts"
import { IMMUTABLE, validateMetadataUpdate } from "./validateMetadataUpdate.ts"

const NEGATIVE = "must be a non-negative integer"
const system = ["PodScheduled", "Ready", "Initialized"]

const conditionErrors = (status: JsonObject): ReadonlyArray<FieldError> =>
  numbered(entries(status, "conditions"), "status.conditions").flatMap(({ at, item }) => {
    const [type, observed] = [text(item, "type"), integer(item, "observedGeneration") ?? 0]
    return [
      ...(observed < 0 ? [invalid(`${at}.observedGeneration`, observed, NEGATIVE)] : []),
      ...(system.includes(type) ? [] : qualifiedName(type).map((message) => invalid(`${at}.Type`, type, message)))
    ]
  })

const nominationErrors = (next: PodObject, old: PodObject): ReadonlyArray<FieldError> => {
  const [node, before] = [next.status.nominatedNodeName ?? "", old.status.nominatedNodeName ?? ""]
  const path = "status.nominatedNodeName"
  if (node === before || node === "") return []
  return [
    ...dns1123Subdomain(node).map((message) => invalid(path, node, message)),
    ...((old.spec.nodeName ?? "") === ""
      ? []
      : [fieldForbidden(path, "may not be set on pods that are already bound to a node")])
  ]
}

const isTerminated = (status: JsonObject): boolean => mapping(status, "state")["terminated"] !== undefined

/** A container that ended and will not be restarted may not come back. */
const revivalErrors = (next: PodObject, old: PodObject): ReadonlyArray<FieldError> =>
  numbered(entries(old.status, "containerStatuses"), "status.containerStatuses").flatMap(({ at, item }) => {
    const now = entries(next.status, "containerStatuses").find((status) => status["name"] === item["name"])
    if (!isTerminated(item) || now === undefined || isTerminated(now)) return []
    const container = old.spec.containers.find((one) => one.name === item["name"])
    const exitCode = integer(mapping(mapping(item, "state"), "terminated"), "exitCode") ?? 0
    const allowed = container !== undefined && containerShouldRestart(container, old.spec, exitCode)
    return allowed ? [] : [fieldForbidden(`${at}.state`, "may not be transitioned to non-terminated state")]
  })

/** The errors of a write to the `status` subresource, in the order of Kubernetes. */
export const validatePodStatus = (next: PodObject, old: PodObject): ReadonlyArray<FieldError> => {
  const observed = next.status.observedGeneration ?? 0
  const [quality, before] = [next.status.qosClass ?? "", old.status.qosClass ?? ""]
  return [
    ...validateMetadataUpdate(next.metadata, old.metadata),
    ...conditionErrors(next.status),
    ...nominationErrors(next, old),
    ...(observed < 0 ? [invalid("status.observedGeneration", observed, NEGATIVE)] : []),
    ...(quality === before ? [] : [invalid("status.qosClass", quality, IMMUTABLE)]),
    ...revivalErrors(next, old)
  ]
}
