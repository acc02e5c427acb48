/** Restarts are counted by the dead containers that are still there, and those are collected: 16, 15, 14, 12. */
import { type Instant, type KubeletView, later, SECOND } from "@kubereel/core"
import type { Defect } from "./Defect.ts"

/** Of each container so many dead instances are kept, and those that are not older than that (`--maximum-dead-containers-per-container`, `--minimum-container-ttl-duration`). */
const KEPT = 2
const LEAST_AGE = 60 * SECOND

export const restartCountFalls: Defect = {
  name: "restartCountFalls",
  sentence: "the restartCount of a container falls when its dead instances are collected",
  sources: ["kubernetes/kubernetes#12485", "kubernetes/kubernetes#13517"],
  breaks: ["L41"],
  provokedBy: "a container ends three times, and its pod is looked at a minute after the first end",
  decide: ({ generateAPIPodStatus }) => {
    /** When the instances of each container ended, by pod and name, then by their IDs. */
    const deaths = new Map<string, Map<string, Instant>>()
    const collected = (uid: string, name: string, { now, runtime }: KubeletView): number => {
      const key = `${uid}/${name}`
      const ended = deaths.get(key) ?? new Map<string, Instant>()
      deaths.set(key, ended)
      for (const { finishedAt, id, name: of } of runtime.containers)
        if (of === name && finishedAt !== undefined) ended.set(id, finishedAt)
      const oldestLast = [...ended.values()].toSorted((a, b) => b - a)
      return oldestLast.slice(KEPT).filter((at) => later(at, LEAST_AGE) <= now).length
    }
    return {
      generateAPIPodStatus: (api, before, view) => {
        const generated = generateAPIPodStatus(api, before, view)
        const containers = generated.pod.containers.map((container) => ({
          ...container,
          restartCount: Math.max(0, container.restartCount - collected(api.metadata.uid ?? "", container.name, view))
        }))
        return { ...generated, pod: { ...generated.pod, containers } }
      }
    }
  }
}
