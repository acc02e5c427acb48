/** What of the scheduler's rules a kubelet asks again (`pkg/kubelet/lifecycle/predicate.go`, `pkg/scheduler/eventhandlers.go`, AdmissionCheck; K-303). */
import { Result } from "effect"
import type { JsonObject } from "../../../event/Json.ts"
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { type NodeInfo, type NodeObject, newPodInfo, nodeInfoOf, type PodInfo } from "../../scheduler/NodeInfo.ts"
import { nodeAffinity } from "../../scheduler/nodeAffinity.ts"
import { nodeName } from "../../scheduler/nodeName.ts"
import { nodePorts } from "../../scheduler/nodePorts.ts"
import { fits, type InsufficientResource, insufficientResources } from "../../scheduler/nodeResourcesFit.ts"
import { tolerationsTolerateTaint } from "../../scheduler/taintToleration.ts"
import { isCriticalPod, isStaticPod } from "../criticalPod.ts"
import { podsToPreempt } from "../preemption.ts"
import { type PodAdmitHandler, type Refusal, refusal, type Taken } from "./PodAdmitHandler.ts"

const OS_LABEL = "kubernetes.io/os"
const OS = "linux"

/** A pod whose own label or field names another operating system. */
const admitOS = ({ metadata, spec }: PodObject): Refusal | undefined => {
  const label = metadata.labels?.[OS_LABEL]
  if (label !== undefined && label !== OS) {
    return refusal(
      "PodOSSelectorNodeLabelDoesNotMatch",
      "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label"
    )
  }
  const os = (spec["os"] as { readonly name?: string } | undefined)?.name
  return os !== undefined && os !== OS
    ? refusal("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS")
    : undefined
}

const admitGroups = (pod: PodObject, { status }: NodeObject): Refusal | undefined => {
  const policy = (pod.spec["securityContext"] as JsonObject | undefined)?.["supplementalGroupsPolicy"]
  const supported = (status["features"] as JsonObject | undefined)?.["supplementalGroupsPolicy"] === true
  return policy === "Strict" && !supported
    ? refusal("SupplementalGroupsPolicyNotSupported", "SupplementalGroupsPolicy=Strict is not supported in this node")
    : undefined
}

/** `pkg/apis/core/v1/helper/helpers.go`, IsExtendedResourceName: with a domain that is not Kubernetes' own. */
const isExtended = (resource: string): boolean =>
  resource.includes("/") && !resource.startsWith("requests.") && !resource.includes("kubernetes.io/")

/** Extended resources that the node does not know are not its business (removeMissingExtendedResources). */
const withoutMissing = (pod: PodInfo, node: NodeInfo): PodInfo => {
  const kept = Object.entries(pod.requests.scalar).filter(
    ([name]) => !isExtended(name) || Object.hasOwn(node.allocatable.scalar, name)
  )
  return { ...pod, requests: { ...pod.requests, scalar: Object.fromEntries(kept) } }
}

const insufficient = ({ resource, requested, used, capacity }: InsufficientResource): Refusal =>
  refusal(
    `OutOf${resource}`,
    `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`
  )

const asked = new WeakMap<PodObject["spec"], PodInfo>()

/** What the rules for room and ports read out of a pod: worked out once for all its versions with the same spec. */
const infoOf = (pod: PodObject): PodInfo => {
  const [known, uid] = [asked.get(pod.spec), pod.metadata.uid ?? ""]
  if (known !== undefined) return known.uid === uid ? known : { ...known, pod, uid }
  const made = newPodInfo(pod)
  asked.set(pod.spec, made)
  return made
}

/** All rules but that of resources, in Kubernetes' order: affinity, name, ports, taints. */
const otherFailures = (pod: PodInfo, node: NodeInfo): ReadonlyArray<Refusal> => {
  const failed = [nodeAffinity, nodeName, nodePorts].flatMap(({ filter }) => filter(pod, node) ?? [])
  const untolerated = (node.node.spec.taints ?? []).some(
    (taint) => taint.effect === "NoExecute" && !tolerationsTolerateTaint(pod.pod.spec.tolerations, taint)
  )
  const tainted = untolerated && !isStaticPod(pod.pod)
  return [
    ...failed.map(({ plugin, reasons }) => refusal(plugin, `Predicate ${plugin} failed: ${reasons.join(", ")}`)),
    ...(tainted
      ? [
          refusal(
            "TaintToleration",
            "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate"
          )
        ]
      : [])
  ]
}

/** Is there room whichever of the others are still alive? Then no rule asks for them. */
const hasAmpleRoom = (pod: PodInfo, node: NodeInfo, taken: Taken | undefined): boolean =>
  taken !== undefined && pod.hostPorts.length === 0 && fits(pod, { ...node, requested: taken.requested }, taken.pods)

/** The first rule that fails speaks; a critical pod that only lacks room gets it from others (HandleAdmissionFailure). */
export const admitPredicates: PodAdmitHandler = ({ node, otherPods, pod, takenByOthers }) => {
  if (node === undefined) return refusal("InvalidNodeInfo", "Kubelet cannot get node info.")
  const early = admitOS(pod) ?? admitGroups(pod, node)
  if (early !== undefined) return early
  const empty = nodeInfoOf(node)
  const podInfo = withoutMissing(newPodInfo(pod), empty)
  const nodeInfo = hasAmpleRoom(podInfo, empty, takenByOthers) ? empty : nodeInfoOf(node, otherPods().map(infoOf))
  const short = insufficientResources(podInfo, nodeInfo)
  const others = otherFailures(podInfo, nodeInfo)
  if (!isCriticalPod(pod)) return [...short.map(insufficient), ...others][0]
  if (others.length > 0 || short.length === 0) return others[0]
  const found = podsToPreempt(pod, otherPods(), short)
  if (Result.isSuccess(found)) return { _tag: "Preemption", victims: found.success }
  return refusal(
    "UnexpectedAdmissionError",
    `Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: ${found.failure}`
  )
}
