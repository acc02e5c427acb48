/** L40: nothing restarts that did not end; what a kubelet created and another one found never started is waiting for ever. */
import { lifeOf, type PodLaw, step } from "./PodLaw.ts"

const running = (restartCount: number) => ({
  status: {
    containerStatuses: [
      { name: "main", state: { running: {} }, lastState: {}, ready: true, restartCount, image: "i", imageID: "" }
    ]
  }
})

export const restartFollowsADeath: PodLaw = {
  id: "L40",
  sentence: "a container whose restarts were counted up has a last state that ended, or never ran",
  source: "pkg/kubelet/kubelet_pods.go, convertToAPIContainerStatuses",
  violatedAt: step((before, after) =>
    (after.status.containerStatuses ?? []).every(({ lastState, name, restartCount }) => {
      const counted = before.status.containerStatuses?.find((container) => container.name === name)?.restartCount
      const over = lastState?.terminated ?? lastState?.waiting
      return counted === undefined || restartCount <= counted || over !== undefined
    })
  ),
  counterexample: lifeOf(running(0), running(1))
}
