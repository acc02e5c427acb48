/** What a node and its pods use, as the eviction manager sees it (`pkg/kubelet/apis/stats/v1alpha1`, `eviction/helpers.go`, makeSignalObservations). */
import type { PodObject } from "../../../event/KubernetesObject.ts"
import type { Signal } from "./Threshold.ts"

/** Bytes. */
export interface ContainerStats {
  readonly name: string
  readonly memory: number
  readonly rootfs: number
  readonly logs: number
}

export interface PodStats {
  /** Those that run. */
  readonly containers: ReadonlyArray<ContainerStats>
  readonly memory: number
  /** Bytes of each volume that has been measured, by name. */
  readonly volumes: ReadonlyMap<string, number>
  readonly processes: number
}

/** `undefined`: nothing is known of the pod (no container of it runs). */
export type StatsFunc = (pod: PodObject) => PodStats | undefined

export interface Observation {
  readonly available: number
  readonly capacity: number
}

/** A signal that is not in there is not observed. */
export type Observations = ReadonlyMap<Signal, Observation>

export interface NodeUsage {
  /** Bytes, and processes. */
  readonly capacity: { readonly memory: number; readonly disk: number; readonly pids: number }
  /** What is used by something else than pods. */
  readonly outside: { readonly memory: number; readonly disk: number; readonly pids: number }
  readonly pods: { readonly memory: number; readonly disk: number; readonly pids: number }
}

/** Node, images and containers share one disk. How many inodes are free is not observed. */
export const observe = ({ capacity, outside, pods }: NodeUsage): Observations => {
  const left = (resource: "memory" | "disk" | "pids"): Observation => ({
    available: Math.max(capacity[resource] - outside[resource] - pods[resource], 0),
    capacity: capacity[resource]
  })
  const allocatable = { available: Math.max(capacity.memory - pods.memory, 0), capacity: capacity.memory }
  return new Map<Signal, Observation>([
    ["memory.available", left("memory")],
    ["allocatableMemory.available", allocatable],
    ["nodefs.available", left("disk")],
    ["imagefs.available", left("disk")],
    ["pid.available", left("pids")]
  ])
}

interface EmptyDirVolume {
  readonly name: string
  readonly medium: string
  readonly sizeLimit: string | undefined
}

export const emptyDirsOf = ({ spec }: Pick<PodObject, "spec">): ReadonlyArray<EmptyDirVolume> =>
  (spec.volumes ?? []).flatMap((volume) => {
    const emptyDir = volume["emptyDir"] as { readonly medium?: string; readonly sizeLimit?: string } | undefined | null
    return emptyDir === undefined || emptyDir === null
      ? []
      : [{ name: String(volume["name"]), medium: emptyDir.medium ?? "", sizeLimit: emptyDir.sizeLimit }]
  })

/** Volumes on the node's disk: a medium of memory is none (IsLocalEphemeralVolume). */
const localVolumes = (pod: PodObject, stats: PodStats): number =>
  emptyDirsOf(pod)
    .filter(({ medium }) => medium === "")
    .reduce((sum, { name }) => sum + (stats.volumes.get(name) ?? 0), 0)

/** What the pod has on the node's disk: its containers' own files, their logs, its local volumes (podDiskUsage). */
export const diskUsage = (pod: PodObject, stats: PodStats): number =>
  stats.containers.reduce((sum, { logs, rootfs }) => sum + rootfs + logs, 0) + localVolumes(pod, stats)
