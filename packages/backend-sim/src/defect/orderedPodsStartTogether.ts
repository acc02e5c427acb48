/** A cache that still has the life before answers for a pod of the same name. */
import { isCreated, isRunningAndReady, isTerminating, type PodObject } from "@kubereel/core"
import type { Defect } from "./Defect.ts"

const nameOf = ({ metadata }: PodObject): string => `${metadata.namespace ?? ""}/${metadata.name}`

export const orderedPodsStartTogether: Defect = {
  name: "orderedPodsStartTogether",
  sentence: "pods of a StatefulSet that is OrderedReady are made anew without waiting for one another",
  sources: ["kubernetes/kubernetes#41889", "kubernetes/kubernetes#82529"],
  breaks: ["L91"],
  provokedBy:
    "two pods or more of a StatefulSet that is OrderedReady have been ready once and are made anew: it is scaled to 0 and back, or all are deleted",
  decide: ({ planStatefulSet }) => {
    const lives = new Map<string, PodObject>()
    const asCached = (pod: PodObject): PodObject => {
      const before = lives.get(nameOf(pod))
      if (before === undefined || before.metadata.uid === pod.metadata.uid) return pod
      return isCreated(pod) && !isTerminating(pod) ? { ...pod, status: before.status } : pod
    }
    return {
      planStatefulSet: (set, pods, revisions, now) => {
        const plan = planStatefulSet(set, pods, revisions, now)
        const replicas = plan.replicas.map((pod) => (isRunningAndReady(pod) ? pod : asCached(pod)))
        for (const pod of pods) if (isRunningAndReady(pod) && !isTerminating(pod)) lives.set(nameOf(pod), pod)
        return { ...plan, replicas }
      }
    }
  }
}
