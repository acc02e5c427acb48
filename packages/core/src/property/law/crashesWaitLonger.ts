/**
 * L43: of processes that end by themselves. One that the kubelet kills waits from the end before that one, or not at all (K-104): so
 * nothing is asked of containers that probes, hooks or rules can kill, nor after a change of the pod's spec. What the kubelet
 * counts it forgets when the container has run for twice the cap, and when it is restarted itself (K-109). A node
 * may have a cap of its own (KubeletCrashLoopBackOffMax): where its kubelet tells of a shorter wait that is what is due.
 */
import { allContainersCouldRestart } from "../../decide/kubelet/containerRestart.ts"
import { SECOND } from "../../event/Instant.ts"
import { kubeletRemembers, noStateLoss } from "../language/assumptions.ts"
import { and, because, historically, implies, not, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"
import { backOffBefore, backOffTold, betweenEnds, waitedFor } from "../vocabulary/backOff.ts"

/** Stamps are whole seconds, cut off. */
const RESOLUTION = SECOND

const restartedOnce = ({ before, status }: ContainerSeen): boolean =>
  before?.status !== undefined && status !== undefined && status.restartCount === before.status.restartCount + 1

const endsByItself = ({ pod, spec }: ContainerSeen): boolean =>
  spec.livenessProbe === undefined &&
  spec.startupProbe === undefined &&
  spec.lifecycle === undefined &&
  !allContainersCouldRestart(pod.spec)

const restarted = when("restarted after it ended by itself", (seen: ContainerSeen) =>
  because(
    restartedOnce(seen) && !Number.isNaN(waitedFor(seen.status as never)) && endsByItself(seen),
    () => `restartCount ${seen.before?.status?.restartCount} → ${seen.status?.restartCount}`
  )
)

const specChanged = when("the pod's spec was changed", ({ pod }: ContainerSeen) => {
  const generation = pod.metadata.generation ?? 1
  return because(generation > 1 && pod.metadata.deletionTimestamp === undefined, () => `generation ${generation}`)
})

const waited = (name: string, least: (seen: ContainerSeen) => number) =>
  when(name, (seen: ContainerSeen) => {
    const { status } = seen
    if (status === undefined) return true
    const [took, asked] = [waitedFor(status), Math.min(least(seen), backOffTold(seen.before?.status))]
    return because(
      took + RESOLUTION >= asked,
      () => `restart ${status.restartCount} came ${took / SECOND}s after the end, ${asked / SECOND}s are due`
    )
  })

export const crashesWaitLonger = property(
  "L43",
  {
    name: "container/crashes-wait-longer",
    says: "A container that ends again and again waits 10 s, 20 s, 40 s … up to 300 s for its next start",
    source: "pkg/kubelet/kuberuntime/kuberuntime_manager.go, doBackOff",
    each: container,
    clock: "node",
    assume: [noStateLoss, kubeletRemembers],
    params: { base: "10 s", cap: "300 s" }
  },
  ({ params: { base, cap } }) => {
    const forgotten = when("ended after a long time", (seen: ContainerSeen) => {
      const { before, status } = seen
      // Every second end but the first is compared with the one before it.
      return restartedOnce(seen) && status !== undefined && betweenEnds(before?.status, status) >= 2 * cap
    })
    const again = when("not its first restart", ({ status }: ContainerSeen) => (status?.restartCount ?? 0) > 1)
    return implies(
      and(restarted, again, not(forgotten), not(specChanged)),
      and(
        waited("waited the least back-off", () => Math.min(base, cap)),
        or(
          not(historically(not(or(forgotten, specChanged)))),
          waited("waited the doubled back-off", ({ status }) => backOffBefore(status?.restartCount ?? 0, base, cap))
        )
      )
    )
  }
)
