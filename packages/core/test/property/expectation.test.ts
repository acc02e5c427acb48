/** Expectations on the end of a history: each part of one holds, or is a sentence. */
import { describe, expect, it } from "vitest"
import type { ClusterEvent } from "../../src/event/ClusterEvent.ts"
import type { JsonObject } from "../../src/event/Json.ts"
import { type Expectation, unmet } from "../../src/property/expectation.ts"
import { violations } from "../../src/property/expected.ts"

const changed = (object: JsonObject, change: "ADDED" | "DELETED" = "ADDED"): ClusterEvent => ({
  _tag: "ObjectChanged",
  change,
  object: object as never
})

const pod = (status: JsonObject, uid = "u") => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name: "p", namespace: "n", uid, resourceVersion: "7" },
  spec: { containers: [] },
  status
})

const event = (name: string, count: number, message: string) => ({
  kind: "Event",
  apiVersion: "v1",
  metadata: { name, namespace: "n" },
  involvedObject: { kind: "Pod", name: "p", fieldPath: "spec.containers{main}" },
  reason: "BackOff",
  type: "Warning",
  message,
  count
})

const failed = pod({
  phase: "Failed",
  reason: "DeadlineExceeded",
  conditions: [{ type: "Ready", status: "False" }],
  containerStatuses: [
    {
      name: "main",
      ready: false,
      restartCount: 2,
      state: { terminated: { exitCode: 1, reason: "Error", message: "no such file\n" } },
      lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } }
    }
  ]
})

const history = [
  changed(pod({ phase: "Running" })),
  changed(event("a", 1, "back-off 10s")),
  changed(event("a", 3, "back-off 20s")),
  changed(event("b", 1, "other")),
  changed(failed)
]

const problems = (expected: Omit<Expectation, "pod">) => unmet(history, { pod: "p", ...expected }, "n")

describe("an expectation", () => {
  it("that is met says nothing", () => {
    expect(
      problems({
        gone: false,
        phase: "Failed",
        reason: "DeadlineExceeded",
        conditions: { Ready: "False" },
        containers: {
          main: {
            ...{ state: "terminated", reason: "Error", exitCode: 1, message: "no such", ready: false, restartCount: 2 },
            last: { exitCode: 137, reason: "OOMKilled" }
          }
        },
        events: [
          { reason: "BackOff", minCount: 4, maxCount: 4 },
          { reason: "BackOff", type: "Warning", container: "main", message: "20s", minCount: 3 },
          { reason: "Killing", maxCount: 0 }
        ]
      })
    ).toEqual([])
  })

  it.each<readonly [Omit<Expectation, "pod">, string]>([
    [{ gone: true }, "it is still there"],
    [{ phase: "Succeeded" }, "phase is Failed, expected Succeeded"],
    [{ reason: "Evicted" }, "reason is DeadlineExceeded, expected Evicted"],
    [{ conditions: { Ready: "True" } }, "condition Ready is False, expected True"],
    [{ conditions: { Initialized: "True" } }, "condition Initialized is absent, expected True"],
    [{ containers: { side: {} } }, "container side has no status"],
    [{ containers: { main: { state: "running" } } }, "container main.state is terminated, expected running"],
    [{ containers: { main: { exitCode: 0 } } }, "container main.exitCode is 1, expected 0"],
    [
      { containers: { main: { message: "file\\n" } } },
      'container main.message is "no such file\\n", expected "file\\\\n" in it'
    ],
    [{ containers: { main: { last: { message: "m" } } } }, 'container main.last.message is absent, expected "m" in it'],
    [{ containers: { main: { restartCount: 3 } } }, "container main.restartCount is 2, expected 3"],
    [{ containers: { main: { ready: true } } }, "container main.ready is false, expected true"],
    [{ containers: { main: { last: { exitCode: 1 } } } }, "container main.last.exitCode is 137, expected 1"],
    [{ events: [{ reason: "Killing" }] }, "Event Killing was reported 0 times, expected at least 1"],
    [
      { events: [{ reason: "BackOff", container: "x" }] },
      "Event BackOff of container x was reported 0 times, expected at least 1"
    ],
    [{ events: [{ reason: "BackOff", maxCount: 3 }] }, "Event BackOff was reported 4 times, expected at most 3"],
    [
      { events: [{ reason: "BackOff", message: "30s" }] },
      'Event BackOff with "30s" was reported 0 times, expected at least 1'
    ]
  ])("%j that is not met is a sentence", (expected, sentence) => {
    expect(problems(expected)).toEqual([`pod p: ${sentence}`])
  })

  it("is about the last life of a name, and about a pod that is gone as it was last seen", () => {
    const lives = [changed(failed), changed(failed, "DELETED"), changed(pod({ phase: "Pending" }, "v"))]
    expect(unmet(lives, { pod: "p", phase: "Pending", gone: false }, "n")).toEqual([])
    expect(unmet(lives.slice(0, 2), { pod: "p", phase: "Failed", gone: true }, "n")).toEqual([])
    expect(unmet(lives.slice(0, 2), { pod: "p", gone: false }, "n")).toEqual(["pod p: it is gone"])
  })

  it("of a pod that never was, or of another namespace, is not met", () => {
    expect(unmet(history, { pod: "q" }, "n")).toEqual(["pod q: there never was such a pod"])
    expect(unmet(history, { pod: "p", namespace: "m" }, "n")).toEqual(["pod p: there never was such a pod"])
    expect(unmet(history, { pod: "p", namespace: "n" }, "m")).toEqual([])
  })
})

describe("violations", () => {
  it("L10 by its id, and an expectation, in the order of the checks", () => {
    const running = pod({ phase: "Running" })
    const revived = [changed(failed), changed({ ...running, metadata: { ...running.metadata, resourceVersion: "8" } })]
    expect(violations(revived, [{ pod: "p", phase: "Failed" }, { law: "L10" }, { law: "L8" }], "n")).toEqual([
      "pod p: phase is Running, expected Failed",
      "pod u: L10 is broken by event 2: A pod that succeeded or failed stays so",
      "there is no law L8"
    ])
    expect(violations(history, [{ law: "L10" }], "n")).toEqual([])
  })
})
