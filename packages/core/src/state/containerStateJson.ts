/** `state` and `lastState` of a container as JSON and back (`ContainerState`, k8s.io/api/core/v1/types.go). */
import { isJsonObject, type Json } from "../event/Json.ts"
import type { ContainerStateJson } from "../event/KubernetesObject.ts"
import type { ContainerState, Terminated, Waiting } from "../event/PodEvent.ts"
import { integer, text, time } from "./fields.ts"

const noState: ContainerState = Object.freeze({ _tag: "NoState" })

/** `undefined` where the field is absent or no object; `NoState` where it names none of the three states, or several. */
export const parseContainerState = (json: Json | undefined): ContainerState | undefined => {
  if (!isJsonObject(json)) return undefined
  const { waiting, running, terminated } = json
  const named = (waiting === undefined ? 0 : 1) + (running === undefined ? 0 : 1) + (terminated === undefined ? 0 : 1)
  if (named !== 1) return noState
  if (isJsonObject(waiting)) return waitingOf({ reason: text(waiting.reason), message: text(waiting.message) })
  if (isJsonObject(running)) return { _tag: "Running", startedAt: time(running.startedAt) ?? null }
  if (!isJsonObject(terminated)) return noState
  return terminatedOf({
    exitCode: integer(terminated.exitCode) ?? 0,
    signal: integer(terminated.signal),
    reason: text(terminated.reason),
    message: text(terminated.message),
    startedAt: time(terminated.startedAt) ?? null,
    finishedAt: time(terminated.finishedAt) ?? null,
    containerID: text(terminated.containerID)
  })
}

type Loose<T> = { readonly [K in Exclude<keyof T, "_tag">]: T[K] | undefined }

/** A state out of fields of which some may be `undefined`: those are left out. */
export const waitingOf = ({
  reason,
  message
}: {
  reason?: string | undefined
  message?: string | undefined
}): Waiting => ({
  _tag: "Waiting",
  ...(reason === undefined ? undefined : { reason }),
  ...(message === undefined ? undefined : { message })
})

export const terminatedOf = (
  from: Pick<Terminated, "exitCode" | "startedAt" | "finishedAt"> & Partial<Loose<Terminated>>
): Terminated => ({
  _tag: "Terminated",
  exitCode: from.exitCode,
  ...(from.signal === undefined ? undefined : { signal: from.signal }),
  ...(from.reason === undefined ? undefined : { reason: from.reason }),
  ...(from.message === undefined ? undefined : { message: from.message }),
  startedAt: from.startedAt,
  finishedAt: from.finishedAt,
  ...(from.containerID === undefined ? undefined : { containerID: from.containerID })
})

export const renderContainerState = (state: ContainerState): ContainerStateJson => {
  switch (state._tag) {
    case "NoState":
      return {}
    case "Waiting": {
      const { _tag, ...waiting } = state
      return { waiting }
    }
    case "Running":
      return { running: { startedAt: state.startedAt } }
    case "Terminated": {
      const { _tag, ...terminated } = state
      return { terminated }
    }
  }
}

export const sameContainerState = (a: ContainerState | undefined, b: ContainerState | undefined): boolean => {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  switch (a._tag) {
    case "NoState":
      return b._tag === "NoState"
    case "Waiting":
      return b._tag === "Waiting" && a.reason === b.reason && a.message === b.message
    case "Running":
      return b._tag === "Running" && a.startedAt === b.startedAt
    case "Terminated":
      return (
        b._tag === "Terminated" &&
        a.exitCode === b.exitCode &&
        a.signal === b.signal &&
        a.reason === b.reason &&
        a.message === b.message &&
        a.startedAt === b.startedAt &&
        a.finishedAt === b.finishedAt &&
        a.containerID === b.containerID
      )
  }
}
