/** The caches of one process: what they show, when, and in which order. */
import { type Instant, type KubernetesObject, SECOND } from "@kubereel/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Store } from "../../src/apiserver/Store.ts"
import { SharedInformers } from "../../src/client/SharedInformers.ts"
import { Engine } from "../../src/engine/Engine.ts"

const START = (1_767_225_600 * SECOND) as Instant

const setUp = (delay: (kind: string) => number = () => 10) => {
  const engine = new Engine(START)
  const store = new Store(0)
  const informers = new SharedInformers({ engine, store, entity: "informers", delay })
  const object = (kind: string, name: string, label = ""): KubernetesObject => ({
    kind,
    apiVersion: "v1",
    metadata: { name, namespace: "n", resourceVersion: store.nextVersion(), labels: { label } }
  })
  const heard: Array<string> = []
  const listen = (kind: string) =>
    informers.on(kind, {
      added: ({ metadata }) => heard.push(`+${metadata.name}`),
      updated: ({ metadata }, old) =>
        heard.push(`${metadata.name} ${old.metadata.labels?.["label"]}>${metadata.labels?.["label"]}`),
      deleted: ({ metadata }) => heard.push(`-${metadata.name}`)
    })
  const runTo = (micros: number) => engine.runUntil((START + micros) as Instant)
  return { engine, heard, informers, listen, object, runTo, store }
}

describe("shared informers", () => {
  it("show an object when its watch has told of it, its index and its handlers at the same time", () => {
    const { heard, informers, listen, object, runTo, store } = setUp()
    listen("Pod")
    informers.index("Pod", "label", ({ metadata }) => [metadata.labels?.["label"] ?? ""])
    store.create(object("Pod", "p", "a"))
    runTo(9)
    expect([informers.get("Pod", "n", "p"), informers.list("Pod"), heard]).toEqual([undefined, [], []])
    runTo(10)
    expect(informers.get("Pod", "n", "p")?.metadata.name).toBe("p")
    expect(informers.byIndex("Pod", "label", "a")).toHaveLength(1)
    expect(heard).toEqual(["+p"])
  })

  it("tell of changes with what was before, and of the end", () => {
    const { heard, informers, listen, object, runTo, store } = setUp()
    listen("Pod")
    informers.index("Pod", "label", ({ metadata }) => [metadata.labels?.["label"] ?? ""])
    const made = store.create(object("Pod", "p", "a"))
    const changed = store.update({ ...made, metadata: { ...made.metadata, labels: { label: "b" } } })
    store.remove(changed)
    runTo(100)
    expect(heard).toEqual(["+p", "p a>b", "-p"])
    expect([informers.list("Pod"), informers.byIndex("Pod", "label", "b")]).toEqual([[], []])
  })

  it("hear of one kind in the order of its writes, however long each takes", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 20 }), (delays) => {
        let next = 0
        const { heard, listen, object, runTo, store } = setUp(() => delays[next++] ?? 0)
        listen("Pod")
        for (const [i] of delays.entries()) store.create(object("Pod", `p${i}`))
        runTo(1_000)
        expect(heard).toEqual(delays.map((_, i) => `+p${i}`))
      })
    )
  })

  it("hear of two kinds in any order", () => {
    const { heard, listen, object, runTo, store } = setUp((kind) => (kind === "Pod" ? 50 : 1))
    listen("Pod")
    listen("Node")
    store.create(object("Pod", "first"))
    store.create(object("Node", "second"))
    runTo(100)
    expect(heard).toEqual(["+second", "+first"])
  })

  it("know up to which version a kind was heard", () => {
    const { informers, listen, object, runTo, store } = setUp()
    listen("Pod")
    store.create(object("Pod", "p"))
    store.create(object("Pod", "q"))
    expect(informers.lastSync("Pod")).toBe("0")
    runTo(10)
    expect(informers.lastSync("Pod")).toBe("2")
  })

  it("that are held hear nothing until then, and all of it at the end", () => {
    const { heard, informers, listen, object, runTo, store } = setUp()
    listen("Pod")
    listen("Node")
    informers.makeStale({ until: (START + 500) as Instant, lag: undefined }, ["Pod"])
    store.create(object("Pod", "p"))
    store.create(object("Node", "n"))
    runTo(499)
    expect(heard).toEqual(["+n"])
    runTo(500)
    expect(heard).toEqual(["+n", "+p"])
  })

  it("find by an index exactly what is there", () => {
    const write = fc.record({ name: fc.constantFrom("p", "q", "r"), label: fc.constantFrom("a", "b", "gone") })
    fc.assert(
      fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
        const { informers, listen, object, runTo, store } = setUp()
        listen("Pod")
        informers.index("Pod", "label", ({ metadata }) => [metadata.labels?.["label"] ?? ""])
        for (const { label, name } of writes) {
          const there = store.get("Pod", "n", name)
          if (there === undefined) store.create(object("Pod", name, label))
          else if (label === "gone") store.remove(there)
          else store.update({ ...there, metadata: { ...there.metadata, labels: { label } } })
        }
        runTo(1_000)
        for (const label of ["a", "b", "gone"]) {
          const found = informers.byIndex("Pod", "label", label).map(({ metadata }) => metadata.name)
          const there = store.list("Pod").filter(({ metadata }) => metadata.labels?.["label"] === label)
          expect([...found].sort()).toEqual(there.map(({ metadata }) => metadata.name).sort())
        }
      })
    )
  })
})
