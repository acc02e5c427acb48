/** Pods that fill more of the disk than they may (`pkg/kubelet/eviction/eviction_manager.go`, localStorageEviction; K-283). */
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { compareQuantity, parseQuantity, type Quantity, quantityText } from "../../../event/Quantity.ts"
import { aggregateResources } from "../../apiserver/podLevelResources.ts"
import { diskUsage, emptyDirsOf, type PodStats } from "./Stats.ts"

const STORAGE = "ephemeral-storage"

const bytes = (count: number): Quantity => ({ nano: BigInt(count) * 1_000_000_000n, format: "BinarySI" })
const exceeds = (used: number, limit: Quantity): boolean => compareQuantity(bytes(used), limit) > 0

const ofEmptyDirs = (pod: PodObject, stats: PodStats): string | undefined => {
  for (const { name, sizeLimit } of emptyDirsOf(pod)) {
    const used = stats.volumes.get(name)
    const limit = sizeLimit === undefined ? undefined : parseQuantity(sizeLimit)
    if (used !== undefined && limit !== undefined && limit.nano > 0n && exceeds(used, limit))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${quantityText(limit)}". `
  }
  return undefined
}

const ofPod = (pod: PodObject, stats: PodStats): string | undefined => {
  const limit = aggregateResources(pod.spec, "limits").get(STORAGE)
  return limit !== undefined && exceeds(diskUsage(pod, stats), limit)
    ? `Pod ephemeral local storage usage exceeds the total limit of containers ${quantityText(limit)}. `
    : undefined
}

const ofContainers = (pod: PodObject, stats: PodStats): string | undefined => {
  for (const { logs, name, rootfs } of stats.containers) {
    const spec = pod.spec.containers.find((container) => container.name === name)
    const limit = parseQuantity(String(spec?.resources?.limits?.[STORAGE] ?? "0"))
    if (limit !== undefined && limit.nano !== 0n && exceeds(rootfs + logs, limit))
      return `Container ${name} exceeded its local ephemeral storage limit "${quantityText(limit)}". `
  }
  return undefined
}

/** What the pod is evicted for, if for anything: a volume first, then the pod as a whole, then a container. */
export const localStorageViolation = (pod: PodObject, stats: PodStats): string | undefined =>
  ofEmptyDirs(pod, stats) ?? ofPod(pod, stats) ?? ofContainers(pod, stats)
