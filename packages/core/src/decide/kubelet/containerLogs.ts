/** Of which of its containers a kubelet shows the log, and how (`pkg/kubelet/kubelet_pods.go`, validateContainerLogStatus; `k8s.io/cri-client/pkg/logs/logs.go`). */
import { Result } from "effect"
import { type Instant, later, type Micros, SECOND, toMicroTime } from "../../event/Instant.ts"
import type { ContainerStatus, PodStatus } from "../../event/KubernetesObject.ts"
import { text } from "../apiserver/fields.ts"

const idOf = (terminated: ContainerStatus["state"] | undefined): string =>
  text(terminated?.terminated ?? {}, "containerID")

const waitingFor = (reason: string): string => {
  if (reason === "ErrImagePull") return "is waiting to start: image can't be pulled"
  if (reason === "ImagePullBackOff") return "is waiting to start: trying and failing to pull image"
  return `is waiting to start: ${reason}`
}

/** The ID of the container whose log is meant (`containerd://…`), or what the kubelet says instead. */
export const loggedContainer = (
  { pod, status }: { readonly pod: string; readonly status: PodStatus },
  container: string,
  previous: boolean
): Result.Result<string, string> => {
  const { containerStatuses = [], ephemeralContainerStatuses = [], initContainerStatuses = [] } = status
  const all = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses]
  const found = all.find(({ name }) => name === container)
  const which = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod)}`
  if (found === undefined) return Result.fail(`${which} is not available`)
  const { lastState, state = {} } = found
  const last = idOf(lastState)
  if (previous) return last === "" ? Result.fail(`previous terminated ${which} not found`) : Result.succeed(last)
  if (state.running !== undefined) return Result.succeed(found.containerID ?? "")
  const ended = idOf(state) || last
  if (ended !== "") return Result.succeed(ended)
  if (state.terminated !== undefined || lastState?.terminated !== undefined)
    return Result.fail(`${which} is terminated`)
  if (state.waiting !== undefined) return Result.fail(`${which} ${waitingFor(text(state.waiting, "reason"))}`)
  return Result.fail(`${which} is waiting to start - no logs yet`)
}

/** A line of a log, and when it was written. */
export interface WrittenLine {
  readonly at: Instant
  readonly line: string
}

export interface LogReading {
  readonly timestamps: boolean
  readonly since: Instant | undefined
  readonly tailLines: number | undefined
  readonly limitBytes: number | undefined
}

/** Nanoseconds, all of them. */
const stamp = (at: Instant): string => toMicroTime(at).replace("Z", "000Z")

/** What is asked for of the lines that are there: the last so many, of these those since then, and of each what it is shown with. */
export const readLines = (
  lines: ReadonlyArray<WrittenLine>,
  { since, tailLines, timestamps }: LogReading
): ReadonlyArray<string> =>
  (tailLines === undefined ? lines : tailLines === 0 ? [] : lines.slice(-tailLines))
    .filter(({ at }) => since === undefined || at >= since)
    .map(({ at, line }) => `${timestamps ? `${stamp(at)} ` : ""}${line}\n`)

/** As many bytes of a text as may be shown, whole characters only. */
export const withinBytes = (shown: string, limit: number): string => {
  const bytes = new TextEncoder().encode(shown)
  if (bytes.length <= limit) return shown
  let end = limit
  // Not into the middle of a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return new TextDecoder().decode(bytes.subarray(0, end))
}

/** From which moment on, counted back from now. */
export const sinceSecondsAgo = (now: Instant, seconds: number): Instant => later(now, (-seconds * SECOND) as Micros)
