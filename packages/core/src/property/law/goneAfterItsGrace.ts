/**
 * L60: a deletion with grace ends in time. The time runs from when the kubelet has heard of it, as the generation that it reports says:
 * the grace period, and 2 s where a preStop hook used it up (K-246). A shorter grace that comes later does not count for what is being
 * stopped already (K-014). A start that is under way goes on to its end, with pull and postStart hook, before anything is stopped
 * (K-013), and so does the kill of a container that failed a probe. A kill that fails is repeated after 15 s at most (K-252): `slack` has
 * room for that.
 */
import { SECOND } from "../../event/Instant.ts"
import type { ContainerSpec, ContainerStatus, PodObject } from "../../event/KubernetesObject.ts"
import { kubeletRuns, nodeReachable } from "../language/assumptions.ts"
import { because, leadsTo, on, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { containersOf } from "../slice/container.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { deleted, finalizers, isMirror } from "../vocabulary/pod.ts"

/** What a runtime gets at least: pkg/kubelet/kuberuntime/kuberuntime_manager.go, minimumGracePeriodInSeconds. */
const LEAST = 2

const mayBeStarting = (spec: ContainerSpec, status: ContainerStatus | undefined): boolean => {
  if (status?.state?.running !== undefined) return false
  const isFirst = status?.containerID === undefined
  return isFirst || spec.lifecycle?.postStart !== undefined || spec.imagePullPolicy === "Always"
}

const statusOf = ({ status }: PodObject, name: string): ContainerStatus | undefined =>
  status.containerStatuses?.find((one) => one.name === name) ??
  status.initContainerStatuses?.find((one) => one.name === name)

/** Something of it may be about to be started: how long that takes nobody knows. */
const starting = when("a container is being started", ({ pod: object }: PodSeen) =>
  containersOf(object).some(({ spec }) => mayBeStarting(spec, statusOf(object, spec.name)))
)

/** The longest kill of one container for its own sake that can be under way, in seconds. */
const probeKill = ({ spec }: PodObject): number => {
  const graces = containersOf({ spec } as PodObject).flatMap(({ spec: { livenessProbe, startupProbe } }) =>
    [livenessProbe, startupProbe].flatMap((probe) =>
      probe === undefined
        ? []
        : [(probe.terminationGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30) + LEAST]
    )
  )
  return Math.max(0, ...graces)
}

/** The seconds that it may take, at the moment when the mark is set on what a kubelet has. */
const timeLeft = ({ before, isDeleted, nodeName, pod: object }: PodSeen): number | undefined => {
  const { deletionGracePeriodSeconds: grace = 0, deletionTimestamp } = object.metadata
  if (deletionTimestamp === undefined || before?.pod.metadata.deletionTimestamp !== undefined) return undefined
  if (isDeleted || grace === 0 || nodeName === undefined || isMirror(object)) return undefined
  return grace + LEAST + probeKill(object)
}

/** Its kubelet has heard of the deletion; one that reports no generation is taken to have. */
const heard = when("its kubelet has heard of the deletion", ({ pod: { metadata, status } }: PodSeen) =>
  because(
    status.observedGeneration === undefined || status.observedGeneration === metadata.generation,
    () => `generation ${metadata.generation ?? "(none)"}, observed ${status.observedGeneration ?? "(none)"}`
  )
)

export const goneAfterItsGrace = property(
  "L60",
  {
    name: "pod/gone-after-its-grace",
    says: "A pod that is deleted is gone when its grace period is over, and a little for its end",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow",
    each: pod,
    assume: [nodeReachable, kubeletRuns],
    params: { slack: "30 s" }
  },
  ({ params }) =>
    on("marked", timeLeft, (seconds) =>
      leadsTo(heard, deleted)
        .within(seconds * SECOND + params.slack)
        .unless(or(finalizers, starting))
    )
)
