/** When a status that a kubelet has made is written, and which. */
import { type Instant, latestRelease, type Pod, type PodObject, parsePod, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { decisions } from "../../src/defect/Decisions.ts"
import { Engine } from "../../src/engine/Engine.ts"
import { stream } from "../../src/engine/Random.ts"
import { StatusManager, type StatusManagerOptions } from "../../src/kubelet/StatusManager.ts"
import { rigProfile } from "../../src/profile/NodeProfile.ts"

const start = (1_767_225_600 * SECOND) as Instant

const object = (name: string, restartPolicy = "Always"): PodObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "n", uid: name, generation: 1 },
  spec: { containers: [{ name: "main", image: "busybox:1" }], restartPolicy },
  status: { phase: "Pending", qosClass: "BestEffort" }
})

const setUp = (...names: ReadonlyArray<string>) => {
  const engine = new Engine(start)
  const written: Array<string> = []
  const stored = new Map(names.map((name) => [name, object(name)]))
  const api: StatusManagerOptions["api"] = {
    getPod: (_, name) => stored.get(name),
    updatePodStatus: (pod, status, then) => {
      const next = { ...pod, status }
      stored.set(pod.metadata.name, next)
      written.push(`${pod.metadata.name} ${String(status["message"])}`)
      then(next)
    },
    deletePod: () => {
      throw new Error("nothing is to be deleted")
    }
  }
  const manager = new StatusManager({
    engine,
    entity: "status",
    random: stream(0, "status"),
    profile: rigProfile,
    release: latestRelease,
    api,
    reachable: () => true,
    couldRun: () => false,
    decide: decisions,
    onChange: () => {}
  })
  const say = (name: string, message: string) => {
    const pod = parsePod(object(name))
    manager.set(pod, { ...pod, message })
  }
  return { engine, manager, say, written }
}

describe("K-222: statuses are written one after the other", () => {
  it("what changes while one is being written is seen only as it is in the end", () => {
    const { engine, say, written } = setUp("p")
    for (const message of ["one", "two", "three", "four"]) say("p", message)
    engine.runUntil((start + 5 * SECOND) as Instant)
    expect(written).toEqual(["p one", "p four"])
  })

  it("C-354: what is as it was written is not written again", () => {
    const { engine, say, written } = setUp("p")
    for (const at of [5, 10, 30]) {
      say("p", "one")
      engine.runUntil((start + at * SECOND) as Instant)
    }
    expect(written).toEqual(["p one"])
  })

  it("a pod waits for those before it", () => {
    const { engine, say, written } = setUp("p", "q", "r")
    say("p", "one")
    say("q", "one")
    say("r", "one")
    say("q", "two")
    engine.runUntil((start + 5 * SECOND) as Instant)
    expect(written).toEqual(["p one", "q two", "r one"])
  })
})

it("K-229: a status that is impossible is not taken at all", () => {
  const { engine, manager, written } = setUp("p")
  const pod = parsePod(object("p", "Never"))
  const report = (state: object, message: string) => {
    const containerStatuses = [{ name: "main", state, ready: false, restartCount: 0, image: "busybox:1", imageID: "" }]
    const status = { phase: "Running", message, containerStatuses }
    const next: Pod = parsePod({ ...object("p", "Never"), status: status as PodObject["status"] })
    manager.set(pod, next)
    engine.runUntil((engine.now + 2 * SECOND) as Instant)
  }
  report({ running: { startedAt: null } }, "one")
  report({ terminated: { exitCode: 1, startedAt: null, finishedAt: null } }, "two")
  report({ running: { startedAt: null } }, "three")
  report({ terminated: { exitCode: 1, startedAt: null, finishedAt: null } }, "four")
  expect(written).toEqual(["p one", "p two", "p four"])
})
