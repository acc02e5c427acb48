/** Why a pod is where it is: asked of short histories, and of what a real scheduler did in the shipped recordings. */
import { describe, expect, it } from "vitest"
import type { ClusterEvent } from "../../src/event/ClusterEvent.ts"
import { parseInstant } from "../../src/event/Instant.ts"
import type { Json, JsonObject } from "../../src/event/Json.ts"
import { isPod, type PodObject } from "../../src/event/KubernetesObject.ts"
import { asObject } from "../../src/index.ts"
import { renderScheduling } from "../../src/why/renderScheduling.ts"
import { schedulingOf } from "../../src/why/schedulingOf.ts"
import { recording, scenarioNames } from "../view/recordings.ts"

const node = (name: string, cpu = "2", more: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels: { "kubernetes.io/hostname": name } },
  spec: {},
  status: { allocatable: { cpu, memory: "4Gi", pods: "110" } },
  ...more
})

const pod = (
  more: { readonly spec?: JsonObject; readonly status?: JsonObject; readonly metadata?: JsonObject } = {}
): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace: "d", name: "p", uid: "u", ...more.metadata },
  spec: { containers: [{ name: "main", image: "i", resources: { requests: { cpu: "1" } } }], ...more.spec },
  status: { phase: "Pending", ...more.status }
})

const seen = (change: "ADDED" | "MODIFIED", object: JsonObject, more: JsonObject = {}): ClusterEvent =>
  ({ _tag: "ObjectChanged", change, object, ...more }) as unknown as ClusterEvent

const refusal = (message: string): JsonObject => ({
  conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }]
})

const isMeant = ({ metadata }: PodObject): boolean => metadata.name === "p"
const numbered = (events: ReadonlyArray<ClusterEvent>) => events.map((event, index) => ({ event, number: index + 1 }))
const of = (...events: ReadonlyArray<ClusterEvent>) => schedulingOf(numbered(events), { isMeant })
const said = (...events: ReadonlyArray<ClusterEvent>): string => {
  const scheduling = of(...events)
  return scheduling === undefined ? "" : renderScheduling(scheduling, { start: undefined })
}

describe("why a pod is on its node", () => {
  it("C-225: every node's answer is told, the best first", () => {
    const told = said(
      seen("ADDED", node("a")),
      seen("ADDED", node("b", "500m")),
      seen("ADDED", node("c", "4")),
      seen("ADDED", pod()),
      seen("MODIFIED", pod({ spec: { nodeName: "c" } }))
    )
    expect(told).toMatch(/event 5 {2}bound to c\n/)
    expect(told).toMatch(
      /to event 5, with what the events before it show:\n {2}c +\d+ .*\n {2}a +\d+ .*\n {2}b +no {2}NodeResourcesFit: Insufficient cpu$/
    )
    expect(told).not.toContain("Not known")
  })

  it("C-240: chance decides among equal ones, and what happened is one of them", () => {
    const events = ["a", "b"].map((name) => seen("ADDED", node(name)))
    const told = of(...events, seen("ADDED", pod()), seen("MODIFIED", pod({ spec: { nodeName: "b" } })))
    expect(told?.answer?.best).toEqual(["a", "b"])
    expect(told?.unknown).toEqual([])
    expect(said(...events, seen("ADDED", pod()), seen("MODIFIED", pod({ spec: { nodeName: "b" } })))).toContain(
      "a, b are equal: chance decides."
    )
  })

  it("is not known where the history shows less than the scheduler knew", () => {
    const taken = pod({ metadata: { name: "q", uid: "q" }, spec: { nodeName: "a" } })
    const told = of(
      ...["a", "b"].map((name) => seen("ADDED", node(name))),
      seen("ADDED", taken),
      seen("ADDED", pod()),
      seen("MODIFIED", pod({ spec: { nodeName: "a" } }))
    )
    expect(told?.answer?.best).toEqual(["b"])
    expect(told?.unknown).toEqual([expect.stringMatching(/^by the rules a was not the best/)])
  })

  it.each([
    [
      "it was made with a node",
      [seen("ADDED", pod({ spec: { nodeName: "a" } }))],
      /made with spec.nodeName a: no scheduler/
    ],
    [
      "it was found there",
      [seen("ADDED", pod({ spec: { nodeName: "a" } }), { found: { resource: "pods", resourceVersion: "1" } })],
      /found on a: when that was decided is not in the history/
    ],
    [
      "it is held back",
      [seen("ADDED", pod({ spec: { schedulingGates: [{ name: "wait" }] } }))],
      /scheduling gates: wait$/
    ],
    [
      "it has another scheduler",
      [
        seen("ADDED", pod({ spec: { schedulerName: "mine" } })),
        seen("MODIFIED", pod({ spec: { schedulerName: "mine", nodeName: "a" } }))
      ],
      /bound to a\n\nNot known: spec.schedulerName is mine, whose rules/
    ],
    [
      "there are no nodes in the history",
      [seen("ADDED", pod()), seen("MODIFIED", pod({ spec: { nodeName: "a" } }))],
      /Not known: the history has no nodes before this decision\.$/
    ],
    [
      "nobody decided yet",
      [seen("ADDED", pod())],
      /^d\/p\n\nNot known: the history shows no decision of the scheduler about it\.$/
    ],
    [
      "it is a static pod's mirror",
      [seen("ADDED", pod({ metadata: { annotations: { "kubernetes.io/config.mirror": "x" } } }))],
      /mirror of a static pod/
    ]
  ] as const)("%s", (_, events, words) => {
    expect(said(...events)).toMatch(words)
  })

  it("a blind spot of pods or nodes is told, one of Events is not", () => {
    const gap = (resource: string, more: JsonObject = {}) =>
      ({ _tag: "Gap", cause: "closed", detail: "cut", resource, ...more }) as unknown as ClusterEvent
    const bound = [seen("ADDED", pod()), seen("MODIFIED", pod({ spec: { nodeName: "a" } }))]
    expect(of(seen("ADDED", node("a")), gap("pods"), ...bound)?.unknown).toEqual([
      "pods not observed from here (closed): cut"
    ])
    expect(of(seen("ADDED", node("a")), gap("events"), ...bound)?.unknown).toEqual([])
    expect(of(seen("ADDED", node("a")), gap("pods"), gap("pods", { to: {} }), ...bound)?.unknown).toEqual([])
  })

  it("only what was seen until then counts, and only the last life of a name", () => {
    const at = (text: string): JsonObject => ({ observed: parseInstant(text) as unknown as Json })
    const events = [
      seen("ADDED", node("a"), at("2026-01-01T00:00:00Z")),
      seen("ADDED", pod(), at("2026-01-01T00:00:01Z")),
      seen("MODIFIED", pod({ status: refusal("0/1 nodes are available") }), at("2026-01-01T00:00:02Z")),
      seen("ADDED", pod({ metadata: { uid: "v" } }), at("2026-01-01T00:00:03Z")),
      seen("MODIFIED", pod({ metadata: { uid: "v" }, spec: { nodeName: "a" } }), at("2026-01-01T00:00:04Z"))
    ]
    const until = parseInstant("2026-01-01T00:00:02Z")
    expect(until).toBeDefined()
    if (until === undefined) return
    expect(schedulingOf(numbered(events), { isMeant, until })?.steps).toMatchObject([
      { event: 3, outcome: { _tag: "Refused" } }
    ])
    expect(schedulingOf(numbered(events), { isMeant })?.steps).toMatchObject([{ event: 5, outcome: { _tag: "Bound" } }])
    expect(schedulingOf(numbered(events), { isMeant: () => false })).toBeUndefined()
  })

  it("many nodes are told by how many say the same", () => {
    const nodes = Array.from({ length: 40 }, (_, index) => seen("ADDED", node(`n-${index}`, index < 30 ? "500m" : "2")))
    const told = said(...nodes, seen("ADDED", pod()), seen("MODIFIED", pod({ spec: { nodeName: "n-35" } })))
    expect(told).toMatch(/ {2}n-30 and 9 more +\d+ /)
    expect(told).toMatch(/ {2}n-0 and 29 more +no {2}NodeResourcesFit: Insufficient cpu/)
  })
})

