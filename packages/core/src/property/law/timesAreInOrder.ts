/**
 * L96: one clock, the node's, stamps a pod's start and its containers' starts and ends. A container that could not be started has
 * no time of its start, or the year 1970. A kubelet that was restarted may find a static pod before its mirror, and stamps its start
 * anew (pkg/kubelet/status/status_manager.go, updateStatusInternal).
 */
import type { ContainerStateJson } from "../../event/KubernetesObject.ts"
import { because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"
import { isMirror } from "../vocabulary/pod.ts"

/** Stamps of one form are in the order of their texts. */
const isAfter = (one: unknown, other: unknown): boolean =>
  typeof one === "string" && typeof other === "string" && one.length === other.length && one > other

const EPOCH = "1970-01-01T00:00:00Z"

/** What of a state is out of order. */
const wrong = (state: ContainerStateJson | undefined, startTime: string | undefined): string | undefined => {
  const told = state?.running ?? state?.terminated
  const startedAt = told?.startedAt
  if (startedAt === undefined || startedAt === EPOCH) return undefined
  if (isAfter(startTime, startedAt)) return `startTime ${startTime} is after startedAt ${String(startedAt)}`
  const finishedAt = state?.terminated?.finishedAt
  return isAfter(startedAt, finishedAt)
    ? `startedAt ${String(startedAt)} is after finishedAt ${String(finishedAt)}`
    : undefined
}

const inOrder = when("pod start ≤ container start ≤ its end", ({ pod, status }: ContainerSeen) => {
  const startTime = isMirror(pod) ? undefined : pod.status.startTime
  const found = wrong(status?.state, startTime) ?? wrong(status?.lastState, startTime)
  return found === undefined || because(false, () => found)
})

const hasRun = when("it has run", ({ status }: ContainerSeen) => status?.containerID !== undefined)

export const timesAreInOrder = property(
  "L96",
  {
    name: "container/times-are-in-order",
    says: "A container starts no earlier than its pod, and ends no earlier than it started",
    source: "pkg/apis/core/types.go, PodStatus.StartTime and ContainerStateTerminated",
    each: container,
    clock: "node"
  },
  () => implies(hasRun, inOrder)
)
