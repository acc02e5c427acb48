/** Is a pod through with its volumes, as far as its status tells? (`pkg/volume/util/util.go`, IsPodTerminated) */
import type { PodObject } from "../../event/KubernetesObject.ts"
import { isTerminal } from "../scheduler/NodeInfo.ts"

export const isPodTerminated = (pod: PodObject): boolean =>
  isTerminal(pod) ||
  (pod.metadata.deletionTimestamp !== undefined &&
    (pod.status.containerStatuses ?? []).every(
      ({ state }) => state?.terminated !== undefined || state?.waiting !== undefined
    ))
