/** L12: a pod succeeds only if all its containers did. */
import { always, lifeOf, type PodLaw } from "./PodLaw.ts"

const ended = (exitCode: number) => ({
  phase: "Succeeded",
  containerStatuses: [
    { name: "main", state: { terminated: { exitCode } }, ready: false, restartCount: 0, image: "i", imageID: "" }
  ]
})

export const succeededMeansExitZero: PodLaw = {
  id: "L12",
  sentence: "every container of a pod that succeeded ended with exit code 0",
  source: "pkg/kubelet/kubelet_pods.go, getPhase",
  violatedAt: always(
    ({ status }) =>
      status.phase !== "Succeeded" ||
      (status.containerStatuses ?? []).every(({ state }) => state?.terminated?.exitCode === 0)
  ),
  counterexample: lifeOf({ status: ended(1) })
}
