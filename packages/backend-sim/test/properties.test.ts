/** Any pod, any programs, anything done to them: what holds in every simulation. `soak.ts` tries as many as one likes. */
import { type ClusterEvent, later } from "@kubereel/core"
import { anyClusterDocument, anyScenarioDocument, chaosDocument, scenarioOfDocument } from "@kubereel/core/testing"
import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { Cluster } from "../src/Cluster.ts"
import { podManifest, scenario } from "./given.ts"
import { type Property, play, properties, repeats, type Trace, traceOf } from "./properties.ts"

/** The same scenarios every time; a failure prints them with the path to the smallest one. */
const sample = { numRuns: 250, seed: 20_260_101 }

const breaches = new Set<Property>()
const reasons = new Set<string>()

/** Each scenario is simulated once for all properties. */
beforeAll(() => {
  for (const document of fc.sample(anyScenarioDocument, sample)) {
    const trace = traceOf(document)
    for (const property of properties) if (property.broken(trace) !== undefined) breaches.add(property)
    for (const fact of trace.facts)
      if (fact._tag === "ObjectChanged" && fact.object.kind === "Event")
        reasons.add(String((fact.object as { readonly reason?: string }).reason))
  }
})

describe("in the life of any pod", () => {
  it.each(properties)("$sentence", (property) => {
    if (!breaches.has(property)) return
    // Found again, made small, and told with seed and path.
    fc.assert(
      fc.property(anyScenarioDocument, (document) => {
        expect(property.broken(traceOf(document))).toBe(undefined)
      }),
      sample
    )
    expect.unreachable()
  })

  it("the same scenario and seed give the same bytes", () => {
    fc.assert(fc.property(anyScenarioDocument, fc.nat(1_000), repeats), { ...sample, numRuns: 60 })
  })

  it("much happens to them", () => {
    expect([...reasons]).toEqual(
      expect.arrayContaining([
        ...["Scheduled", "FailedScheduling", "Pulling", "Pulled", "Created", "Started", "Killing", "BackOff", "Failed"],
        ...["FailedPostStartHook", "FailedPreStopHook", "FailedMount", "Evicted", "DeadlineExceeded", "InspectFailed"],
        ...["SandboxChanged", "ErrImageNeverPull", "FailedToRetrieveImagePullSecret"]
      ])
    )
  })
})

describe("in any cluster, whatever its workloads and what is done to them", () => {
  const cases = { numRuns: 200, seed: 20_260_103 }
  const traces: Array<Trace> = []

  beforeAll(() => {
    for (const document of fc.sample(anyClusterDocument, cases)) traces.push(traceOf(document))
  })

  it.each(properties)("$sentence", (property) => {
    if (traces.every((trace) => property.broken(trace) === undefined)) return
    fc.assert(
      fc.property(anyClusterDocument, (document) => {
        expect(property.broken(traceOf(document))).toBe(undefined)
      }),
      cases
    )
    expect.unreachable()
  })

  it("the same scenario and seed give the same bytes", () => {
    fc.assert(fc.property(anyClusterDocument, fc.nat(1_000), repeats), { ...cases, numRuns: 25 })
  })

  it("much happens in them", () => {
    const told = traces.flatMap(({ facts }) => facts.map((fact) => (fact._tag === "ObjectChanged" ? fact.object : {})))
    expect(told.map((object) => (object as { readonly reason?: string }).reason)).toEqual(
      expect.arrayContaining([
        ...["ScalingReplicaSet", "SuccessfulCreate", "SuccessfulDelete", "FailedCreate", "Completed", "NodeNotReady"],
        ...["TaintManagerEviction", "NoPods", "RegisteredNode", "BackOff", "FailedScheduling", "Unhealthy"],
        ...["WaitForFirstConsumer", "Provisioning", "NodeNotSchedulable", "SuccessfulAttachVolume"]
      ])
    )
  })
})

