/** A deleted pod that has succeeded is said to be pending again once its containers are removed (fixed by "Use previous phase if current phase is unknown"). */
import type { Defect } from "./Defect.ts"
import { endIsKnown } from "./endIsKnown.ts"

export const phaseLeavesSucceeded: Defect = {
  name: "phaseLeavesSucceeded",
  sentence: "the phase of a deleted pod goes from Succeeded to Pending when its containers are removed",
  sources: ["kubernetes/kubernetes#54499", "kubernetes/kubernetes#59228"],
  breaks: ["L10"],
  provokedBy: "a pod with restartPolicy Never or OnFailure is deleted, and its program exits 0 on TERM",
  decide: ({ generateAPIPodStatus }) => {
    const isKnown = endIsKnown()
    return {
      // Of a container that the runtime does not know nothing is known, whatever was said of it before.
      checkContainerStateTransition: () => undefined,
      generateAPIPodStatus: (api, before, view) => {
        const isGone = isKnown(api, view) && api.metadata.deletionTimestamp !== undefined
        if (!isGone || before.phase !== "Succeeded") return generateAPIPodStatus(api, before, view)
        const forgotten = { ...api, phase: undefined, containers: [] }
        return generateAPIPodStatus(forgotten, forgotten, { ...view, runtime: { ...view.runtime, containers: [] } })
      }
    }
  }
}
