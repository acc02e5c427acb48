import { type Instant, type KubernetesObject, later, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Store } from "../../src/apiserver/Store.ts"
import { EventRecorder } from "../../src/client/EventRecorder.ts"
import { StoreEvents } from "../../src/client/EventSink.ts"
import { Engine } from "../../src/engine/Engine.ts"
import { stream } from "../../src/engine/Random.ts"
import { rigProfile } from "../../src/profile/NodeProfile.ts"

const start = (1_767_225_600 * SECOND) as Instant

const setUp = (reachable = () => true) => {
  const engine = new Engine(start)
  const store = new Store(0)
  const changes: Array<string> = []
  store.watch((change, object) => changes.push(`${change} ${object.reason} x${object.count}`))
  const random = stream(0, "events")
  const recorder = new EventRecorder({
    reachable,
    engine,
    entity: "events",
    random,
    sink: new StoreEvents({ engine, random, store, manager: "kubelet" }),
    write: rigProfile.eventWrite,
    component: "kubelet",
    host: "n-1"
  })
  const record = (
    reason: string,
    message: string,
    more: { type?: "Normal" | "Warning"; container?: string; pod?: string } = {}
  ) => {
    const fieldPath = more.container === undefined ? undefined : `spec.containers{${more.container}}`
    const { pod: name = "p" } = more
    const subject = { kind: "Pod", namespace: "n", name, uid: "u", resourceVersion: "7", fieldPath }
    recorder.record({ subject, type: more.type ?? "Normal", reason, message })
  }
  const settle = (seconds = 1) => engine.runUntil(later(engine.now, seconds * SECOND))
  const events = (): ReadonlyArray<KubernetesObject> => store.list("Event")
  return { changes, events, record, settle }
}

describe("Events of a kubelet", () => {
  it("7.1: have the shape of the legacy recorder's", () => {
    const { events, record, settle } = setUp()
    record("Started", "Container started", { container: "main" })
    settle()
    expect(events()[0]).toMatchObject({
      metadata: { name: expect.stringMatching(/^p\.[0-9a-f]{16}$/), namespace: "n" },
      involvedObject: {
        kind: "Pod",
        namespace: "n",
        name: "p",
        uid: "u",
        apiVersion: "v1",
        resourceVersion: "7",
        fieldPath: "spec.containers{main}"
      },
      source: { component: "kubelet", host: "n-1" },
      firstTimestamp: "2026-01-01T00:00:00Z",
      count: 1,
      eventTime: null,
      reportingComponent: "kubelet",
      reportingInstance: "n-1"
    })
  })

  it("X-25, K-322: the same again counts up on the same object and keeps its first time", () => {
    const { changes, events, record, settle } = setUp()
    for (let time = 0; time < 3; time++) {
      record("Pulled", "present", { container: "main" })
      settle(10)
    }
    expect(changes).toEqual(["ADDED Pulled x1", "MODIFIED Pulled x2", "MODIFIED Pulled x3"])
    expect(events()[0]).toMatchObject({ firstTimestamp: "2026-01-01T00:00:00Z", lastTimestamp: "2026-01-01T00:00:20Z" })
  })

  it("K-322: another container is another Event", () => {
    const { events, record, settle } = setUp()
    record("Pulled", "present", { container: "a" })
    record("Pulled", "present", { container: "b" })
    settle()
    expect(events()).toHaveLength(2)
  })

  it("X-25, K-323, T-33: the tenth distinct message of one reason begins a combined Event without a reporter", () => {
    const { events, record, settle } = setUp()
    for (let time = 0; time < 12; time++)
      record("Unhealthy", `failed ${time}`, { type: "Warning", container: `c${time % 2}` })
    settle()
    const combined = events().filter((event) => String(event.message).startsWith("(combined from similar events): "))
    expect(events()).toHaveLength(10)
    expect(combined).toMatchObject([
      { count: 3, message: "(combined from similar events): failed 11", reportingComponent: "" }
    ])
  })

  it("X-25, K-324, K-325: after a burst of 25 they are dropped, and counted on", () => {
    const { events, record, settle } = setUp()
    for (let time = 0; time < 40; time++) record("BackOff", "again", { type: "Warning" })
    record("Started", "Container started")
    settle(400)
    expect(events().map(({ count }) => count)).toEqual([25, 1])
    record("BackOff", "again", { type: "Warning" })
    settle()
    expect(events()[0]?.count).toBe(41)
  })

  it("K-327: are written in their order, and kept for up to twelve tries, ten seconds apart", () => {
    let up = false
    const { changes, record, settle } = setUp(() => up)
    record("First", "m")
    record("Second", "m")
    settle(60)
    expect(changes).toEqual([])
    up = true
    settle(20)
    expect(changes).toEqual(["ADDED First x1", "ADDED Second x1"])
  })

  it("K-327: who cannot be sent in two minutes is given up, and the next one has its turn", () => {
    let up = false
    const { changes, record, settle } = setUp(() => up)
    record("First", "m")
    record("Second", "m")
    settle(115)
    up = true
    settle(20)
    expect(changes).toEqual(["ADDED Second x1"])
  })

  it("K-327: a thousand may wait, more are lost", () => {
    let up = false
    const { events, record, settle } = setUp(() => up)
    for (let i = 0; i < 1_100; i++) record("Started", "m", { pod: `p-${i}` })
    up = true
    settle(600)
    // The first one is at its tries while the others wait.
    expect(events()).toHaveLength(1_001)
  })
})
