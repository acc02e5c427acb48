/**
 * L22: only a running container that has started can be ready. One that was restarted by the sync that killed it for a probe is at first
 * as its forerunner was, until its own startup probe says that it has not started (K-162): that is excused for later instances. So is
 * one that was ready before its startup probe had an answer, as after a restart of its kubelet: the answer takes back `started` first.
 */
import type { ContainerStatus, PodObject } from "../event/KubernetesObject.ts"
import { lifeOf, type PodLaw } from "./PodLaw.ts"

const wasReady = (before: PodObject | undefined, { containerID, name }: ContainerStatus): boolean =>
  (before?.status.containerStatuses ?? []).some(
    (old) => old.name === name && old.containerID === containerID && old.ready
  )

const holds = (container: ContainerStatus, before: PodObject | undefined): boolean => {
  const { ready, restartCount, started, state } = container
  if (!ready) return true
  if (state?.running === undefined) return false
  return started !== false || restartCount > 0 || wasReady(before, container)
}

export const readyMeansRunningAndStarted: PodLaw = {
  id: "L22",
  sentence: "a container that is ready runs and has started",
  source: "pkg/kubelet/prober/prober_manager.go, UpdatePodStatus",
  violatedAt: ({ versions }) => {
    const index = versions.findIndex(({ status }, at) =>
      (status.containerStatuses ?? []).some((container) => !holds(container, versions[at - 1]))
    )
    return index < 0 ? undefined : index
  },
  counterexample: lifeOf({
    status: {
      containerStatuses: [
        { name: "main", state: { waiting: {} }, ready: true, restartCount: 0, image: "i", imageID: "" }
      ]
    }
  })
}
