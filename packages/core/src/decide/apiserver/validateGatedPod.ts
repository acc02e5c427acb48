/** Where a pod that still waits for its gates may go: it may become choosier (`pkg/apis/core/validation/validation.go`, validateNodeSelectorMutation, validateNodeAffinityMutation; C-113). */
import { isJsonObject, type JsonObject, jsonEqual } from "../../event/Json.ts"
import { entries, mapping } from "./fields.ts"
import { internalJson } from "./internalJson.ts"
import { type FieldError, invalid } from "./status.ts"

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
const TERMS = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`

const selectorErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const [selector, before] = [mapping(next, "nodeSelector"), mapping(old, "nodeSelector")]
  const kept = Object.keys(before).every((label) => selector[label] === before[label])
  const why = "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
  const shown = next["nodeSelector"] === undefined ? null : selector
  return kept ? [] : [invalid("spec.nodeSelector", shown, why)]
}

const nodeAffinityOf = (spec: JsonObject): JsonObject => mapping(mapping(spec, "affinity"), "nodeAffinity")

const termsOf = (spec: JsonObject): ReadonlyArray<JsonObject> =>
  entries(mapping(nodeAffinityOf(spec), REQUIRED), "nodeSelectorTerms")

const lists = ["matchExpressions", "matchFields"]

/** validateNodeSelectorTermHasOnlyAdditions: what was asked for stays, in its place. */
const onlyGrows = (term: JsonObject, before: JsonObject): boolean => {
  const wasEmpty = lists.every((list) => entries(before, list).length === 0)
  if (wasEmpty) return lists.every((list) => entries(term, list).length === 0)
  return lists.every((list) => {
    const had = entries(before, list)
    return jsonEqual([...entries(term, list).slice(0, had.length)], [...had])
  })
}

const affinityErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const [terms, before] = [termsOf(next), termsOf(old)]
  const shown = (term: JsonObject) => internalJson("NodeSelectorTerm", term)
  if (before.length > 0 && before.length !== terms.length) {
    const why = "no additions/deletions to non-empty NodeSelectorTerms list are allowed"
    return [invalid(TERMS, terms.length === 0 ? null : terms.map(shown), why)]
  }
  return before.flatMap((term, i) => {
    const now = terms[i] ?? {}
    return onlyGrows(now, term)
      ? []
      : [invalid(`${TERMS}[${i}]`, shown(now), "only additions are allowed (no mutations or deletions)")]
  })
}

export const gatedPodErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => [
  ...selectorErrors(next, old),
  ...affinityErrors(next, old)
]

/** The new spec with the affinity to nodes set back; one of which nothing was left before is none again. */
export const withAffinityOf = (next: JsonObject, old: JsonObject): JsonObject => {
  const before = mapping(old, "affinity")["nodeAffinity"]
  if (jsonEqual(mapping(next, "affinity")["nodeAffinity"], before)) return next
  const { nodeAffinity: _, ...others } = mapping(next, "affinity")
  const alone = !isJsonObject(old["affinity"]) && Object.keys(others).length === 0
  if (alone) return { ...next, affinity: undefined }
  return { ...next, affinity: before === undefined ? others : { ...others, nodeAffinity: before } }
}
