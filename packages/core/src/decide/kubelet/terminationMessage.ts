/** What a container leaves behind when it ends (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, convertToKubeContainerStatus and getTerminationMessage; K-380…K-383). */
import type { ContainerSpec, PodSpec } from "../../event/KubernetesObject.ts"
import type { ContainerState } from "../../event/PodEvent.ts"
import type { Container } from "../../state/Pod.ts"

/** `pkg/kubelet/container/runtime.go`: bytes of the file, lines and bytes of the log, bytes of all containers of a pod together. */
const MAX_FILE_BYTES = 4096
const MAX_LOG_LINES = 80
const MAX_LOG_BYTES = 2048
const MAX_POD_BYTES = 12_288

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

/** How many bytes the character has that this byte begins. */
const lengthOf = (byte: number): number => (byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4)

/** Where the last character begins that is cut off, else the end. */
const endOfWhole = (bytes: Uint8Array): number => {
  let start = bytes.length - 1
  while (start > 0 && isContinuation(bytes[start])) start--
  return start >= 0 && start + lengthOf(bytes[start] ?? 0) > bytes.length ? start : bytes.length
}

/** As Go's JSON writes bytes: each that belongs to no whole character becomes U+FFFD. */
const text = (bytes: Uint8Array): string => {
  let begin = 0
  while (isContinuation(bytes[begin])) begin++
  const whole = bytes.subarray(begin)
  const end = endOfWhole(whole)
  const lost = (count: number) => "\ufffd".repeat(count)
  return lost(begin) + decoder.decode(whole.subarray(0, end)) + lost(whole.length - end)
}

const lastBytes = (value: string, most: number): string => {
  const bytes = encoder.encode(value)
  return bytes.length <= most ? value : text(bytes.subarray(bytes.length - most))
}

const firstBytes = (value: string, most: number): string => {
  const bytes = encoder.encode(value)
  return bytes.length <= most ? value : text(bytes.subarray(0, most))
}

/** What the runtime says of an end, and what the process left. */
export interface ContainerEnd {
  readonly exitCode: number
  readonly reason: string
  /** The runtime's own words. */
  readonly message: string
  /** What is in the file that `terminationMessagePath` names; empty if there is none. */
  readonly file: string
  /** The lines of the log, without their ends. */
  readonly log: ReadonlyArray<string>
}

/** `state.terminated.message`, before the pod's limit. */
export const terminationMessage = (container: ContainerSpec, end: ContainerEnd): string => {
  const file = container.terminationMessagePath === "" ? "" : lastBytes(end.file, MAX_FILE_BYTES)
  const fallBack =
    file === "" &&
    container.terminationMessagePolicy === "FallbackToLogsOnError" &&
    end.exitCode !== 0 &&
    end.reason !== "ContainerCannotRun"
  const log = fallBack ? end.log.slice(-MAX_LOG_LINES).map((line) => `${line}\n`) : []
  const left = fallBack ? lastBytes(log.join(""), MAX_LOG_BYTES) : file
  return [end.message, left].filter((part) => part !== "").join(": ")
}

const cut = (state: ContainerState | undefined, most: number): ContainerState | undefined =>
  state?._tag === "Terminated" && state.message !== undefined
    ? { ...state, message: firstBytes(state.message, most) }
    : state

/** All messages of a pod share 12 KiB evenly (`pkg/kubelet/status/status_manager.go`, normalizeStatus; K-383). */
export const limitMessages = (containers: ReadonlyArray<Container>, spec: PodSpec): ReadonlyArray<Container> => {
  const count = spec.containers.length + (spec.initContainers?.length ?? 0) + (spec.ephemeralContainers?.length ?? 0)
  const most = Math.floor(MAX_POD_BYTES / Math.max(count, 1))
  return containers.map((container) => {
    const [state, lastState] = [cut(container.state, most), cut(container.lastState, most)]
    return state === container.state && lastState === container.lastState
      ? container
      : { ...container, state, lastState }
  })
}
