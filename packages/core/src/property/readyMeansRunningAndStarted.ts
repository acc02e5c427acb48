/** L22: only a running container that has started can be ready. */
import { always, lifeOf, type PodLaw } from "./PodLaw.ts"

export const readyMeansRunningAndStarted: PodLaw = {
  id: "L22",
  sentence: "a container that is ready runs and has started",
  source: "pkg/kubelet/prober/prober_manager.go, UpdatePodStatus",
  violatedAt: always(({ status }) =>
    (status.containerStatuses ?? []).every(
      ({ ready, started, state }) => !ready || (state?.running !== undefined && started !== false)
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
