/**
 * How the containers of one pod are related in time, in the words of Kubernetes' own tests of container lifecycles
 * (`test/e2e_node/container_lifecycle_pod_construction.go`). Of each: pods. As the kubelet reports it: what begins and ends between
 * two reports is seen with the second one.
 */
import type { ContainerStatus, PodObject } from "../../event/KubernetesObject.ts"
import type { PodSeen } from "../slice/pod.ts"
import { hasExited, hasStarted } from "../vocabulary/container.ts"
import type { Atom, Formula } from "./Formula.ts"
import { and, because, eventually, never, not, once, previously, when } from "./operators.ts"

const statusOf = (pod: PodObject | undefined, name: string): ContainerStatus | undefined => {
  const is = (status: ContainerStatus) => status.name === name
  return pod?.status.containerStatuses?.find(is) ?? pod?.status.initContainerStatuses?.find(is)
}

type Step = (was: ContainerStatus | undefined, is: ContainerStatus | undefined) => boolean

const step = (name: string, does: string, happened: Step): Atom<PodSeen> =>
  when(`${name} ${does}`, ({ before, pod }) => {
    const is = statusOf(pod, name)
    return because(happened(statusOf(before?.pod, name), is), () => `${name} ${JSON.stringify(is?.state ?? {})}`)
  })

/** An instance of that container begins. */
export const starts = (name: string): Atom<PodSeen> => step(name, "starts", hasStarted)
/** An instance of that container has ended. */
export const exits = (name: string): Atom<PodSeen> => step(name, "exits", hasExited)

const runs = (name: string): Atom<PodSeen> => step(name, "runs", (_, is) => is?.state?.running !== undefined)

const restarts = (name: string): Atom<PodSeen> =>
  when(`${name} has restarted`, ({ pod }) => {
    const { restartCount = 0 } = statusOf(pod, name) ?? {}
    return because(restartCount > 0, () => `${name} restartCount ${restartCount}`)
  })

/** At some time, in the past of a moment that comes. */
const comesTrue = (of: Formula<PodSeen>): Formula<PodSeen> => eventually(once(of))

/** `first` starts, and later `then` does. The same name twice: it starts twice. */
export const startsBefore = (first: string, then: string): Formula<PodSeen> =>
  comesTrue(and(starts(then), previously(once(starts(first)))))

/** `first` ends, and later `then` does. */
export const exitsBefore = (first: string, then: string): Formula<PodSeen> =>
  comesTrue(and(exits(then), previously(once(exits(first)))))

/** At some moment both run. */
export const runTogether = (one: string, other: string): Formula<PodSeen> => comesTrue(and(runs(one), runs(other)))

export const doesntStart = (name: string): Formula<PodSeen> => never(starts(name))

/** Once `other` has started, `name` does not. */
export const doesntStartAfter = (name: string, other: string): Formula<PodSeen> =>
  never(and(starts(name), previously(once(starts(other)))))

export const hasRestarted = (name: string): Formula<PodSeen> => comesTrue(restarts(name))

/** It starts, and never again. */
export const hasNotRestarted = (name: string): Formula<PodSeen> =>
  and(comesTrue(starts(name)), not(once(restarts(name))))
