/**
 * What a property takes for granted besides its formula. Where it turns out not to be so, a violation is not known to be one:
 * the slice is inconclusive, with the reason.
 */
import { type Instant, parseInstant } from "../../event/Instant.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"
import type { World } from "../slice/World.ts"

/** Where a slice lies: whose node it depends on, and which pod it speaks of. */
export interface Place {
  readonly world: World
  readonly nodeName: string | undefined
  readonly podUid: string | undefined
}

export interface Assumption {
  readonly id: string
  readonly says: string
  /** So long after a violation it can still turn out that it was not so, in microseconds. */
  readonly knownAfter: number
  /** Why it was not so at some moment from `since` on; `undefined`: as far as is known it was. */
  readonly broken: (place: Place, since: Instant) => string | undefined
}

const onNode = (ask: (world: World, node: string) => string | undefined) => (place: Place) =>
  place.nodeName === undefined ? undefined : ask(place.world, place.nodeName)

/** The node-monitor grace period with its tick, and the time that a node has to come back: pkg/controller/nodelifecycle. */
const NODE_SILENCE = 60_000_000

/** N: the node's kubelet can be heard and can hear. */
export const nodeReachable: Assumption = {
  id: "node-reachable",
  says: "the pod's node was ready all the time",
  knownAfter: NODE_SILENCE,
  broken: (place, since) =>
    onNode((world, node) => (world.nodes.wasLost(node, since) ? `node ${node} was not ready` : undefined))(place)
}

/** K: the node's kubelet has not been started again. */
export const kubeletRuns: Assumption = {
  id: "kubelet-runs",
  says: "the node's kubelet was not restarted",
  knownAfter: NODE_SILENCE,
  broken: (place, since) =>
    onNode((world, node) =>
      world.nodes.hasRestartedKubelet(node, since) ? `the kubelet of ${node} was restarted` : undefined
    )(place)
}

const bornAt = (pod: PodObject | undefined): Instant =>
  parseInstant(pod?.metadata.creationTimestamp ?? "") ?? (0 as Instant)

/** The node's kubelet is the one that has had the pod from the beginning. What it only remembers is then not forgotten. */
export const kubeletRemembers: Assumption = {
  id: "kubelet-remembers",
  says: "the node's kubelet was not restarted since the pod was created",
  knownAfter: NODE_SILENCE,
  broken: ({ nodeName, podUid, world }) => {
    if (nodeName === undefined || podUid === undefined) return undefined
    const isAnother = world.nodes.hasRestartedKubelet(nodeName, bornAt(world.pod(podUid)))
    return isAnother ? `the kubelet of ${nodeName} was restarted` : undefined
  }
}

/** S: the sandbox and the records of the runtime have not been lost, at any time in the slice. */
export const noStateLoss: Assumption = {
  id: "no-state-loss",
  says: "the machine did not start again, and the pod's sandbox was not lost",
  knownAfter: NODE_SILENCE,
  broken: ({ nodeName, podUid, world }) => {
    if (nodeName !== undefined && world.nodes.hasBooted(nodeName, 0 as Instant)) return `node ${nodeName} was rebooted`
    return podUid !== undefined && world.sandboxes.of(podUid) > 1 ? "the pod's sandbox was made anew" : undefined
  }
}

/** F: nobody deleted the pod without grace. */
export const notForced: Assumption = {
  id: "not-forced",
  says: "the pod was not deleted by force",
  knownAfter: 0,
  broken: ({ podUid, world }) => {
    const pod = podUid === undefined ? undefined : world.pod(podUid)
    return pod?.metadata.deletionGracePeriodSeconds === 0 ? "the pod was deleted by force" : undefined
  }
}
