/** The phase of a pod (`pkg/kubelet/kubelet_pods.go`, getPhase; K-200…K-202). */
import type { Container, Pod } from "../../state/Pod.ts"
import { restartsAfter } from "./shouldContainerBeRestarted.ts"

interface Count {
  readonly running: number
  readonly waiting: number
  readonly stopped: number
  readonly succeeded: number
  readonly unknown: number
  /** Stopped ones that the policy will start again. */
  readonly restartable: number
}

const count = (pod: Pod, containers: ReadonlyArray<Container>): Count => {
  const n = { running: 0, waiting: 0, stopped: 0, succeeded: 0, unknown: 0, restartable: 0 }
  for (const spec of pod.spec.containers) {
    const status = containers.find((one) => one.kind === "regular" && one.name === spec.name)
    const state = status?.state
    const last = status?.lastState
    if (state?._tag === "Running") n.running++
    else if (state?._tag === "Terminated") {
      n.stopped++
      if (state.exitCode === 0) n.succeeded++
      if (restartsAfter(spec, pod.spec, state.exitCode)) n.restartable++
    } else if (state?._tag === "Waiting") {
      if (last?._tag === "Terminated") {
        n.stopped++
        if (restartsAfter(spec, pod.spec, last.exitCode)) n.restartable++
      } else n.waiting++
    } else n.unknown++
  }
  return n
}

/** `terminal`: all its containers have been stopped for good. */
export const podPhase = (pod: Pod, containers: ReadonlyArray<Container>, terminal: boolean): string => {
  const n = count(pod, containers)
  if (n.waiting > 0) return "Pending"
  if (n.running > 0 && n.unknown === 0) return "Running"
  if (n.running === 0 && n.stopped > 0 && n.unknown === 0) {
    if (!terminal && n.restartable > 0) return "Running"
    return n.stopped === n.succeeded ? "Succeeded" : "Failed"
  }
  return "Pending"
}

export const isTerminalPhase = (phase: string | undefined): boolean => phase === "Succeeded" || phase === "Failed"
