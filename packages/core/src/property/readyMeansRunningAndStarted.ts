/**
 * L22: only a running container that has started can be ready. One that was restarted by the sync that killed it for a probe is at first
 * as its forerunner was, until its own startup probe says that it has not started (K-162): that is excused for later instances.
 */
import { always, lifeOf, type PodLaw } from "./PodLaw.ts"

export const readyMeansRunningAndStarted: PodLaw = {
  id: "L22",
  sentence: "a container that is ready runs and has started",
  source: "pkg/kubelet/prober/prober_manager.go, UpdatePodStatus",
  violatedAt: always(({ status }) =>
    (status.containerStatuses ?? []).every(
      ({ ready, restartCount, started, state }) =>
        !ready || (state?.running !== undefined && (started !== false || restartCount > 0))
    )
  ),
  counterexample: lifeOf({
    status: {
      containerStatuses: [
        { name: "main", state: { waiting: {} }, ready: true, restartCount: 0, image: "i", imageID: "" }
      ]
    }
  })
}
