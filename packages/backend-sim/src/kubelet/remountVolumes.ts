/**
 * What a restarted kubelet's volume manager tries for a pod that it finds terminating: its first loops take every pod that may still
 * run (`pkg/kubelet/volumemanager/populator/desired_state_of_world_populator.go`, findAndAddNewPods), and it fails again and again,
 * ever more slowly, until the pod's containers are gone (`pkg/util/goroutinemap/exponentialbackoff`).
 */
import { MILLISECOND, type Micros, notRegistered, type Pod } from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { recordPodEvent } from "./podEvents.ts"

/** Period of the populator's and of the reconciler's loop. */
const LOOP = 100 * MILLISECOND

const FIRST_BACK_OFF = 500 * MILLISECOND

/** `mayRun`: may a container of the pod still be running? */
export const remountVolumes = (node: KubeletNode, pod: Pod, random: RandomStream, mayRun: () => boolean): void => {
  const messages = notRegistered(pod)
  if (messages.length === 0) return
  const attempt = (backOff: Micros): void => {
    if (!mayRun()) return
    for (const message of messages) recordPodEvent(node, pod, { type: "Warning", reason: "FailedMount", message })
    node.engine.after(`volumes/${pod.metadata.uid}`, Math.ceil(backOff / LOOP) * LOOP, () => attempt(2 * backOff))
  }
  node.engine.after(`volumes/${pod.metadata.uid}`, random.int(LOOP), () => attempt(FIRST_BACK_OFF))
}
