/** Completed init containers are collected, and then they are said to wait, and the pod to be pending, while it serves. */
import {
  type Container,
  hasAnyActiveRegularContainerStarted,
  isRestartableInitContainer,
  podPhase
} from "@kubereel/core"
import type { Defect } from "./Defect.ts"

const forgotten = (container: Container): Container => ({
  ...container,
  state: { _tag: "Waiting", reason: "PodInitializing" },
  lastState: { _tag: "NoState" },
  ready: false,
  started: false,
  containerID: undefined,
  imageID: "",
  restartCount: 0
})

const isDone = ({ kind, state }: Container): boolean =>
  kind === "init" && state?._tag === "Terminated" && state.exitCode === 0

export const initStatusIsForgotten: Defect = {
  name: "initStatusIsForgotten",
  sentence: "the status of a completed init container falls back to Waiting while regular containers run",
  sources: ["kubernetes/kubernetes#29972", "kubernetes/kubernetes#51644"],
  breaks: ["L33"],
  provokedBy:
    "a pod with restartPolicy Always has an init container that is no sidecar, and its regular containers run",
  decide: ({ generateAPIPodStatus }) => {
    /** Those of which it was said that they run. */
    const served = new Set<string>()
    return {
      generateAPIPodStatus: (api, before, view) => {
        const generated = generateAPIPodStatus(api, before, view)
        const { pod } = generated
        const { uid = "" } = pod.metadata
        const sidecars = (pod.spec.initContainers ?? []).filter(isRestartableInitContainer).map(({ name }) => name)
        const isCollected = (one: Container) => isDone(one) && !sidecars.includes(one.name)
        if (pod.phase !== "Running" || !pod.containers.some(isCollected)) return generated
        if (!served.has(uid)) {
          served.add(uid)
          return generated
        }
        const containers = pod.containers.map((one) => (isCollected(one) ? forgotten(one) : one))
        const initialized = hasAnyActiveRegularContainerStarted(pod, view.runtime)
        const phase = podPhase(pod, containers, { terminal: false, initialized })
        return { ...generated, pod: { ...pod, containers, phase } }
      }
    }
  }
}
