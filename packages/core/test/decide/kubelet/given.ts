/** Small pods and runtime statuses to ask the rules of the kubelet about. */

import { definitionHash } from "../../../src/decide/kubelet/definitionHash.ts"
import type { RuntimeContainer, RuntimePodStatus, SandboxStatus } from "../../../src/decide/kubelet/RuntimeStatus.ts"
import type { Instant } from "../../../src/event/Instant.ts"
import { SECOND } from "../../../src/event/Instant.ts"
import type { ContainerSpec, ObjectMeta, PodObject, PodSpec, PodStatus } from "../../../src/event/KubernetesObject.ts"
import type { Pod } from "../../../src/state/Pod.ts"
import { parsePod } from "../../../src/state/parsePod.ts"

/** Seconds after 2026-01-01T00:00:00Z. */
export const at = (seconds: number): Instant => (1_767_225_600 * SECOND + Math.round(seconds * SECOND)) as Instant

export const container = (name: string, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
  name,
  image: "busybox:1",
  ...more
})

/** What else of the object a test wants to say. */
interface More {
  readonly metadata?: ObjectMeta
  readonly status?: PodStatus
}

export const podObject = (spec: Partial<PodSpec> = {}, more: More = {}): PodObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "n", uid: "u", generation: 1, ...more.metadata },
  spec: { containers: [container("main")], restartPolicy: "Always", terminationGracePeriodSeconds: 30, ...spec },
  status: { phase: "Pending", qosClass: "BestEffort", ...more.status }
})

export const pod = (spec: Partial<PodSpec> = {}, more: More = {}): Pod => parsePod(podObject(spec, more))

export const sandbox = (more: Partial<SandboxStatus> = {}): SandboxStatus => ({
  id: "s0",
  attempt: 0,
  ready: true,
  createdAt: at(0),
  ips: ["10.88.0.2"],
  ...more
})

const instance = (name: string, more: Partial<RuntimeContainer>): RuntimeContainer => ({
  id: `${name}-${more.restartCount ?? 0}`,
  kind: "regular",
  name,
  state: "running",
  sandbox: "s0",
  createdAt: at(1),
  startedAt: at(1),
  finishedAt: undefined,
  exitCode: 0,
  reason: "",
  message: "",
  image: "docker.io/library/busybox:1",
  imageID: "busybox@sha256:0",
  hash: definitionHash(container(name)),
  restartCount: 0,
  user: { linux: { uid: 0, gid: 0 } },
  ...more
})

export const running = (name: string, restartCount = 0): RuntimeContainer => instance(name, { restartCount })

export const inState = (name: string, state: RuntimeContainer["state"]): RuntimeContainer => instance(name, { state })

export const exited = (name: string, exitCode: number, more: Partial<RuntimeContainer> = {}): RuntimeContainer =>
  instance(name, {
    state: "exited",
    exitCode,
    reason: exitCode === 0 ? "Completed" : "Error",
    finishedAt: at(2),
    ...more
  })

export const runtime = (containers: ReadonlyArray<RuntimeContainer>, sandboxes = [sandbox()]): RuntimePodStatus => ({
  sandboxes,
  containers,
  ips: sandboxes[0]?.ips ?? []
})
