/** Node selectors and node affinity (`pkg/scheduler/framework/plugins/nodeaffinity`, component-helpers `scheduling/corev1/nodeaffinity`). */
import type { JsonObject } from "../../event/Json.ts"
import type { PodObject, PodSpec } from "../../event/KubernetesObject.ts"
import type { NodeObject } from "./NodeInfo.ts"
import { defaultNormalize, type FilterPlugin, type ScorePlugin } from "./Plugin.ts"

interface Requirement extends JsonObject {
  readonly key: string
  readonly operator: string
  readonly values?: ReadonlyArray<string>
}

export interface NodeSelectorTerm extends JsonObject {
  readonly matchExpressions?: ReadonlyArray<Requirement>
  readonly matchFields?: ReadonlyArray<Requirement>
}

interface NodeAffinity extends JsonObject {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: {
    readonly nodeSelectorTerms?: ReadonlyArray<NodeSelectorTerm>
  }
  readonly preferredDuringSchedulingIgnoredDuringExecution?: ReadonlyArray<{
    readonly weight: number
    readonly preference: NodeSelectorTerm
  }>
}

const affinityOf = (spec: PodSpec): NodeAffinity =>
  (spec["affinity"] as { readonly nodeAffinity?: NodeAffinity } | undefined)?.nodeAffinity ?? {}

const requiredTerms = (spec: PodSpec): ReadonlyArray<NodeSelectorTerm> | undefined => {
  const required = affinityOf(spec).requiredDuringSchedulingIgnoredDuringExecution
  return required === undefined ? undefined : (required.nodeSelectorTerms ?? [])
}

const integer = /^[+-]?\d+$/

/** One requirement on a label, or on the field `metadata.name` (`apimachinery/pkg/labels/selector.go`, Requirement.Matches). */
const matchesRequirement = (
  { key, operator, values = [] }: Requirement,
  of: { readonly [key: string]: string }
): boolean => {
  const value = Object.hasOwn(of, key) ? of[key] : undefined
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value)
    case "NotIn":
      return value === undefined || !values.includes(value)
    case "Exists":
      return value !== undefined
    case "DoesNotExist":
      return value === undefined
    case "Gt":
    case "Lt": {
      const [bound = ""] = values
      if (value === undefined || values.length !== 1 || !integer.test(value) || !integer.test(bound)) return false
      return operator === "Gt" ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound)
    }
    default:
      return false
  }
}

/** A term without any requirement matches nothing. */
export const matchesNodeTerm = (
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  { metadata }: Pick<NodeObject, "metadata">
): boolean =>
  matchExpressions.length + matchFields.length > 0 &&
  matchExpressions.every((requirement) => matchesRequirement(requirement, metadata.labels ?? {})) &&
  matchFields.every((requirement) => matchesRequirement(requirement, { "metadata.name": metadata.name }))

/** `spec.nodeSelector` and the required terms, of which one is enough (GetRequiredNodeAffinity). */
export const matchesRequired = (spec: PodSpec, node: NodeObject): boolean => {
  const labels = node.metadata.labels ?? {}
  const selected = Object.entries(spec.nodeSelector ?? {}).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value
  )
  return selected && (requiredTerms(spec)?.some((term) => matchesNodeTerm(term, node)) ?? true)
}

const namesOf = (term: NodeSelectorTerm): ReadonlyArray<string> | undefined =>
  (term.matchFields ?? [])
    .filter(({ key, operator }) => key === "metadata.name" && operator === "In")
    .map(({ values = [] }) => values)
    .reduce<ReadonlyArray<string> | undefined>(
      (names, more) => names?.filter((name) => more.includes(name)) ?? more,
      undefined
    )

/**
 * The nodes that the required terms name, if every term names some (PreFilter). `undefined`: any node may do; empty: the
 * terms contradict themselves.
 */
export const namedNodes = (spec: PodSpec): ReadonlySet<string> | undefined => {
  const named = (requiredTerms(spec) ?? []).map(namesOf)
  if (named.length === 0) return undefined
  const all = new Set<string>()
  for (const names of named) {
    if (names === undefined) return undefined
    for (const name of names) all.add(name)
  }
  return all
}

export const TERMS_CONFLICT = "pod affinity terms conflict"

const preferredTerms = (spec: PodSpec) => affinityOf(spec).preferredDuringSchedulingIgnoredDuringExecution ?? []

/** The sum of the weights of the preferred terms that the node matches. */
export const weighAffinity = ({ spec }: PodObject, node: NodeObject): number =>
  preferredTerms(spec).reduce(
    (sum, { weight, preference }) => sum + (matchesNodeTerm(preference, node) ? weight : 0),
    0
  )

const most = defaultNormalize(false)

export const nodeAffinity: FilterPlugin & ScorePlugin = {
  name: "NodeAffinity",
  weight: 2,
  filter: ({ pod }, { node }) =>
    matchesRequired(pod.spec, node)
      ? undefined
      : { plugin: "NodeAffinity", reasons: ["node(s) didn't match Pod's node affinity/selector"], resolvable: false },
  hint: ({ pod }, change) => {
    switch (change._tag) {
      case "NodeAdded":
        return matchesRequired(pod.spec, change.node)
      case "NodeUpdated":
        return matchesRequired(pod.spec, change.node) && !matchesRequired(pod.spec, change.before)
      case "TolerationAdded":
      case "AssignedPodDeleted":
        return false
    }
  },
  prepare: ({ pod, view }) =>
    preferredTerms(pod.pod.spec).length === 0
      ? undefined
      : { score: ({ slot }) => view.affinity[slot] ?? 0, normalize: most }
}
