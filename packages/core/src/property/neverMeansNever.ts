/** L42: restartPolicy Never. */
import { always, lifeOf, type PodLaw } from "./PodLaw.ts"

export const neverMeansNever: PodLaw = {
  id: "L42",
  sentence: "with restartPolicy Never no container restarts",
  source: "docs/concepts/workloads/pods/pod-lifecycle: Container restart policy",
  violatedAt: always(({ spec, status }) => {
    const own = spec.containers.some(({ restartPolicy }) => restartPolicy !== undefined)
    return (
      spec.restartPolicy !== "Never" ||
      own ||
      // One that was created and never ran, because the kubelet was restarted meanwhile, is started by another try.
      (status.containerStatuses ?? []).every(
        ({ lastState, restartCount }) => restartCount === 0 || lastState?.waiting !== undefined
      )
    )
  }),
  counterexample: lifeOf({
    spec: { containers: [], restartPolicy: "Never" },
    status: { containerStatuses: [{ name: "main", ready: true, restartCount: 1, image: "i", imageID: "" }] }
  })
}
