/** What is asked of containers again and again. */
import type { ContainerStatus } from "../../event/KubernetesObject.ts"
import type { Atom } from "../language/Formula.ts"
import { because, when } from "../language/operators.ts"
import type { ContainerSeen } from "../slice/container.ts"

const stateOf = ({ status }: ContainerSeen): string => {
  const { running, terminated, waiting } = status?.state ?? {}
  if (running !== undefined) return "running"
  if (terminated !== undefined) return `terminated, exit ${String(terminated.exitCode)}`
  return waiting === undefined ? "not reported" : `waiting (${String(waiting.reason ?? "no reason")})`
}

/** It runs, as the kubelet last said. */
export const running: Atom<ContainerSeen> = when("running", (seen) =>
  because(seen.status?.state?.running !== undefined, () => `${seen.name} ${stateOf(seen)}`)
)

/** It has ended and was not started again, as the kubelet last said. */
export const terminated: Atom<ContainerSeen> = when("terminated", (seen) =>
  because(seen.status?.state?.terminated !== undefined, () => `${seen.name} ${stateOf(seen)}`)
)

export const ready: Atom<ContainerSeen> = when("ready", (seen) =>
  because(seen.status?.ready === true, () => `${seen.name} ready=${String(seen.status?.ready ?? false)}`)
)

type Status = ContainerStatus | undefined

/** An instance that was not there at the moment before runs, or has run. */
export const hasStarted = (was: Status, is: Status): boolean => {
  const runs = is?.state?.running !== undefined || is?.state?.terminated !== undefined
  return runs && (is.containerID !== was?.containerID || was?.state?.waiting !== undefined)
}

const endOf = (status: Status) => status?.state?.terminated ?? status?.lastState?.terminated

/** An instance that had not ended at the moment before has. */
export const hasExited = (was: Status, is: Status): boolean => {
  const end = endOf(is)
  return end !== undefined && end.containerID !== endOf(was)?.containerID
}

export const started: Atom<ContainerSeen> = when("started", (seen) =>
  because(
    hasStarted(seen.before?.status, seen.status),
    () => `${seen.name} ${stateOf(seen)}, ${seen.status?.containerID ?? "no instance"}`
  )
)

export const exited: Atom<ContainerSeen> = when("exited", (seen) =>
  because(hasExited(seen.before?.status, seen.status), () => `${seen.name} ${stateOf(seen)}`)
)
