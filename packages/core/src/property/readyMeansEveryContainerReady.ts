/** L20: the pod's readiness is that of its containers. */
import { always, lifeOf, type PodLaw } from "./PodLaw.ts"

const ready = [{ type: "Ready", status: "True" }]

export const readyMeansEveryContainerReady: PodLaw = {
  id: "L20",
  sentence: "a pod that is Ready has only containers that are ready",
  source: "pkg/kubelet/status/generate.go, GeneratePodReadyCondition",
  violatedAt: always(({ status }) => {
    const isReady = status.conditions?.some(({ status: value, type }) => type === "Ready" && value === "True") === true
    return !isReady || (status.containerStatuses ?? []).every((container) => container.ready)
  }),
  counterexample: lifeOf({
    status: {
      conditions: ready,
      containerStatuses: [{ name: "main", ready: false, restartCount: 0, image: "i", imageID: "" }]
    }
  })
}
