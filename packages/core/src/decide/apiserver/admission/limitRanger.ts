/** What the LimitRanges of a namespace add to a pod, and what they forbid (`plugin/pkg/admission/limitranger/admission.go`; C-015, C-016). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { compareQuantity, milliValue, type Quantity, quantityText } from "../../../event/Quantity.ts"
import { type Amounts, amountsOf } from "../../quota/ResourceList.ts"
import { entries, mapping, text } from "../fields.ts"
import { podTotals } from "../podLevelResources.ts"
import { apiResource } from "../resources.ts"
import { forbidden, type Status } from "../status.ts"

const ANNOTATION = "kubernetes.io/limit-ranger"

const limitsOf = (limitRange: KubernetesObject): ReadonlyArray<JsonObject> =>
  entries(mapping(limitRange, "spec"), "limits")

interface Filled {
  readonly container: JsonObject
  readonly notes: ReadonlyArray<string>
}

const missing = (given: JsonObject, wanted: JsonObject): ReadonlyArray<string> =>
  Object.keys(wanted)
    .filter((name) => given[name] === undefined)
    .sort()

/** mergeContainerResources: what a container does not say, and a note of it. */
const fill = (container: JsonObject, limits: JsonObject, requests: JsonObject, what: string): Filled => {
  const resources = mapping(container, "resources")
  const [ownLimits, ownRequests] = [mapping(resources, "limits"), mapping(resources, "requests")]
  const [newLimits, newRequests] = [missing(ownLimits, limits), missing(ownRequests, requests)]
  const name = `${what} ${text(container, "name")}`
  const notes = [
    ...(newRequests.length > 0 ? [`${newRequests.join(", ")} request for ${name}`] : []),
    ...(newLimits.length > 0 ? [`${newLimits.join(", ")} limit for ${name}`] : [])
  ]
  if (notes.length === 0) return { container, notes }
  const filled = { ...resources, limits: { ...limits, ...ownLimits }, requests: { ...requests, ...ownRequests } }
  return { container: { ...container, resources: filled }, notes }
}

const mutated = (pod: JsonObject, limitRange: KubernetesObject): JsonObject => {
  const ofContainers = limitsOf(limitRange).filter((limit) => text(limit, "type") === "Container")
  const merged = (key: string): JsonObject => Object.assign({}, ...ofContainers.map((limit) => mapping(limit, key)))
  const [limits, requests] = [merged("default"), merged("defaultRequest")]
  const spec = mapping(pod, "spec")
  const filled = (key: string, what: string) => entries(spec, key).map((one) => fill(one, limits, requests, what))
  const [containers, initContainers] = [filled("containers", "container"), filled("initContainers", "init container")]
  const notes = [...containers, ...initContainers].flatMap((one) => one.notes)
  if (notes.length === 0) return pod
  const metadata = mapping(pod, "metadata")
  const note = `LimitRanger plugin set: ${notes.join("; ")}`
  return {
    ...pod,
    metadata: { ...metadata, annotations: { ...mapping(metadata, "annotations"), [ANNOTATION]: note } },
    spec: {
      ...spec,
      containers: containers.map(({ container }) => container),
      ...(initContainers.length === 0 ? {} : { initContainers: initContainers.map(({ container }) => container) })
    }
  }
}

/** The pod with what its containers do not say themselves. */
export const applyLimitRanges = (pod: JsonObject, limitRanges: ReadonlyArray<KubernetesObject>): JsonObject =>
  limitRanges.reduce(mutated, pod)

interface Asked {
  readonly type: string
  readonly requests: Amounts
  readonly limits: Amounts
}

type Constraint = (asked: Asked, name: string, enforced: Quantity) => string | undefined

const least: Constraint = ({ limits, requests, type }, name, enforced) => {
  const [request, limit] = [requests.get(name), limits.get(name)]
  const rule = `minimum ${name} usage per ${type} is ${quantityText(enforced)}`
  if (request === undefined) return `${rule}.  No request is specified`
  if (compareQuantity(request, enforced) < 0) return `${rule}, but request is ${quantityText(request)}`
  if (limit !== undefined && compareQuantity(limit, enforced) < 0) return `${rule}, but limit is ${quantityText(limit)}`
  return undefined
}

