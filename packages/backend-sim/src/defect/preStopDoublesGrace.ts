/** A preStop hook that takes all of the grace period leaves its container another one. */
import type { Defect } from "./Defect.ts"

export const preStopDoublesGrace: Defect = {
  name: "preStopDoublesGrace",
  sentence: "a container whose preStop hook hangs gets its grace period twice",
  sources: ["kubernetes/kubernetes#115817", "kubernetes/kubernetes#117373"],
  breaks: ["L60"],
  provokedBy:
    "a pod is deleted that has a preStop hook longer than its grace period, of half a minute or more, and a program that ignores TERM",
  decide: ({ graceAfterPreStop }) => ({
    graceAfterPreStop: (grace, took) => {
      const left = graceAfterPreStop(grace, took)
      return took > 0 && left <= 0 ? grace : left
    }
  })
}
