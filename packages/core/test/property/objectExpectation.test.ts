/** Expectations on objects of any kind at the end of a history: each part of one holds, or is a sentence. */
import { describe, expect, it } from "vitest"
import type { ClusterEvent } from "../../src/event/ClusterEvent.ts"
import type { JsonObject } from "../../src/event/Json.ts"
import { violations } from "../../src/property/expected.ts"
import { type ObjectExpectation, unmetByObjects } from "../../src/property/objectExpectation.ts"

const changed = (object: JsonObject, change: "ADDED" | "DELETED" = "ADDED"): ClusterEvent => ({
  _tag: "ObjectChanged",
  change,
  object: object as never
})

const object = (kind: string, name: string, more: JsonObject = {}, labels: JsonObject = {}): JsonObject => ({
  kind,
  apiVersion: "v1",
  metadata: { name, ...(kind === "Node" ? {} : { namespace: "n" }), uid: name, resourceVersion: "7", labels },
  ...more
})

const conditions = [
  { type: "Available", status: "True" },
  { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" }
]
const web = object("Deployment", "web", { status: { replicas: 2, conditions } })
const podOf = (name: string, phase: string) => object("Pod", name, { status: { phase } }, { app: "web" })

const history = [
  changed(object("Deployment", "web", { status: { replicas: 1 } })),
  changed(web),
  changed(object("Node", "east", { spec: { taints: [{ key: "t", effect: "NoExecute" }] } })),
  changed(podOf("a", "Pending")),
  changed(podOf("b", "Running")),
  changed(podOf("a", "Running")),
  changed(podOf("c", "Running")),
  changed(podOf("c", "Running"), "DELETED"),
  changed(object("Pod", "other", { status: { phase: "Failed" } })),
  changed({
    ...object("Event", "e", { reason: "ScalingReplicaSet", type: "Normal", message: "Scaled up", count: 2 }),
    involvedObject: { kind: "Deployment", name: "web" }
  })
]

const problems = (expected: ObjectExpectation) => unmetByObjects(history, expected, "n")

describe("an expectation of an object", () => {
  it("that is met says nothing: mappings hold its fields, lists its entries", () => {
    expect(
      problems({
        kind: "Deployment",
        name: "web",
        gone: false,
        has: {
          status: { replicas: 2, unavailableReplicas: null, conditions: [{ type: "Progressing", status: "True" }] }
        },
        events: [{ reason: "ScalingReplicaSet", message: "up", minCount: 2 }]
      })
    ).toEqual([])
    expect(problems({ kind: "Node", name: "east", has: { spec: { taints: [{ key: "t" }] } } })).toEqual([])
    const selector = { app: "web" }
    expect(problems({ kind: "Pod", selector, count: 2, has: { status: { phase: "Running" } } })).toEqual([])
    expect(problems({ kind: "Pod", selector: { app: "db" }, count: 0 })).toEqual([])
  })

  it.each<readonly [ObjectExpectation, ReadonlyArray<string>]>([
    [{ kind: "Deployment", name: "api" }, ["Deployment api: there never was such an object"]],
    [{ kind: "Deployment", name: "web", namespace: "m" }, ["Deployment web: there never was such an object"]],
    [{ kind: "Deployment", name: "web", gone: true }, ["Deployment web: it is still there"]],
    [{ kind: "Pod", name: "c", gone: false }, ["Pod c: it is gone"]],
    [
      { kind: "Deployment", name: "web", has: { status: { replicas: 3, readyReplicas: 2 }, spec: { paused: true } } },
      [
        "Deployment web: status.replicas is 2, expected 3",
        "Deployment web: status.readyReplicas is absent, expected 2",
        'Deployment web: spec is absent, expected {"paused":true} in it'
      ]
    ],
    [
      { kind: "Node", name: "east", has: { spec: { taints: null } } },
      ['Node east: spec.taints is [{"key":"t","effect":"NoExecute"}], expected absent']
    ],
    [
      { kind: "Node", name: "east", has: { spec: { taints: [{ key: "u" }] } } },
      ['Node east: spec.taints is [{"key":"t","effect":"NoExecute"}], expected {"key":"u"} in it']
    ],
    [
      { kind: "Deployment", name: "web", events: [{ reason: "ScalingReplicaSet", maxCount: 1 }] },
      ["Deployment web: Event ScalingReplicaSet was reported 2 times, expected at most 1"]
    ],
    [{ kind: "Pod", selector: { app: "web" }, count: 3 }, ["Pod with app=web: there are 2, expected 3"]],
    [
      { kind: "Pod", selector: { app: "web" }, has: { status: { phase: "Failed" } } },
      ['Pod a: status.phase is "Running", expected "Failed"', 'Pod b: status.phase is "Running", expected "Failed"']
    ]
  ])("%j that is not met is a sentence", (expected, sentences) => {
    expect(problems(expected)).toEqual(sentences)
  })

  it("is one of a scenario's checks", () => {
    expect(
      violations(
        history,
        [
          { kind: "Pod", name: "c", gone: true },
          { pod: "c", gone: false }
        ],
        "n"
      )
    ).toEqual(["pod c: it is gone"])
  })
})
