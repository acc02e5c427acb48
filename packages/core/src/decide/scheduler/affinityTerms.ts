/** The pod affinity and anti-affinity that a pod asks for (`staging/src/k8s.io/kube-scheduler/framework/types.go`, AffinityTerm, GetAffinityTerms). */
import type { Json, JsonObject } from "../../event/Json.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../apiserver/fields.ts"
import { type Labels, selects } from "../client/labelSelector.ts"

/** What a term looks at of a pod. */
export interface Labelled {
  readonly namespace: string
  readonly labels: Labels
}

/** The labels of a namespace; a namespace that is not known has none. */
export type NamespaceLabels = (namespace: string) => Labels

export interface AffinityTerm {
  readonly topologyKey: string
  readonly namespaces: ReadonlyArray<string>
  readonly namespaceSelector: Json | undefined
  readonly labelSelector: Json | undefined
  /** Terms of one key mean the same pods, whatever their topology. */
  readonly key: string
}

export interface WeightedTerm {
  /** Negative: it would rather not be there. */
  readonly weight: number
  readonly term: AffinityTerm
}

export interface PodAffinity {
  readonly required: ReadonlyArray<AffinityTerm>
  readonly requiredAnti: ReadonlyArray<AffinityTerm>
  /** Of affinity and, with negative weights, of anti-affinity. */
  readonly preferred: ReadonlyArray<WeightedTerm>
  /** Pods of one key ask for the same. Empty: for nothing. */
  readonly key: string
}

export const NO_AFFINITY: PodAffinity = { required: [], requiredAnti: [], preferred: [], key: "" }

/** Without any namespaces and selector of namespaces a term means the pod's own (getNamespacesFromPodAffinityTerm). */
const termOf = (term: JsonObject, namespace: string): AffinityTerm => {
  const named = (term["namespaces"] ?? []) as ReadonlyArray<string>
  const { labelSelector, namespaceSelector } = term
  const namespaces = named.length === 0 && namespaceSelector === undefined ? [namespace] : named
  const key = JSON.stringify([namespaces, namespaceSelector ?? null, labelSelector ?? null])
  return { topologyKey: text(term, "topologyKey"), namespaces, namespaceSelector, labelSelector, key }
}

const required = (of: JsonObject, namespace: string): ReadonlyArray<AffinityTerm> =>
  entries(of, "requiredDuringSchedulingIgnoredDuringExecution").map((term) => termOf(term, namespace))

const preferred = (of: JsonObject, namespace: string, sign: 1 | -1): ReadonlyArray<WeightedTerm> =>
  entries(of, "preferredDuringSchedulingIgnoredDuringExecution").map((weighted) => ({
    weight: sign * Number(weighted["weight"] ?? 0),
    term: termOf(mapping(weighted, "podAffinityTerm"), namespace)
  }))

export const podAffinityOf = ({ metadata, spec }: PodObject): PodAffinity => {
  const all = mapping(spec, "affinity")
  if (all["podAffinity"] === undefined && all["podAntiAffinity"] === undefined) return NO_AFFINITY
  const [affinity, anti] = [mapping(all, "podAffinity"), mapping(all, "podAntiAffinity")]
  const namespace = metadata.namespace ?? ""
  return {
    required: required(affinity, namespace),
    requiredAnti: required(anti, namespace),
    preferred: [...preferred(affinity, namespace, 1), ...preferred(anti, namespace, -1)],
    key: JSON.stringify([namespace, affinity, anti])
  }
}

export const matchesTerm = (
  { labelSelector, namespaceSelector, namespaces }: AffinityTerm,
  { labels, namespace }: Labelled,
  labelsOf: NamespaceLabels
): boolean =>
  (namespaces.includes(namespace) ||
    (namespaceSelector !== undefined && selects(namespaceSelector, labelsOf(namespace)))) &&
  selects(labelSelector, labels)

/** No terms match nothing (podMatchesAllAffinityTerms). */
export const matchesAllTerms = (
  terms: ReadonlyArray<AffinityTerm>,
  pod: Labelled,
  labelsOf: NamespaceLabels
): boolean => terms.length > 0 && terms.every((term) => matchesTerm(term, pod, labelsOf))
