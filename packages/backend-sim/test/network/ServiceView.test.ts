/** When a change of a Service is in force on a node: heard of a little later, and not more often than once a second. */
import { type Instant, type KubernetesObject, later, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Store } from "../../src/apiserver/Store.ts"
import { Engine } from "../../src/engine/Engine.ts"
import { ServiceLog } from "../../src/network/ServiceLog.ts"
import { ServiceTable } from "../../src/network/ServiceTable.ts"
import { ServiceView } from "../../src/network/ServiceView.ts"

const start = (1_000 * SECOND) as Instant
const seconds = (at: number): Instant => later(start, at * SECOND)

const service = (version: number): KubernetesObject =>
  ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "s", namespace: "n", resourceVersion: "1" },
    spec: { clusterIP: "10.96.0.5", ports: [{ port: version }] }
  }) as unknown as KubernetesObject

/** A store in which a Service has another port from each of these seconds on, and somebody who hears of it 0.1 s later. */
const setUp = (...changes: ReadonlyArray<number>) => {
  const engine = new Engine(start)
  const store = new Store(1)
  const log = new ServiceLog(engine, store)
  changes.forEach((at, i) => {
    engine.schedule("api", seconds(at), () => (i === 0 ? store.create(service(1)) : store.update(service(i + 1))))
  })
  const view = () => new ServiceView({ log, delay: () => SECOND / 10, takes: () => SECOND / 20, interval: SECOND })
  const versionAt = (one: ServiceView, at: number): number | undefined => {
    engine.runUntil(seconds(at))
    return Array.from({ length: changes.length }, (_, i) => i + 1).find(
      (port) => one.at(seconds(at)).portAt("TCP", "10.96.0.5", port) !== undefined
    )
  }
  return { engine, store, view, versionAt }
}

describe("a node's rules", () => {
  it("S-393: are there when kube-proxy has heard of a change and has written them", () => {
    const { versionAt, view } = setUp(1)
    const node = view()
    expect([1, 1.14, 1.16].map((at) => versionAt(node, at))).toEqual([undefined, undefined, 1])
  })

  it("are written at once after a pause, and then once a second with all that came meanwhile", () => {
    const { versionAt, view } = setUp(1, 1.2, 1.5, 3)
    const node = view()
    // The second run begins a second after the first has ended.
    expect([1.16, 2.14, 2.19, 2.21, 3.24, 3.26].map((at) => versionAt(node, at))).toEqual([1, 1, 1, 3, 3, 4])
  })

  it("are the same whoever asks for the first time when", () => {
    const { versionAt, view } = setUp(1, 1.2, 4)
    const first = view()
    expect(versionAt(first, 2)).toBe(1)
    const second = view()
    expect([versionAt(first, 2.3), versionAt(second, 2.3)]).toEqual([2, 2])
    expect([versionAt(first, 60), versionAt(second, 60), versionAt(view(), 60)]).toEqual([3, 3, 3])
  })

  it("stay as they are on a node that hears nothing, but for what it has heard before", () => {
    const { engine, versionAt, view } = setUp(1, 5, 5.95, 9)
    const node = view()
    engine.runUntil(seconds(6))
    node.cut(seconds(6))
    expect([7, 12].map((at) => versionAt(node, at))).toEqual([2, 2])
    node.resume(seconds(12), SECOND / 2, undefined)
    expect([12.5, 12.6].map((at) => versionAt(node, at))).toEqual([2, 4])
  })

  it("are gone with the machine's power, until they are made anew", () => {
    const { engine, versionAt, view } = setUp(1, 9)
    const node = view()
    engine.runUntil(seconds(6))
    node.cut(seconds(6))
    engine.runUntil(seconds(12))
    node.resume(seconds(12), 3 * SECOND, new ServiceTable())
    expect([12.1, 15.04, 15.06].map((at) => versionAt(node, at))).toEqual([undefined, undefined, 2])
  })

  it("survive that old changes are put together", () => {
    const many = Array.from({ length: 100 }, (_, i) => 2 * i + 1)
    const { versionAt, view } = setUp(...many)
    const early = view()
    expect(versionAt(early, 5.5)).toBe(3)
    expect([versionAt(early, 99.5), versionAt(view(), 99.5)]).toEqual([50, 50])
    expect(versionAt(early, 300)).toBe(100)
  })
})
