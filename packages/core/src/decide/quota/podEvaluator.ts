/** What a pod takes of a quota (`pkg/quota/v1/evaluator/core/pods.go`; C-021). */
import { type Instant, later, parseInstant, SECOND } from "../../event/Instant.ts"
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { isPod, type KubernetesObject, type PodObject } from "../../event/KubernetesObject.ts"
import type { Quantity } from "../../event/Quantity.ts"
import { entries, integer, mapping, text } from "../apiserver/fields.ts"
import { podTotals } from "../apiserver/podLevelResources.ts"
import { qosClass } from "../apiserver/qosClass.ts"
import { type Evaluator, objectCountName, selectsScope } from "./Evaluator.ts"
import { type Amounts, amountsOf, ONE } from "./ResourceList.ts"

const COUNT = objectCountName({ group: "", resource: "pods" })
const HUGE_PAGES = "hugepages-"

const byRequest = ["cpu", "memory", "ephemeral-storage"]

const podResources = new Set([
  ...[COUNT, "pods"],
  ...byRequest.flatMap((name) => [name, `requests.${name}`, `limits.${name}`])
])

/** A quota of these wants every container to say how much it needs: a mistake, as the source says, that is kept. */
const mustBeSaid = new Set(["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"])

/** Kubernetes' own resources have no domain, or `kubernetes.io/`. */
const isNative = (name: string): boolean => !name.includes("/") || name.includes("kubernetes.io/")

const isExtendedQuota = (name: string): boolean => name.startsWith("requests.") && !isNative(name.slice(9))

const counts = (name: string): boolean =>
  podResources.has(name) ||
  name.startsWith(HUGE_PAGES) ||
  name.startsWith(`requests.${HUGE_PAGES}`) ||
  isExtendedQuota(name)

/** podComputeUsageHelper. */
const computeUsage = (requests: Amounts, limits: Amounts): Map<string, Quantity> => {
  const usage = new Map<string, Quantity>([["pods", ONE]])
  for (const [name, quantity] of requests) {
    if (byRequest.includes(name) || name.startsWith(HUGE_PAGES)) usage.set(name, quantity)
    if (byRequest.includes(name) || name.startsWith(HUGE_PAGES) || !isNative(name))
      usage.set(`requests.${name}`, quantity)
  }
  for (const name of byRequest) {
    const limit = limits.get(name)
    if (limit !== undefined) usage.set(`limits.${name}`, limit)
  }
  return usage
}

/** QuotaV1Pod: one that has ended, or should be gone by now, is charged no more; the grace period counts twice. */
export const isCharged = ({ metadata, status }: PodObject, now: Instant): boolean => {
  if (status.phase === "Failed" || status.phase === "Succeeded") return false
  const { deletionGracePeriodSeconds: grace, deletionTimestamp } = metadata
  const deleted = deletionTimestamp === undefined ? undefined : parseInstant(deletionTimestamp)
  return deleted === undefined || grace === undefined || now <= later(deleted, grace * SECOND)
}

const usage = (object: KubernetesObject, now: Instant): Amounts => {
  if (!isPod(object) || !isCharged(object, now)) return new Map([[COUNT, ONE]])
  const compute = computeUsage(podTotals(object.spec, "requests"), podTotals(object.spec, "limits"))
  return compute.set(COUNT, ONE)
}

/** Does it have an `activeDeadlineSeconds`? (A quota's word for that is terminating.) */
export const isTerminatingScope = ({ spec }: PodObject): boolean => (spec.activeDeadlineSeconds ?? -1) >= 0

const crossesNamespaces = (terms: ReadonlyArray<JsonObject>): boolean =>
  terms.some(
    (term) =>
      (Array.isArray(term["namespaces"]) && term["namespaces"].length > 0) || isJsonObject(term["namespaceSelector"])
  )

const usesCrossNamespaceAffinity = ({ spec }: PodObject): boolean =>
  ["podAffinity", "podAntiAffinity"].some((kind) => {
    const affinity = mapping(mapping(spec, "affinity"), kind)
    const preferred = entries(affinity, "preferredDuringSchedulingIgnoredDuringExecution")
    return (
      crossesNamespaces(entries(affinity, "requiredDuringSchedulingIgnoredDuringExecution")) ||
      crossesNamespaces(preferred.map((term) => mapping(term, "podAffinityTerm")))
    )
  })

const inScope = (scope: JsonObject, object: KubernetesObject): boolean => {
  if (!isPod(object)) return false
  switch (text(scope, "scopeName")) {
    case "Terminating":
      return isTerminatingScope(object)
    case "NotTerminating":
      return !isTerminatingScope(object)
    case "BestEffort":
      return qosClass(object.spec) === "BestEffort"
    case "NotBestEffort":
      return qosClass(object.spec) !== "BestEffort"
    case "PriorityClass":
      return selectsScope(scope, text(object.spec, "priorityClassName"))
    case "CrossNamespacePodAffinity":
      return usesCrossNamespaceAffinity(object)
    default:
      return false
  }
}

const constraints = (required: ReadonlyArray<string>, object: KubernetesObject): string | undefined => {
  if (!isPod(object) || isJsonObject(object.spec.resources)) return undefined
  const wanted = required.filter((name) => mustBeSaid.has(name))
  const missing = new Map<string, Set<string>>()
  for (const { name, resources } of [...object.spec.containers, ...(object.spec.initContainers ?? [])]) {
    const said = computeUsage(amountsOf(resources?.requests), amountsOf(resources?.limits))
    for (const resource of wanted)
      if (!said.has(resource)) missing.set(resource, (missing.get(resource) ?? new Set()).add(name))
  }
  if (missing.size === 0) return undefined
  const texts = [...missing].sort().map(([resource, names]) => `${resource} for: ${[...names].sort().join(",")}`)
  return `must specify ${texts.join("; ")}`
}

/** The scopes of a pod change with its deadline; what it asks for is changed through `resize` alone. */
const handlesUpdate = (object: KubernetesObject, old: KubernetesObject): boolean =>
  isPod(object) && isPod(old) && isTerminatingScope(object) !== isTerminatingScope(old)

export const podEvaluator: Evaluator = { counts, handlesUpdate, usage, inScope, constraints }

/** Does a change of a pod give something back to a quota (`pkg/quota/v1/install/update_filter.go`)? */
export const replenishesQuota = (old: PodObject, next: PodObject, now: Instant): boolean =>
  isTerminatingScope(old) !== isTerminatingScope(next) ||
  (isCharged(old, now) && !isCharged(next, now)) ||
  integer(old.metadata, "generation") !== integer(next.metadata, "generation")
