/** Defects of what a kubelet starts, and when. */
import type { ClusterEvent } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podFacts } from "../podFacts.ts"
import { parted } from "./parted.ts"

/** `start` and `end` of the process of each container, in their order. */
const lives = (facts: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  podFacts(facts).flatMap(({ event }) => {
    if (event._tag === "ProcessStarted") return [`${event.container} starts`]
    return event._tag === "ProcessExited" ? [`${event.container} ends`] : []
  })

describe("initContainerRunsAgain", () => {
  const { defective, healthy } = parted("initContainerRunsAgain")

  it("a healthy kubelet runs an init container once", () => {
    expect(lives(healthy)).toEqual(["init starts", "init ends", "main starts"])
  })

  it("runs it again beside the regular container", () => {
    expect(lives(defective)).toEqual(["init starts", "init ends", "main starts", "init starts", "init ends"])
  })
})

describe("appOvertakesInitAfterReboot", () => {
  const { defective, healthy } = parted("appOvertakesInitAfterReboot")
  const first = ["init starts", "init ends", "side starts", "main starts"]

  it("a healthy kubelet starts everything in its order again after a reboot", () => {
    expect(lives(healthy)).toEqual([...first, ...first])
  })

  it("starts sidecar and regular container while the init container before them runs", () => {
    expect(lives(defective)).toEqual([...first, "init starts", "side starts", "main starts", "init ends"])
  })
})

describe("appStaysDownBesideSidecar", () => {
  const { defective, healthy } = parted("appStaysDownBesideSidecar")
  const first = ["side starts", "main starts", "main ends"]

  it("a healthy kubelet starts a container again that crashed beside a sidecar", () => {
    expect(lives(healthy)).toEqual([...first, "main starts"])
  })

  it("never starts it again", () => {
    expect(lives(defective)).toEqual(first)
  })
})
