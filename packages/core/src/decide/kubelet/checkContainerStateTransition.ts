/** Which reports of a container are refused as impossible (`pkg/kubelet/status/status_manager.go`, checkContainerStateTransition; K-229). */
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { Container, Pod } from "../../state/Pod.ts"
import { allContainersCouldRestart, containerShouldRestart, isRestartableInitContainer } from "./containerRestart.ts"

/** May a container that has ended be reported as anything else than ended? */
const mayLeave = (old: Container, spec: ContainerSpec | undefined, { spec: podSpec }: Pod): boolean => {
  if (old.state?._tag !== "Terminated") return true
  if (old.state.exitCode !== 0 && podSpec.restartPolicy === "OnFailure") return true
  if (spec === undefined) return false
  if (old.kind === "init" && isRestartableInitContainer(spec)) return true
  return containerShouldRestart(spec, podSpec, old.state.exitCode)
}

const specOf = ({ kind, name }: Container, { spec }: Pod): ContainerSpec | undefined =>
  (kind === "init" ? spec.initContainers : spec.containers)?.find((container) => container.name === name)

/** The name of a container that had ended for good and that `next` says has not: then the whole status is not taken. */
export const checkContainerStateTransition = (
  old: ReadonlyArray<Container>,
  next: ReadonlyArray<Container>,
  pod: Pod
): string | undefined => {
  if ((pod.spec.restartPolicy ?? "Always") === "Always" || allContainersCouldRestart(pod.spec)) return undefined
  return old.find(
    (before) =>
      before.kind !== "ephemeral" &&
      !mayLeave(before, specOf(before, pod), pod) &&
      next.some(({ kind, name, state }) => kind === before.kind && name === before.name && state?._tag !== "Terminated")
  )?.name
}
