/** Would another sync of this pod show what the last one did, which found nothing to do? */
import { imageVolumes, manualTriggers, type Pod, SECOND } from "@kubereel/core"
import type { KubeletNode } from "./KubeletNode.ts"

/** What is known of containers has to be newer than the last resync, which is a minute ago or more. */
const RESYNC = 60 * SECOND

/**
 * What a sync depends on beside what its worker is told of: time (a deadline), the API server (mirror pods), registries (image volumes)
 * and what it says anew each time (missing pull secrets, probes that are asked at once).
 */
export const isSteady = (node: KubeletNode, pod: Pod, status: Pod): boolean => {
  const { uid = "" } = pod.metadata
  return (
    !node.loop.held &&
    node.pleg.isWithin(RESYNC) &&
    node.objects.complete &&
    node.volumes.areMounted(uid) &&
    !node.volumes.awaitExpansion(uid) &&
    pod.spec["activeDeadlineSeconds"] === undefined &&
    pod.spec["imagePullSecrets"] === undefined &&
    imageVolumes(pod.spec).length === 0 &&
    !node.staticPods.has(uid) &&
    node.allocations.conditions(uid, false).length === 0 &&
    manualTriggers(status.containers, node.probes.results(uid)).length === 0
  )
}
