/** Where pods want to be, and how they want to be spread (`pkg/apis/core/validation/validation.go`, validateAffinity, validateTopologySpreadConstraints). */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { entries, integer, mapping, numbered, text } from "./fields.ts"
import { dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from "./nameRules.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, notSupported, required } from "./status.ts"
import { labelSelectorErrors } from "./validateLabelSelector.ts"

const valuesOf = (object: JsonObject, key = "values"): ReadonlyArray<string> =>
  Array.isArray(object[key]) ? object[key].map(String) : []

const named = (name: string, field: string): ReadonlyArray<FieldError> =>
  qualifiedName(name).map((message) => invalid(field, name, message))

const operatorErrors = (requirement: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [operator, count] = [text(requirement, "operator"), valuesOf(requirement).length]
  const field = `${at}.values`
  switch (operator) {
    case "In":
    case "NotIn":
      return count === 0 ? [required(field, "must be specified when `operator` is 'In' or 'NotIn'")] : []
    case "Exists":
    case "DoesNotExist":
      return count > 0
        ? [fieldForbidden(field, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
        : []
    case "Gt":
    case "Lt":
      return count === 1 ? [] : [required(field, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
    default:
      return [invalid(`${at}.operator`, operator, "not a valid selector operator")]
  }
}

/** ValidateNodeFieldSelectorRequirement: the name is the only field. */
const fieldErrors = (requirement: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [operator, key, values] = [text(requirement, "operator"), text(requirement, "key"), valuesOf(requirement)]
  const one = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
  const ofOperator = ["In", "NotIn"].includes(operator)
    ? values.length === 1
      ? []
      : [required(`${at}.values`, one)]
    : [invalid(`${at}.operator`, operator, "not a valid selector operator")]
  const ofKey =
    key === "metadata.name"
      ? values.flatMap((value, i) =>
          dns1123Subdomain(value).map((message) => invalid(`${at}.values[${i}]`, value, message))
        )
      : [invalid(`${at}.key`, key, "not a valid field selector key")]
  return [...ofOperator, ...ofKey]
}

/** ValidateNodeSelectorTerm; `lenient`: values that no label has may be preferred. */
const termErrors = (term: JsonObject, at: string, lenient: boolean): ReadonlyArray<FieldError> => [
  ...numbered(entries(term, "matchExpressions"), `${at}.matchExpressions`).flatMap(({ at: path, item }) => [
    ...operatorErrors(item, path),
    ...named(text(item, "key"), `${path}.key`),
    ...(lenient
      ? []
      : valuesOf(item).flatMap((value, i) =>
          labelValue(value).map((message) => invalid(`${path}.values[${i}]`, value, message))
        ))
  ]),
  ...numbered(entries(term, "matchFields"), `${at}.matchFields`).flatMap(({ at: path, item }) =>
    fieldErrors(item, path)
  )
]

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"

const weightErrors = (term: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const weight = integer(term, "weight") ?? 0
  return weight > 0 && weight <= 100 ? [] : [invalid(`${at}.weight`, weight, "must be in the range 1-100")]
}

/** ValidateNodeSelector. */
export const nodeSelectorErrors = (selector: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [terms, field] = [entries(selector, "nodeSelectorTerms"), `${at}.nodeSelectorTerms`]
  return [
    ...(terms.length === 0 ? [required(field, "must have at least one node selector term")] : []),
    ...numbered(terms, field).flatMap(({ at: path, item }) => termErrors(item, path, false))
  ]
}

const nodeAffinityErrors = (affinity: JsonObject, path: string): ReadonlyArray<FieldError> => {
  const needed = affinity[REQUIRED]
  return [
    ...(isJsonObject(needed) ? nodeSelectorErrors(needed, `${path}.${REQUIRED}`) : []),
    ...numbered(entries(affinity, PREFERRED), `${path}.${PREFERRED}`).flatMap(({ at, item }) => [
      ...weightErrors(item, at),
      ...termErrors(mapping(item, "preference"), `${at}.preference`, true)
    ])
  ]
}

/** validateLabelKeys. */
const labelKeyErrors = (holder: JsonObject, field: string, at: string): ReadonlyArray<FieldError> => {
  const keys = valuesOf(holder, field)
  if (keys.length > 0 && !isJsonObject(holder["labelSelector"]))
    return [fieldForbidden(`${at}.${field}`, "must not be specified when labelSelector is not set")]
  return keys.flatMap((key, i) => named(key, `${at}.${field}[${i}]`))
}

/** By now the selector has an expression for each of the keys: another one of the same key was the user's. */
const keyErrors = (holder: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [keys, others] = [valuesOf(holder, "matchLabelKeys"), valuesOf(holder, "mismatchLabelKeys")]
  const selector = mapping(holder, "labelSelector")
  const seen = new Set(Object.keys(mapping(selector, "matchLabels")))
  const doubled = entries(selector, "matchExpressions").flatMap((expression) => {
    const key = text(expression, "key")
    const again = seen.has(key)
    seen.add(key)
    return again && keys.includes(key)
      ? [invalid(`${at}[${keys.lastIndexOf(key)}]`, key, "exists in both matchLabelKeys and labelSelector")]
      : []
  })
  const both = "exists in both matchLabelKeys and mismatchLabelKeys"
  return [
    ...labelKeyErrors(holder, "matchLabelKeys", at),
    ...labelKeyErrors(holder, "mismatchLabelKeys", at),
    ...doubled,
    ...keys.flatMap((key, i) => (others.includes(key) ? [invalid(`${at}.matchLabelKeys[${i}]`, key, both)] : []))
  ]
}

const podTermErrors = (term: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const key = text(term, "topologyKey")
  return [
    ...labelSelectorErrors(term["labelSelector"], `${at}.labelSelector`),
    ...labelSelectorErrors(term["namespaceSelector"], `${at}.namespaceSelector`),
    ...valuesOf(term, "namespaces").flatMap((name) =>
      dns1123Label(name).map((message) => invalid(`${at}.namespace`, name, message))
    ),
    ...keyErrors(term, at),
    ...(key === "" ? [required(`${at}.topologyKey`, "can not be empty")] : []),
    ...named(key, `${at}.topologyKey`)
  ]
}

const podAffinityErrors = (affinity: JsonObject, path: string): ReadonlyArray<FieldError> => [
  ...numbered(entries(affinity, REQUIRED), `${path}.${REQUIRED}`).flatMap(({ at, item }) => podTermErrors(item, at)),
  ...numbered(entries(affinity, PREFERRED), `${path}.${PREFERRED}`).flatMap(({ at, item }) => [
    ...weightErrors(item, at),
    ...podTermErrors(mapping(item, "podAffinityTerm"), `${at}.podAffinityTerm`)
  ])
]

export const validateAffinity = (affinity: JsonObject): ReadonlyArray<FieldError> => [
  ...nodeAffinityErrors(mapping(affinity, "nodeAffinity"), "spec.affinity.nodeAffinity"),
  ...podAffinityErrors(mapping(affinity, "podAffinity"), "spec.affinity.podAffinity"),
  ...podAffinityErrors(mapping(affinity, "podAntiAffinity"), "spec.affinity.podAntiAffinity")
]

const actions = ["DoNotSchedule", "ScheduleAnyway"]
const nodePolicies = ["Honor", "Ignore"]
const POSITIVE = "must be greater than zero"

/** What of a constraint Kubernetes looks at first; what it says of two equal ones comes next. */
const essentialErrors = (constraint: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [skew, action] = [integer(constraint, "maxSkew") ?? 0, text(constraint, "whenUnsatisfiable")]
  return [
    ...(skew > 0 ? [] : [invalid(`${at}.maxSkew`, skew, POSITIVE)]),
    ...(text(constraint, "topologyKey") === "" ? [required(`${at}.topologyKey`, "can not be empty")] : []),
    ...(actions.includes(action) ? [] : [notSupported(`${at}.whenUnsatisfiable`, action, actions)])
  ]
}

const refinementErrors = (constraint: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [domains, action] = [integer(constraint, "minDomains"), text(constraint, "whenUnsatisfiable")]
  const policies = ["nodeAffinityPolicy", "nodeTaintsPolicy"].filter((field) => typeof constraint[field] === "string")
  const only = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`
  return [
    ...(domains !== undefined && domains <= 0 ? [invalid(`${at}.minDomains`, domains, POSITIVE)] : []),
    ...(domains !== undefined && action !== "DoNotSchedule" ? [invalid(`${at}.minDomains`, domains, only)] : []),
    ...policies
      .filter((field) => !nodePolicies.includes(text(constraint, field)))
      .map((field) => notSupported(`${at}.${field}`, text(constraint, field), nodePolicies)),
    ...keyErrors(constraint, at),
    ...labelSelectorErrors(constraint["labelSelector"], `${at}.labelSelector`)
  ]
}

export const validateTopologySpread = (constraints: ReadonlyArray<JsonObject>): ReadonlyArray<FieldError> =>
  numbered(constraints, "spec.topologySpreadConstraints").flatMap(({ at, item }, i) => {
    const pairOf = (one: JsonObject) => `{${text(one, "topologyKey")}, ${text(one, "whenUnsatisfiable")}}`
    const again = constraints.slice(i + 1).some((other) => pairOf(other) === pairOf(item))
    return [
      ...essentialErrors(item, at),
      ...(again ? [duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pairOf(item))] : []),
      ...refinementErrors(item, at)
    ]
  })
