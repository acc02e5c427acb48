/** From which nodes a volume can be reached (`component-helpers/storage/volume/helpers.go`, CheckNodeAffinity). */
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { entries, mapping } from "../apiserver/fields.ts"
import { matchesNodeTerm, type NodeSelectorTerm } from "../scheduler/nodeAffinity.ts"

/** `labels`: of the node, of which nothing else is known: its name in a term matches nothing. */
export const isReachable = (volume: KubernetesObject, labels: Readonly<Record<string, string>>): boolean => {
  const affinity = mapping(mapping(volume, "spec"), "nodeAffinity")
  if (affinity["required"] == null) return true
  const terms = entries(mapping(affinity, "required"), "nodeSelectorTerms") as ReadonlyArray<NodeSelectorTerm>
  return terms.some((term) => matchesNodeTerm(term, { metadata: { name: "", labels } }))
}
