/** What is easily got wrong about a pod's status over its life. */
import type { PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, podMoments, simulate } from "../given.ts"

const apply = { at: "0s", apply: podManifest("p", ["main"]) }
const crashing = { main: [{ exitAfter: "1s", exitCode: 1 }] }
const stateOf = (pod: PodObject) => pod.status.containerStatuses?.[0]?.state
const restartsOf = (pod: PodObject) => pod.status.containerStatuses?.[0]?.restartCount
const isBackingOff = (pod: PodObject) => stateOf(pod)?.waiting?.["reason"] === "CrashLoopBackOff"
const isRunning = (pod: PodObject) => stateOf(pod)?.running !== undefined

describe("a crash loop", () => {
  it("T-05: CrashLoopBackOff shows when the container is about to be started again, and hardly before", () => {
    const moments = podMoments(simulate({ runs: crashing, steps: [apply], until: "120s" }))
    const waits = moments.flatMap(({ pod, seconds }, i) =>
      isBackingOff(pod) ? [(moments.slice(i).find((later) => isRunning(later.pod))?.seconds ?? 120) - seconds] : []
    )
    expect(waits.length).toBeGreaterThan(2)
    expect(waits.filter((wait) => wait < 2).length).toBeGreaterThan(waits.length / 2)
  })

  it("T-07: another image starts anew without waiting, another label does not", () => {
    const run = (steps: ReadonlyArray<object>) =>
      podMoments(simulate({ runs: crashing, steps: [apply, ...steps], until: "200s" }))
    // The fourth death is followed by a wait of 40 s at least.
    const fourth = run([]).filter(({ pod }) => stateOf(pod)?.terminated !== undefined && restartsOf(pod) === 3)[0]
    const at = Math.round(fourth?.seconds ?? 0) + 15
    const starts = (patch: object) =>
      run([{ at: `${at}s`, patch: { kind: "Pod", name: "p", patch } }]).filter(
        ({ pod, seconds }) => seconds > at && seconds < at + 3 && isRunning(pod)
      ).length
    expect(starts({ spec: { containers: [{ name: "main", image: "busybox:2" }] } })).toBe(1)
    expect(starts({ metadata: { labels: { a: "b" } } })).toBe(0)
  })
})

describe("every version of a pod", () => {
  const ended = { at: "8s", delete: { kind: "Pod", name: "p" } }
  const moments = podMoments(simulate({ steps: [apply, ended], until: "60s" }))
  const reported = moments.filter(({ pod }) => pod.status.startTime !== undefined).map(({ pod }) => pod)

  it("T-29: tells times in whole seconds", () => {
    const times = JSON.stringify(reported).match(/"\d{4}-\d\d-\d\dT[^"]*"/g) ?? []
    expect(times.length).toBeGreaterThan(20)
    expect(times.filter((time) => !/:\d\dZ"$/.test(time))).toEqual([])
  })

  it("T-30, K-212: has the resources of the pod and its class, whether it asked for any or not", () => {
    expect(reported.filter(({ status }) => status.resources === undefined)).toEqual([])
    expect(new Set(reported.map(({ status }) => status.qosClass))).toEqual(new Set(["BestEffort"]))
  })

  it("K-221, K-223: says something new, while it is being deleted too", () => {
    const written = moments.filter(({ change }) => change !== "DELETED").map(({ pod }) => pod)
    const contents = written.map(({ metadata: { resourceVersion: _, ...metadata }, spec, status }) =>
      JSON.stringify({ metadata, spec, status })
    )
    expect(contents.filter((content, i) => content === contents[i - 1])).toEqual([])
  })
})