const most: Constraint = ({ limits, requests, type }, name, enforced) => {
  const [request, limit] = [requests.get(name), limits.get(name)]
  const rule = `maximum ${name} usage per ${type} is ${quantityText(enforced)}`
  if (limit === undefined) return `${rule}.  No limit is specified`
  if (compareQuantity(limit, enforced) > 0) return `${rule}, but limit is ${quantityText(limit)}`
  if (request !== undefined && compareQuantity(request, enforced) > 0)
    return `${rule}, but request is ${quantityText(request)}`
  return undefined
}

/** Claims ask, they have no limits. */
const mostAsked: Constraint = ({ requests, type }, name, enforced) => {
  const request = requests.get(name)
  const rule = `maximum ${name} usage per ${type} is ${quantityText(enforced)}`
  if (request === undefined) return `${rule}.  No request is specified`
  return compareQuantity(request, enforced) > 0 ? `${rule}, but request is ${quantityText(request)}` : undefined
}

const ratio: Constraint = ({ limits, requests, type }, name, enforced) => {
  const [request, limit] = [requests.get(name), limits.get(name)]
  const rule = `${name} max limit to request ratio per ${type} is ${quantityText(enforced)}`
  if (request === undefined || request.nano === 0n) return `${rule}, but no request is specified or request is 0`
  if (limit === undefined || limit.nano === 0n) return `${rule}, but no limit is specified or limit is 0`
  const observed = Number(milliValue(limit)) / Number(milliValue(request))
  return observed * 1_000 > Number(milliValue(enforced))
    ? `${rule}, but provided ratio is ${observed.toFixed(6)}`
    : undefined
}

const broken = (
  limit: JsonObject,
  asked: Asked,
  rules: { readonly [key: string]: Constraint }
): ReadonlyArray<string> =>
  Object.entries(rules).flatMap(([key, rule]) =>
    [...amountsOf(limit[key])].flatMap(([name, enforced]) => rule(asked, name, enforced) ?? [])
  )

const podRules = { min: least, max: most, maxLimitRequestRatio: ratio }

const askedBy = (limit: JsonObject, { spec }: KubernetesObject): ReadonlyArray<Asked> => {
  const type = text(limit, "type")
  const whole = isJsonObject(spec) ? spec : {}
  if (type === "Pod") return [{ type, requests: podTotals(whole, "requests"), limits: podTotals(whole, "limits") }]
  if (type !== "Container") return []
  return [...entries(whole, "containers"), ...entries(whole, "initContainers")].map((container) => {
    const resources = mapping(container, "resources")
    return { type, requests: amountsOf(resources["requests"]), limits: amountsOf(resources["limits"]) }
  })
}

const problems = (limit: JsonObject, object: KubernetesObject): ReadonlyArray<string> => {
  if (object.kind === "Pod") return askedBy(limit, object).flatMap((asked) => broken(limit, asked, podRules))
  const type = text(limit, "type")
  if (object.kind !== "PersistentVolumeClaim" || type !== "PersistentVolumeClaim") return []
  const requests = amountsOf(mapping(mapping(object, "spec"), "resources")["requests"])
  return broken(limit, { type, requests, limits: new Map() }, { min: least, max: mostAsked })
}

/** utilerrors.NewAggregate: one as it is, several in brackets. */
const together = (texts: ReadonlyArray<string>): string => {
  const each = [...new Set(texts)]
  return each.length === 1 ? (each[0] ?? "") : `[${each.join(", ")}]`
}

/** Why a pod or a claim is refused (403): the first LimitRange that it breaks, with everything that it breaks of it. */
export const brokenLimitRange = (
  object: KubernetesObject,
  limitRanges: ReadonlyArray<KubernetesObject>
): Status | undefined => {
  for (const limitRange of limitRanges) {
    const found = limitsOf(limitRange).flatMap((limit) => problems(limit, object))
    if (found.length > 0) return forbidden(apiResource(object.kind), object.metadata.name, together(found))
  }
  return undefined
}