describe("why a pod has no node", () => {
  const low = pod({
    metadata: { name: "q", uid: "q" },
    spec: { nodeName: "a", priority: 0, preemptionPolicy: "PreemptLowerPriority" }
  })
  const high = {
    spec: { priority: 10, containers: [{ name: "m", image: "i", resources: { requests: { cpu: "2" } } }] }
  }

  it("C-227: says whose end would make room", () => {
    const told = said(
      seen("ADDED", node("a")),
      seen("ADDED", low),
      seen("ADDED", pod(high)),
      seen("MODIFIED", pod({ ...high, status: refusal("0/1 nodes are available: 1 Insufficient cpu.") }))
    )
    expect(told).toMatch(/event 4 {2}no node would do: 0\/1 nodes are available: 1 Insufficient cpu\.\n/)
    expect(told).toMatch(/a {2}no {2}NodeResourcesFit: Insufficient cpu\n {2}Room can be made on a by ending d\/q\.$/)
  })

  it("is not known where a node would have done", () => {
    const told = of(
      seen("ADDED", node("a")),
      seen("ADDED", pod()),
      seen("MODIFIED", pod({ status: refusal("0/1 nodes are available") }))
    )
    expect(told?.unknown).toEqual([expect.stringMatching(/^by the rules a would have done/)])
  })
})

describe("what the real scheduler did in the shipped recordings", () => {
  it("is what its rules say to what the recording shows, but for at most one decision in a hundred", () => {
    let [decisions, doubted] = [0, 0]
    for (const scenario of scenarioNames) {
      const events = recording(`${scenario}.1`)
      const uids = new Set(
        events.flatMap((event) => {
          const object = event._tag === "ObjectChanged" ? asObject(event.object) : undefined
          return object !== undefined && isPod(object) ? [object.metadata.uid] : []
        })
      )
      for (const uid of uids) {
        const told = schedulingOf(numbered(events), { isMeant: ({ metadata }) => metadata.uid === uid })
        if (told?.answer === undefined) continue
        decisions++
        if (told.unknown.length > 0) doubted++
      }
    }
    expect(decisions).toBeGreaterThan(150)
    expect(doubted / decisions).toBeLessThan(0.01)
  })
})
