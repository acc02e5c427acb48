/** Defects of what a kubelet says of its pods. */
import type { ContainerStatus } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import type { PodMoment } from "../given.ts"
import { parted, told } from "./parted.ts"

const phase = ({ pod }: PodMoment): string | undefined => pod.status.phase

const stateOf = (status: ContainerStatus | undefined): string | undefined => {
  const [[name, state] = []] = Object.entries(status?.state ?? {})
  const { exitCode, reason } = (state ?? {}) as { readonly exitCode?: number; readonly reason?: string }
  return name && [name, exitCode ?? reason].filter((part) => part !== undefined).join(" ")
}

const initState = ({ pod }: PodMoment): string | undefined => stateOf(pod.status.initContainerStatuses?.[0])

describe("phaseLeavesSucceeded", () => {
  const { defective, healthy } = parted("phaseLeavesSucceeded")

  it("a healthy kubelet says of a pod that succeeded while it was deleted that it has succeeded until it is gone", () => {
    expect(told(healthy, phase)).toEqual(["Pending", "Running", "Succeeded"])
  })

  it("says that it is pending when its containers are gone, and then that it has failed", () => {
    expect(told(defective, phase)).toEqual(["Pending", "Running", "Succeeded", "Pending", "Failed"])
  })
})

describe("phaseLeavesFailed", () => {
  const { defective, healthy } = parted("phaseLeavesFailed")
  const told2 = ({ pod }: PodMoment) => `${pod.status.phase} ${stateOf(pod.status.containerStatuses?.[0])}`

  it("a healthy kubelet says of a pod whose container did not exit 0 that it has failed", () => {
    expect(told(healthy, told2).at(-1)).toBe("Failed terminated 2")
    expect(told(healthy, phase)).toEqual(["Pending", "Running", "Failed"])
  })

  it("says that it has succeeded, with exit code 0, when its containers are gone", () => {
    expect(told(defective, told2).slice(-2)).toEqual(["Failed terminated 2", "Succeeded terminated 0"])
  })
})

describe("restartCountFalls", () => {
  const { defective, healthy } = parted("restartCountFalls")
  const restarts = ({ pod }: PodMoment) => pod.status.containerStatuses?.[0]?.restartCount.toString()

  it("a healthy kubelet counts every restart", () => {
    expect(told(healthy, restarts)).toEqual(["0", "1", "2", "3", "4"])
  })

  it("counts those of whose ends something is left: two, and those of the last minute", () => {
    expect(told(defective, restarts)).toEqual(["0", "1", "2", "3", "1", "2", "1"])
  })
})

describe("initStatusIsForgotten", () => {
  const { defective, healthy } = parted("initStatusIsForgotten")
  const all = (moment: PodMoment) =>
    `${phase(moment)}: ${initState(moment)}, ${stateOf(moment.pod.status.containerStatuses?.[0])}`

  it("a healthy kubelet says of an init container that it has ended as long as the pod lives", () => {
    expect(told(healthy, all).at(-1)).toBe("Running: terminated 0, running")
  })

  it("says that it waits, and the pod with it, while the regular container runs", () => {
    expect(told(defective, all).slice(-2)).toEqual([
      "Running: terminated 0, running",
      "Pending: waiting PodInitializing, running"
    ])
  })
})