describe("in any cluster under chaos that heals", () => {
  const documents = Array.from({ length: 50 }, (_, i) => chaosDocument(20_260_104, i, "small"))
  const traces: Array<Trace> = []

  beforeAll(() => {
    for (const document of documents) traces.push(traceOf(document))
  })

  // These assume what chaos breaks: a killed sandbox starts anew what never restarts, a hook that hangs holds up a deletion.
  const assuming = ["the laws of every pod's life hold", "a pod that was deleted is gone in time"]

  it.each(properties.filter(({ sentence }) => !assuming.includes(sentence)))("$sentence", (property) => {
    expect(traces.flatMap((trace) => property.broken(trace) ?? [])).toEqual([])
  })

  it("few steps are refused", () => {
    let [answered, refused] = [0, 0]
    for (const document of documents) {
      const given = scenarioOfDocument(document)
      const cluster = new Cluster(given)
      for (const { at, intention } of given.steps) {
        cluster.run(later(given.start, at), Number.POSITIVE_INFINITY)
        for (const { status } of cluster.submit(intention) ?? [{ status: 501 }]) {
          answered++
          // A conflict is what a stale write is for.
          if (status >= 400 && status !== 409) refused++
        }
      }
    }
    expect(refused / answered).toBeLessThan(0.1)
    expect(refused / answered).toBeGreaterThan(0.01)
  })
})

describe("each of these checks can fail", () => {
  const told = (...facts: ReadonlyArray<ClusterEvent>): Trace => ({
    scenario: scenario({ steps: [], until: "1s" }),
    facts,
    failure: undefined
  })
  const pod = (status: object): ClusterEvent => ({
    _tag: "ObjectChanged",
    change: "MODIFIED",
    object: { ...podManifest("p", ["main"]), metadata: { name: "p", uid: "u" }, status } as never
  })
  const container = (more: object) =>
    pod({
      containerStatuses: [{ name: "main", ready: false, restartCount: 0, image: "i", imageID: "", ...more }]
    })
  const exited: ClusterEvent = {
    _tag: "PodFact",
    pod: { namespace: "default", name: "p", uid: "u" },
    event: { _tag: "ProcessExited", kind: "regular", container: "main", containerID: "containerd://1", exitCode: 0 }
  }
  const at = "2026-01-01T00:00:01Z"
  const ended = (exitCode: number, message = "") => {
    const terminated = { exitCode, reason: "Error", message, startedAt: at, finishedAt: at }
    return container({ state: { terminated: { ...terminated, containerID: "containerd://1" } } })
  }
  const sentence = (part: string): Property => {
    const found = properties.find((property) => property.sentence.includes(part))
    if (found === undefined) throw new Error(`no property says ${part}`)
    return found
  }

  it.each<[string, Trace]>([
    ["never throws", { ...told(), failure: "RangeError" }],
    ["made of words", told(pod({ unheardOf: 1 }))],
    ["laws", told(pod({ phase: "Failed" }), pod({ phase: "Running" }))],
    ["ends once", told(exited, exited)],
    ["how a container ended", told(ended(0), ended(1))],
    ["how a container ended", told(ended(0, "a"), ended(0, "ab"))],
    ["counted up", told(container({ restartCount: 1 }), container({ restartCount: 0 }))]
  ])("%s", (part, trace) => {
    expect(sentence(part).broken(trace)).toEqual(expect.any(String))
    expect(sentence(part).broken(told(container({}), ended(0, "ab"), ended(0, "a"), exited))).toBe(undefined)
  })

  it("one that does too much, or throws", () => {
    const busy = scenario({ steps: [{ at: "0s", apply: podManifest("p", ["main"]) }], until: "10s" })
    expect(play({ ...busy, kubernetes: "0.1" }).failure).toContain("is not known")
    expect(play(busy, 0, 20).failure).toContain("more than 20 things happened")
  })
})
