/** How a pod goes: alive, to be deleted, ended, gone; by force, held back, or on a node that is not heard of. */
import { isTerminalPhase } from "../../decide/kubelet/podPhase.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { isUnreachable } from "../vocabulary/node.ts"
import { type Edge, goalsOf } from "./Edge.ts"

const isMarked = ({ metadata }: PodObject): boolean => metadata.deletionTimestamp !== undefined
const grace = ({ metadata }: PodObject): number => metadata.deletionGracePeriodSeconds ?? 0
const hasEnded = ({ status }: PodObject): boolean => isTerminalPhase(status.phase)
const isHeld = ({ metadata }: PodObject): boolean => (metadata.finalizers?.length ?? 0) > 0
const isLost = ({ node }: PodSeen): boolean => node !== undefined && isUnreachable(node)

/** With the moment before, where there is one. */
const step = (id: string, says: string, taken: (is: PodSeen, was: PodObject) => boolean): Edge<PodSeen> => ({
  id,
  says,
  taken: (seen) => seen.before !== undefined && taken(seen, seen.before.pod)
})

const edges: ReadonlyArray<Edge<PodSeen>> = [
  step(
    "alive-to-marked",
    "A pod that is there is to be deleted, with grace",
    ({ pod: is }, was) => !isMarked(was) && isMarked(is) && grace(is) > 0
  ),
  step(
    "marked-to-terminal",
    "A pod that is to be deleted has ended",
    ({ pod: is }, was) => isMarked(was) && !hasEnded(was) && hasEnded(is)
  ),
  step(
    "terminal-to-gone",
    "A pod that was to be deleted, and had ended, is gone",
    ({ isDeleted, pod: is }) => isDeleted && isMarked(is) && hasEnded(is)
  ),
  step(
    "ended-to-gone",
    "A pod that had ended by itself is deleted",
    ({ pod: is }, was) => !isMarked(was) && hasEnded(was) && isMarked(is)
  ),
  step(
    "unscheduled-to-gone",
    "A pod without a node is gone",
    ({ isDeleted, nodeName }) => isDeleted && nodeName === undefined
  ),
  step(
    "forced",
    "A pod that has not ended is gone by force",
    ({ isDeleted, nodeName, pod: is }) => isDeleted && nodeName !== undefined && grace(is) === 0 && !hasEnded(is)
  ),
  step(
    "grace-shortened",
    "The grace of a deletion becomes shorter, and is not over",
    ({ pod: is }, was) => isMarked(was) && grace(is) > 0 && grace(is) < grace(was)
  ),
  step(
    "held",
    "A finalizer holds a pod that has ended and is to be deleted",
    ({ isDeleted, pod: is }) => !isDeleted && isMarked(is) && hasEnded(is) && isHeld(is)
  ),
  step(
    "released",
    "The last finalizer of a pod that is to be deleted goes",
    ({ pod: is }, was) => isMarked(was) && isHeld(was) && !isHeld(is)
  ),
  step(
    "marked-unreachable",
    "A pod is to be deleted whose node is not heard of",
    (seen, was) => !isMarked(was) && isMarked(seen.pod) && isLost(seen)
  ),
  step("unreachable-to-gone", "A pod is gone whose node is not heard of", (seen) => seen.isDeleted && isLost(seen))
]

export const deletionGoals = goalsOf({
  name: "pod/deletion",
  source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
  each: pod.with("node"),
  edges
})
