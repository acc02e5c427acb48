/** What the runtime keeps of one pod. */
import type { Instant, PodRef, PodSpec, RuntimePodStatus, SandboxStatus } from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import type { AskingPod } from "../network/ClusterNetwork.ts"
import type { Answerer } from "./answers.ts"
import { answererOf, type Process } from "./Process.ts"

export interface RuntimePod {
  readonly since: Instant
  readonly ref: PodRef
  readonly random: RandomStream
  /** What of the pod's spec its sandbox is made of. */
  readonly spec: Partial<PodSpec>
  /** The newest first, like the containers of one name. */
  sandboxes: ReadonlyArray<SandboxStatus>
  containers: ReadonlyArray<Process>
  /** Instances that are not kept any more but have left something in a volume. */
  gone: ReadonlyArray<Process>
  ips: ReadonlyArray<string>
  /** For which spec the pod's cgroup was last set up. */
  cgroup: PodSpec | undefined
  /** How often each container was started, for its program. */
  readonly starts: Map<string, number>
  /** The restart counts of those whose logs are still there though no instance of them is. */
  readonly logs: Map<string, number>
}

export const newRuntimePod = (
  ref: PodRef,
  random: RandomStream,
  spec: Partial<PodSpec>,
  since: Instant
): RuntimePod => ({
  since,
  ref,
  random,
  spec,
  sandboxes: [],
  containers: [],
  gone: [],
  ips: [],
  cgroup: undefined,
  starts: new Map(),
  logs: new Map()
})

/** As others on the network meet it. */
export const askingPod = ({ ips, ref: { name, namespace, uid }, spec }: RuntimePod): AskingPod => ({
  ...{ uid, name, namespace, spec },
  ip: ips[0] ?? ""
})

/** What a relist sees. */
export const statusOf = ({ cgroup, containers, ips, sandboxes }: RuntimePod): RuntimePodStatus => {
  const known = { sandboxes, containers: containers.map(({ container }) => container), ips }
  return cgroup === undefined ? known : { ...known, cgroup }
}

/** The running processes, that of the container `first` before the others. */
export const answerersOf = ({ containers }: RuntimePod, first: string, now: Instant): ReadonlyArray<Answerer> => {
  const running = containers.filter(({ container }) => container.state === "running")
  const own = running.filter(({ container }) => container.id === first)
  return [...own, ...running.filter((process) => !own.includes(process))].map((process) => answererOf(process, now))
}

const keepWrites = (pod: RuntimePod, dropped: ReadonlyArray<Process>): void => {
  pod.gone = [...dropped.filter(({ run }) => run.writes.length > 0), ...pod.gone]
}

/** Of older instances of its name only the newest is kept (K-034, K-069). */
export const addProcess = (pod: RuntimePod, made: Process): void => {
  const { name } = made.container
  const before = pod.containers.find(({ container }) => container.name === name)
  const others = pod.containers.filter(({ container }) => container.name !== name)
  const dropped = pod.containers.filter((one) => one.container.name === name && one !== before)
  keepWrites(pod, dropped)
  pod.containers = [made, ...(before === undefined ? [] : [before]), ...others]
}

/** Nobody knows of that container any more; its log may be kept. */
export const removeProcess = (pod: RuntimePod, id: string, keepLogs: boolean): void => {
  const removed = pod.containers.find(({ container }) => container.id === id)
  if (removed === undefined) return
  pod.containers = pod.containers.filter((process) => process !== removed)
  keepWrites(pod, [removed])
  const { name, restartCount } = removed.container
  if (keepLogs) pod.logs.set(name, Math.max(pod.logs.get(name) ?? 0, restartCount))
}
