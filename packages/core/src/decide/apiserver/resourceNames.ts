/** Names of resources that are not a container's, and how much of one there may be (`pkg/apis/core/validation/validation.go`, `pkg/apis/core/helper/helpers.go`). */
import type { Json } from "../../event/Json.ts"
import { milliValue, parseQuantity, quantityText } from "../../event/Quantity.ts"
import { qualifiedName } from "./nameRules.ts"
import { type FieldError, invalid, notSupported } from "./status.ts"

/** What there is by the number. */
const countedResources = [
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers"
]

const quotaResources = new Set([
  ...countedResources,
  ...["cpu", "memory", "ephemeral-storage"].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
  "requests.storage"
])

const isHugePages = (name: string): boolean => /^(requests\.)?hugepages-/.test(name)

/** IsStandardQuotaResourceName. */
export const isQuotaResource = (name: string): boolean => quotaResources.has(name) || isHugePages(name)

const isNative = (name: string): boolean => !name.includes("/") || name.includes("kubernetes.io/")

/** IsOvercommitAllowed. */
export const mayBeOvercommitted = (name: string): boolean => isNative(name) && !name.startsWith("hugepages-")

/** validateResourceName. */
export const resourceNameErrors = (name: string, field: string): ReadonlyArray<FieldError> => {
  const messages = qualifiedName(name)
  if (messages.length > 0) return messages.map((message) => invalid(field, name, message))
  return name.includes("/") || name === "storage" || isQuotaResource(name)
    ? []
    : [invalid(field, name, "must be a standard resource type or fully qualified")]
}

/** The name has to be good with a prefix, too: quotas count requests by it (IsExtendedResourceName). */
const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith("requests.") && qualifiedName(`requests.${name}`).length === 0

const containerResources = ["cpu", "memory", "ephemeral-storage"]

export type ResourceNameRule = (name: string, field: string) => ReadonlyArray<FieldError>

/** validateContainerResourceName. */
export const containerResourceErrors: ResourceNameRule = (name, field) => {
  const errors = resourceNameErrors(name, field)
  if (name.includes("/"))
    return isNative(name) || isExtended(name)
      ? errors
      : [...errors, invalid(field, name, "doesn't follow extended resource name standard")]
  return containerResources.includes(name) || name.startsWith("hugepages-")
    ? errors
    : [...errors, invalid(field, name, "must be a standard resource for containers")]
}

const podResources = ["cpu", "hugepages-", "memory"]

/** validatePodResourceName. */
export const podResourceErrors: ResourceNameRule = (name, field) => {
  const errors = resourceNameErrors(name, field)
  const isOne = name.startsWith("hugepages-") || podResources.includes(name)
  return errors.length > 0 || isOne ? errors : [notSupported(field, name, podResources)]
}

/** ValidateResourceQuantityValue. */
export const resourceAmountErrors = (name: string, value: Json, field: string): ReadonlyArray<FieldError> => {
  const quantity = parseQuantity(String(value))
  if (quantity === undefined) return []
  const isWhole = milliValue(quantity) % 1_000n === 0n
  return [
    ...(quantity.nano < 0n ? [invalid(field, quantityText(quantity), "must be greater than or equal to 0")] : []),
    ...((countedResources.includes(name) || isExtended(name)) && !isWhole
      ? [invalid(field, quantityText(quantity), "must be an integer")]
      : [])
  ]
}
