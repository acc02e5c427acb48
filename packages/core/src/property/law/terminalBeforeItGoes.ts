/**
 * L61: since 1.27 the kubelet says how a pod ended before it lets it go. Everybody's removal begins with a grace of 0 (K-241): where
 * containers are not said to have ended then, it was not the kubelet's.
 */
import { and, because, implies, once, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { bound, deleted, isMirror, terminal } from "../vocabulary/pod.ts"

const graceful = when("deleted with grace", ({ pod: { metadata } }: PodSeen) =>
  because(
    metadata.deletionTimestamp !== undefined && (metadata.deletionGracePeriodSeconds ?? 0) > 0,
    () => `deletionGracePeriodSeconds ${metadata.deletionGracePeriodSeconds ?? "(none)"}`
  )
)

const ofTheApi = when("not a mirror of a static pod", (seen: PodSeen) => !isMirror(seen.pod))

/** Somebody took it away while it was there. */
const byForce = when("removed by force", ({ pod: { metadata, status } }: PodSeen) => {
  const all = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]
  const going = all.find(({ state }) => state?.terminated === undefined)
  const isForced = metadata.deletionGracePeriodSeconds === 0 && (all.length === 0 || going !== undefined)
  return because(isForced, () =>
    going === undefined ? `grace ${metadata.deletionGracePeriodSeconds}, nothing runs` : `${going.name} has not ended`
  )
})

export const terminalBeforeItGoes = property(
  "L61",
  {
    name: "pod/terminal-before-it-goes",
    says: "A pod on a node that is deleted with grace has succeeded or failed before it is gone",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase",
    each: pod,
    since: "1.27"
  },
  () => implies(and(deleted, bound, ofTheApi, once(graceful)), or(once(terminal), byForce))
)
