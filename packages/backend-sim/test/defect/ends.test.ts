/** Defects of how a kubelet ends a pod. */
import { describe, expect, it } from "vitest"
import { podMoments } from "../given.ts"
import { signals } from "../podFacts.ts"
import { parted, told } from "./parted.ts"

/** Whole seconds since the deletion at 5 s. */
const sent = (facts: Parameters<typeof signals>[0]): ReadonlyArray<string> =>
  signals(facts).map(({ container, seconds, signal }) => `${Math.floor(seconds) - 5} ${container} ${signal}`)

describe("preStopDoublesGrace", () => {
  const { defective, healthy } = parted("preStopDoublesGrace")

  it("a healthy kubelet gives a container whose hook took all of its 60 s two more", () => {
    expect(sent(healthy)).toEqual(["60 main 15", "62 main 9"])
  })

  it("gives it 60 s more", () => {
    expect(sent(defective)).toEqual(["60 main 15", "120 main 9"])
    expect(podMoments(defective).at(-1)?.seconds).toBeGreaterThan(125)
  })
})

describe("sidecarAwaitsTheUnstarted", () => {
  const { defective, healthy } = parted("sidecarAwaitsTheUnstarted")

  it("a healthy kubelet asks the first sidecar to end at once when the second one has not started", () => {
    expect(sent(healthy)).toEqual(["0 first 15"])
  })

  it("asks it when its grace period is over", () => {
    expect(sent(defective)).toEqual(["10 first 15"])
  })
})

describe("kubeletRestartKills", () => {
  const { defective, healthy } = parted("kubeletRestartKills")

  it("a healthy kubelet that comes back gives the container its whole grace period again", () => {
    const [term, kill] = signals(healthy)
    expect(term).toMatchObject({ signal: 15 })
    expect(kill).toMatchObject({ signal: 9 })
    expect(kill?.seconds).toBeGreaterThan(40)
  })

  it("the container is killed when the kubelet goes, five seconds after its TERM", () => {
    expect(sent(defective)).toEqual(["0 main 15", "5 main 9"])
  })
})

describe("deletionHitsTheSuccessor", () => {
  const { defective, healthy } = parted("deletionHitsTheSuccessor")
  const uids = (facts: typeof healthy) => {
    const known = [...new Set(podMoments(facts).map(({ pod }) => pod.metadata.uid))]
    return told(facts, ({ change, pod }) => `${change} ${known.indexOf(pod.metadata.uid)}`)
  }

  it("a healthy kubelet leaves the new pod of that name alone", () => {
    expect(uids(healthy)).toEqual(["ADDED 0", "MODIFIED 0", "DELETED 0", "ADDED 1", "MODIFIED 1"])
  })

  it("writes the old one over the new one, and deletes it", () => {
    expect(uids(defective)).toEqual([
      ...["ADDED 0", "MODIFIED 0", "DELETED 0", "ADDED 1", "MODIFIED 1"],
      ...["MODIFIED 0", "DELETED 0"]
    ])
  })
})
