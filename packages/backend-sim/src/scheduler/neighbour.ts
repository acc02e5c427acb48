/** A pod of which nothing is known but that it had a node. */
import { type PodInfo, podInfoOf } from "@kubereel/core"

export const NEIGHBOUR: PodInfo = podInfoOf({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "" },
  spec: { containers: [] },
  status: {}
})
