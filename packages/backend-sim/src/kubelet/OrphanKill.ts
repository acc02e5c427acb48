/**
 * Ends a pod that runs although the API server has none of that kind any more (`pkg/kubelet/kubelet.go`,
 * SyncTerminatingRuntimePod; K-024): of such a pod only what the runtime knows is known.
 */
import { type PodRef, parsePod } from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import { KillPod } from "./KillPod.ts"
import type { KubeletNode } from "./KubeletNode.ts"

const GRACE_SECONDS = 1

export const killOrphan = (node: KubeletNode, ref: PodRef, random: RandomStream, done: () => void): void => {
  const runtime = node.runtime.status(ref.uid)
  const containers = runtime.containers.map(({ image, name }) => ({ name, image }))
  const { name, namespace, uid } = ref
  const pod = parsePod({
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name, namespace, uid },
    spec: { containers },
    status: {}
  })
  new KillPod(node, pod, random).run(runtime, GRACE_SECONDS, done)
}
