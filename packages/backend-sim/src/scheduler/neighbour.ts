/** A pod of which nothing is known but that it had a node. */
import type { PodObject } from "@kubereel/core"

export const NEIGHBOUR: PodObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "" },
  spec: { containers: [] },
  status: {}
}
