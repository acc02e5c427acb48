/** Timelines of recordings of real clusters, and of what no cluster records. */
import { describe, expect, it } from "vitest"
import {
  type ClusterEvent,
  type Gap,
  type Instant,
  objectsAt,
  onlyPod,
  renderTimeline,
  SECOND,
  timeline,
  upTo
} from "../../src/index.ts"
import { recording, scenarioNames } from "./recordings.ts"

const timeless = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<ClusterEvent> =>
  events.map(({ observed: _, ...event }) => event as ClusterEvent)

const pod = (uid: string, change: "ADDED" | "DELETED", observed: number): ClusterEvent => ({
  _tag: "ObjectChanged",
  observed: observed as Instant,
  change,
  object: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "n", name: "web-0", uid },
    spec: { containers: [] },
    status: { phase: "Pending" }
  }
})

describe("a timeline", () => {
  it("X-08: says what happened to a pod, one line a moment, its end before its object is gone", () => {
    const lines = renderTimeline(onlyPod(timeline(recording("trap-term.1")), "p")).split("\n")
    expect(lines).toEqual([
      "    0.009s  p  ADDED, Pending",
      "    0.013s  p  bound to rig-1                                     PodScheduled True",
      "    0.019s  p  Event Scheduled: Successfully assigned trap-term/p to rig-1",
      "    0.039s  p  main waiting (ContainerCreating)                   Initialized True; PodReadyToStartContainers False; Ready False ContainersNotReady",
      '    0.517s  p  Event Pulled: Container image "127.0.0.1:5000/busybox:1" already present on machine and can be accessed by the pod',
      "    0.524s  p                                                     PodReadyToStartContainers True",
      "    0.551s  p  Event Created: Container created",
      "    0.614s  p  Event Started: Container started",
      "    0.620s  p  Pending → Running, main running, main ready        Ready True",
      "    6.015s  p  deletion requested (grace 30s)",
      "    6.028s  p  Event Killing: Stopping container main",
      "    6.031s  p  observedGeneration 1 → 2",
      "    8.191s  p  Running → Succeeded, main terminated (Completed, exit 0)   Initialized True PodCompleted; PodReadyToStartContainers False; Ready False PodCompleted",
      "    8.850s  p  grace 30s → 0s",
      "    8.853s  p  gone"
    ])
  })

  it("counts a patched Event as another occurrence, and restarts", () => {
    const said = renderTimeline(timeline(recording("crash-loop.1")))
    expect(said).toContain("2.101s  p  main running, restart 1, main ready           Ready True")
    expect(said).toContain("Event Warning BackOff ×7: Back-off restarting failed container main")
    expect(said).toContain("main waiting (CrashLoopBackOff): back-off 2m40s restarting failed container=main")
  })

  it("has every version and every report of every recording in it", () => {
    for (const scenario of scenarioNames) {
      const events = recording(`${scenario}.1`)
      const { lives } = timeline(events)
      expect(lives.flatMap(({ moments }) => moments).length).toBe(events.length - 1)
    }
  })

  it("shows pods first, other objects in short below", () => {
    const said = renderTimeline(timeline(recording("deployment-scale.1")), { width: 120 })
    expect(said.indexOf("web-c8b54bf9b-kkjpg")).toBeLessThan(said.indexOf("Other objects"))
    expect(said).toMatch(/12\.012s {2}Deployment\/web +spec\.replicas 3 → 5/)
    expect(Math.max(...said.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120)
  })

  it("goes by order where the recording has no times", () => {
    const said = renderTimeline(timeline(timeless(recording("force-delete.1"))))
    expect(said).toMatch(/^ +#\d+ {2}p {2}ADDED, Pending$/m)
    expect(said).toMatch(/^ +#\d+ {2}p {2}gone$/m)
  })

  it("two lives of one name are two objects", () => {
    const self = timeline([pod("a", "ADDED", 0), pod("a", "DELETED", SECOND), pod("b", "ADDED", 2 * SECOND)])
    expect(self.lives.map(({ uid, turn }) => `${uid}${turn}`)).toEqual(["a1", "b2"])
    expect(renderTimeline(self)).toContain("2.000s  web-0 (2)  ADDED, Pending")
  })

  it("a gap cannot be overlooked and says until when", () => {
    const gap: ClusterEvent = { _tag: "Gap", observed: SECOND as Instant, cause: "expired", detail: "410 Gone" }
    const said = renderTimeline(timeline([pod("a", "ADDED", 0), gap, pod("a", "DELETED", 9 * SECOND)]), { width: 100 })
    expect(said.split("\n")[1]).toMatch(
      /^ {4}1\.000s {2}==== GAP: not observed from here \(expired\): 410 Gone until 9\.000s =+$/
    )
  })

  const podsGap = (more: Partial<Gap>): Gap => ({
    _tag: "Gap",
    cause: "closed",
    detail: "cut",
    resource: "pods",
    ...more
  })
  const at = (seconds: number): Instant => (seconds * SECOND) as Instant

  it("a gap of one resource lasts until it is said to end, and is shown once (guarantee 8)", () => {
    const ref = { namespace: "n", name: "web-0", uid: "a" }
    const gone: ClusterEvent = {
      ...pod("a", "DELETED", 8 * SECOND),
      found: { resource: "pods", resourceVersion: "9" }
    } as ClusterEvent
    const said = renderTimeline(
      timeline([
        pod("a", "ADDED", 0),
        podsGap({ observed: at(1), from: { at: at(1) } }),
        {
          ...pod("b", "ADDED", 2 * SECOND),
          object: { kind: "Node", metadata: { name: "n1", uid: "n1" } }
        } as ClusterEvent,
        gone,
        podsGap({
          observed: at(9),
          from: { at: at(1) },
          to: { at: at(9) },
          found: { created: [], changed: [], vanished: [ref] }
        })
      ]),
      { width: 180 }
    ).split("\n")
    expect(said[1]).toMatch(
      /^ {4}1\.000s {2}==== GAP: pods not observed since 1970-01-01T00:00:01\.000Z until here \(closed\): cut; found 1 vanished until 9\.000s =+$/
    )
    expect(said[2]).toMatch(/^ {4}8\.000s {2}web-0 {2}found after a gap, gone$/)
    expect(said.filter((line) => line.includes("GAP")).length).toBe(2)
  })

  it("a gap that was only noticed at its end is shown where it began", () => {
    const gap = podsGap({
      observed: at(9),
      from: { at: at(1) },
      to: { at: at(9) },
      found: { created: [], changed: [], vanished: [] }
    })
    const { notes } = timeline([pod("a", "ADDED", 0), gap])
    expect(notes).toMatchObject([{ at: SECOND, until: 9 * SECOND }])
    expect(notes[0]?.text).toContain("; nothing was found changed")
  })

  it("shows facts that no API server shows only when asked", () => {
    const fact: ClusterEvent = {
      _tag: "PodFact",
      observed: SECOND as Instant,
      pod: { namespace: "n", name: "web-0", uid: "a" },
      event: { _tag: "SignalSent", kind: "regular", container: "main", containerID: "c", signal: 15 }
    }
    const self = timeline([pod("a", "ADDED", 0), fact])
    expect(renderTimeline(self)).not.toContain("SignalSent")
    expect(renderTimeline(self, { facts: true })).toContain("fact SignalSent container=main containerID=c signal=15")
  })

  it("does not let the text of others steer the terminal, and colours change no text", () => {
    const evil: ClusterEvent = { _tag: "Warned", observed: 0 as Instant, message: "\u001b[2Jgone\nforged line" }
    const plain = renderTimeline(timeline([evil, pod("a", "ADDED", 0)]))
    expect(plain).toContain("\\x1b[2Jgone\\x0aforged line")
    const coloured = renderTimeline(timeline(recording("crash-loop.1")), { colour: true })
    expect(coloured.replaceAll("\n", "¶").replace(/\p{Cc}\[\d+m/gu, "")).toBe(
      renderTimeline(timeline(recording("crash-loop.1"))).replaceAll("\n", "¶")
    )
  })

  it("ends at the moment asked for, and the objects are those of that moment", () => {
    const events = recording("trap-term.1")
    expect(renderTimeline(upTo(timeline(events), 6 * SECOND))).not.toContain("deletion requested")
    const at = (seconds: number) => objectsAt(events, seconds * SECOND).find(({ kind }) => kind === "Pod")
    expect(at(7)?.["status"]).toMatchObject({ phase: "Running" })
    expect(at(7)?.metadata.deletionGracePeriodSeconds).toBe(30)
    expect(at(9)).toBeUndefined()
  })
})
