/** A pod may not grow larger than its node (`plugin/pkg/admission/podresize/admission.go`). */
import type { JsonObject } from "../../event/Json.ts"
import { isPod, type KubernetesObject, type PodObject } from "../../event/KubernetesObject.ts"
import type { NodeObject } from "../scheduler/NodeInfo.ts"
import { podRequests, resourcesOf } from "../scheduler/Resources.ts"
import { forbidden, pods, type Status } from "./status.ts"

const OS_LABEL = "kubernetes.io/os"

const shortages = (pod: PodObject, node: NodeObject): ReadonlyArray<string> => {
  const [requests, allocatable] = [podRequests(pod.spec), resourcesOf(node.status.allocatable)]
  const say = (name: string, requested: number, there: number): ReadonlyArray<string> =>
    requested > there ? [`${name}, requested: ${requested}, allocatable: ${there}`] : []
  return [...say("cpu", requests.milliCPU, allocatable.milliCPU), ...say("memory", requests.memory, allocatable.memory)]
}

const refused = (pod: PodObject, why: string, reason: string | undefined): Status => {
  const status = forbidden(pods, pod.metadata.name, why)
  return reason === undefined
    ? status
    : { ...status, details: { ...(status.details as JsonObject), causes: [{ reason, message: "" }] } }
}

/** Why a write to `resize` is forbidden (403). `next`: what would be stored; `node`: the one that the pod is bound to, if it is there. */
export const admitPodResize = (
  next: KubernetesObject,
  old: KubernetesObject,
  node: NodeObject | undefined
): Status | undefined => {
  if (!isPod(next) || (next.spec.nodeName ?? "") === "") return undefined
  if (next.metadata.generation === old.metadata.generation) return undefined
  const { nodeName } = next.spec
  if (node === undefined) return refused(next, `node ${JSON.stringify(nodeName)} not found`, undefined)
  const os = node.metadata.labels?.[OS_LABEL] ?? "linux"
  if (os !== "linux") {
    const why = `pod resize is only supported on linux nodes, node ${JSON.stringify(nodeName)} is ${JSON.stringify(os)}`
    return refused(next, why, "UnsupportedPlatform")
  }
  const short = shortages(next, node)
  if (short.length === 0) return undefined
  return refused(next, `node didn't have enough allocatable resources: ${short.join("; ")}`, "NodeCapacity")
}
