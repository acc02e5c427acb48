/** What is known of an earlier object of the same name is acted upon, as if names were identities. */
import type { Defect } from "./Defect.ts"

export const deletionHitsTheSuccessor: Defect = {
  name: "deletionHitsTheSuccessor",
  sentence: "a kubelet that ends a pod which is gone writes it over the pod that has its name by now, and deletes that",
  sources: ["k8ssandra/cass-operator#118", "instaclustr/cassandra-operator#402"],
  breaks: ["L2"],
  provokedBy:
    "a pod is deleted with grace period 0 while it runs, and before its containers have ended there is another one of its name, as a StatefulSet makes it",
  decide: ({ writesStatusOver }) => ({
    // As it was before this status: what is written is the whole object.
    writesStatusOver: (stored, own, same) => (same ? writesStatusOver(stored, own, same) : { ...own(), status: {} })
  })
}
