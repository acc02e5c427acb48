/** What is asked of pods again and again. */
import { isTerminalPhase } from "../../decide/kubelet/podPhase.ts"
import type { ContainerStatus, PodObject } from "../../event/KubernetesObject.ts"
import type { Atom } from "../language/Formula.ts"
import { because, when } from "../language/operators.ts"
import type { PodSeen } from "../slice/pod.ts"

export const conditionOf = (pod: PodObject, type: string): string | undefined =>
  pod.status.conditions?.find((condition) => condition.type === type)?.status

const failedOf = (statuses: ReadonlyArray<ContainerStatus> | undefined): ContainerStatus | undefined =>
  statuses?.find(({ lastState, state }) => {
    const ended = state?.terminated ?? lastState?.terminated
    return ended !== undefined && ended.exitCode !== 0
  })

/** The first container that ended with another code than 0 when it ended last. */
export const failedContainerOf = ({ status }: PodObject): ContainerStatus | undefined =>
  failedOf(status.initContainerStatuses) ?? failedOf(status.containerStatuses)

/** The pod's condition has that status. */
export const condition = (type: string, status = "True"): Atom<PodSeen> =>
  when(`${type}=${status}`, ({ pod }) => {
    const found = conditionOf(pod, type)
    return because(found === status, () => `${type}=${found ?? "(none)"}`)
  })

export const phase = (...phases: ReadonlyArray<string>): Atom<PodSeen> =>
  when(`phase ${phases.join(" or ")}`, ({ pod }) =>
    because(phases.includes(pod.status.phase ?? ""), () => `phase ${pod.status.phase ?? "(none)"}`)
  )

/** Succeeded or Failed. */
export const terminal: Atom<PodSeen> = when("terminal", ({ pod }) =>
  because(isTerminalPhase(pod.status.phase), () => `phase ${pod.status.phase ?? "(none)"}`)
)

/** Its deletion was asked for. */
export const terminating: Atom<PodSeen> = when("terminating", ({ pod }) =>
  because(
    pod.metadata.deletionTimestamp !== undefined,
    () => `deletionTimestamp ${pod.metadata.deletionTimestamp ?? "(none)"}`
  )
)

/** It is gone. */
export const deleted: Atom<PodSeen> = when("deleted", (seen) => seen.isDeleted)

export const bound: Atom<PodSeen> = when("bound", ({ pod }) =>
  because(pod.spec.nodeName !== undefined, () => `nodeName ${pod.spec.nodeName ?? "(none)"}`)
)

/** Somebody must still do something about its deletion before it is gone. */
export const finalizers: Atom<PodSeen> = when("has finalizers", ({ pod }) =>
  because(
    (pod.metadata.finalizers?.length ?? 0) > 0,
    () => `finalizers ${pod.metadata.finalizers?.join(", ") ?? "(none)"}`
  )
)

/** It shows a static pod: what is done to it is not done to that one. */
export const isMirror = ({ metadata }: PodObject): boolean =>
  metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined
