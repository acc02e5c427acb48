/**
 * O5: an address is free again when the sandbox that had it is gone; so a pod none of whose containers runs any more does not count.
 * Nor do those that have the address of their node.
 */

import { isTerminalPhase } from "../../decide/kubelet/podPhase.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { nodeReachable, noStateLoss } from "../language/assumptions.ts"
import { because, implies, not, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"

const runs = ({ status }: PodObject): boolean =>
  !isTerminalPhase(status.phase) && status.containerStatuses?.some(({ state }) => state?.running !== undefined) === true

const runsAtAddress = when("runs, with an address of its own", ({ pod }: PodSeen) =>
  because(
    pod.status.podIP !== undefined && pod.spec.hostNetwork !== true && runs(pod),
    () => `podIP ${pod.status.podIP ?? "(none)"}`
  )
)

const sharesIt = when("another pod that runs has it too", ({ pod, podUid, world }: PodSeen) => {
  const address = pod.status.podIP ?? ""
  const other = world.podsWithAddress(address).find((one) => one.metadata.uid !== podUid && runs(one))
  return because(other !== undefined, () => `${address} is that of ${other?.metadata.name ?? "no other"} too`)
})

export const addressIsItsOwn = property(
  "O5",
  {
    name: "pod/address-is-its-own",
    says: "No two pods that run have the same address",
    source: "openshift/origin pkg/monitortests/node/watchpods/collection.go",
    each: pod,
    assume: [nodeReachable, noStateLoss]
  },
  () => implies(runsAtAddress, not(sharesIt))
)
