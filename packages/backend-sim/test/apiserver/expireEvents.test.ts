import { type Instant, type KubernetesObject, later, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { expireEvents } from "../../src/apiserver/expireEvents.ts"
import { Store } from "../../src/apiserver/Store.ts"
import { Engine } from "../../src/engine/Engine.ts"

const start = (1_767_225_600 * SECOND) as Instant

const setUp = () => {
  const engine = new Engine(start)
  const store = new Store(0)
  expireEvents(engine, store)
  const gone: Array<string> = []
  store.watch((change, { metadata }) => {
    if (change === "DELETED") gone.push(`${(engine.now - start) / SECOND}s ${metadata.name}`)
  })
  const create = (name: string, kind = "Event"): KubernetesObject =>
    store.create({
      kind,
      apiVersion: "v1",
      metadata: { name, namespace: "n", resourceVersion: store.nextVersion() }
    } as KubernetesObject)
  return { create, gone, runTo: (seconds: number) => engine.runUntil(later(start, seconds * SECOND)), store }
}

describe("C-389, X-25: an Event is gone an hour after its last write, or up to a minute later", () => {
  it("those of one minute share a lease and go together, in the order of their keys; other objects stay", () => {
    const { create, gone, runTo } = setUp()
    create("b")
    create("pod", "Pod")
    runTo(59)
    create("a")
    runTo(60)
    create("c")
    runTo(10_000)
    expect(gone).toEqual(["3660s a", "3660s b", "3720s c"])
  })

  it("one that is written again stays an hour longer", () => {
    const { create, gone, runTo, store } = setUp()
    const event = create("a")
    runTo(2_000)
    store.update(event)
    runTo(10_000)
    expect(gone).toEqual(["5660s a"])
  })

  it("a lease is shared by a thousand writes", () => {
    const { create, gone, runTo } = setUp()
    for (let i = 0; i < 1_000; i++) create(`e${i}`)
    runTo(30)
    create("late")
    runTo(3_689)
    expect(gone).toHaveLength(1_000)
    runTo(3_690)
    expect(gone.at(-1)).toBe("3690s late")
  })

  it("one that was deleted before is not deleted again", () => {
    const { create, gone, runTo, store } = setUp()
    store.remove(create("a"))
    runTo(10_000)
    expect(gone).toEqual(["0s a"])
  })
})
