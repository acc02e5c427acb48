/** What is asked of containers again and again. */
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

/** An instance that was not there at the moment before runs, or has run. */
export const started: Atom<ContainerSeen> = when("started", (seen) => {
  const [was, is] = [seen.before?.status, seen.status]
  const state = is?.state
  const runs = state?.running !== undefined || state?.terminated !== undefined
  return because(
    runs && (is?.containerID !== was?.containerID || was?.state?.waiting !== undefined),
    () => `${seen.name} ${stateOf(seen)}, ${is?.containerID ?? "no instance"}`
  )
})

/** An instance that had not ended at the moment before has. */
export const exited: Atom<ContainerSeen> = when("exited", (seen) => {
  const endOf = (status: ContainerSeen["status"]) => status?.state?.terminated ?? status?.lastState?.terminated
  const [was, is] = [endOf(seen.before?.status), endOf(seen.status)]
  return because(is !== undefined && is.containerID !== was?.containerID, () => `${seen.name} ${stateOf(seen)}`)
})
