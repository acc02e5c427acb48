/** Requests of one component: how long they take, how many there may be, what is answered. */
import { type Instant, type KubernetesObject, MILLISECOND, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { ApiServer } from "../../src/apiserver/ApiServer.ts"
import { Store } from "../../src/apiserver/Store.ts"
import { Client, refusalOf, storedOf } from "../../src/client/Client.ts"
import { type Course, carryOut } from "../../src/client/Course.ts"
import { RateLimiter } from "../../src/client/RateLimiter.ts"
import { Engine } from "../../src/engine/Engine.ts"

const START = (1_767_225_600 * SECOND) as Instant

const setUp = (limiter = new RateLimiter(20, 30), answer = 0) => {
  const engine = new Engine(START)
  const store = new Store(0)
  const api = new ApiServer(engine, store, 0)
  api.create({ kind: "Namespace", apiVersion: "v1", metadata: { name: "n" } }, "")
  const client = new Client({ engine, api, limiter, latency: () => 3 * MILLISECOND, answer: () => answer })
  const answered = <Result>(course: Course<Result>): { readonly at: () => number; readonly result: () => Result } => {
    let [at, answer] = [-1, undefined as Result | undefined]
    carryOut(engine, "test", course, (result) => {
      at = (engine.now - START) / MILLISECOND
      answer = result
    })
    return { at: () => at, result: () => answer as Result }
  }
  const settle = () => engine.runUntil((engine.now + 60 * SECOND) as Instant)
  return { api, answered, client, engine, settle, store }
}

const configMap = (name: string): KubernetesObject => ({ kind: "ConfigMap", apiVersion: "v1", metadata: { name } })

describe("a client", () => {
  it("has the answer when the request is over, and the store what was asked for", () => {
    const { answered, api, client, settle } = setUp()
    const made = answered(client.create(configMap("c"), "n"))
    expect(api.get({ kind: "ConfigMap", namespace: "n", name: "c" })).toBeUndefined()
    settle()
    expect(made.at()).toBe(3)
    expect(storedOf(made.result())).toEqual(api.get({ kind: "ConfigMap", namespace: "n", name: "c" }))
    expect(refusalOf(made.result())).toBeUndefined()
  })

  it("is written before its sender has the answer: who watches may know it first", () => {
    const { answered, client, engine, settle, store } = setUp(undefined, 4 * MILLISECOND)
    const seen: Array<string> = []
    store.watch((change, { metadata }) => seen.push(`${change} ${metadata.name} after ${engine.now - START} µs`))
    const made = answered(client.create(configMap("c"), "n"))
    const refused = answered(client.create(configMap("c"), "n"))
    const read = answered(client.get({ kind: "ConfigMap", namespace: "n", name: "c" }))
    settle()
    expect(seen).toEqual(["ADDED c after 3000 µs"])
    expect([made.at(), refused.at(), read.at()]).toEqual([7, 7, 7])
    expect([made.result().status, refused.result().status, read.result()?.metadata.name]).toEqual([201, 409, "c"])
  })

  it("is told what a request creates, since some kinds take longer than others", () => {
    const { api, engine } = setUp()
    const asked: Array<string | undefined> = []
    const latency = (creates?: string) => asked.push(creates) * MILLISECOND
    const client = new Client({ engine, api, limiter: new RateLimiter(20, 30), latency })
    const course = function* (): Course {
      yield* client.create(configMap("c"), "n")
      yield* client.get({ kind: "ConfigMap", namespace: "n", name: "c" })
    }
    carryOut(engine, "test", course())
    engine.runUntil((START + SECOND) as Instant)
    expect(asked).toEqual(["ConfigMap", undefined])
  })

  it("C-259: sends thirty requests at once and then twenty a second", () => {
    const { answered, client, settle } = setUp()
    const all = Array.from({ length: 50 }, (_, i) => answered(client.create(configMap(`c${i}`), "n")))
    settle()
    const times = all.map(({ at }) => at())
    expect(times.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 3))
    expect(times.slice(30)).toEqual(Array.from({ length: 20 }, (_, i) => 3 + 50 * (i + 1)))
  })

  it("is refused a PUT of a version that is not the newest", () => {
    const { answered, api, client, settle } = setUp()
    api.create(configMap("c"), "n")
    const [first, second] = ["a", "b"].map((data) => {
      const there = api.get({ kind: "ConfigMap", namespace: "n", name: "c" }) as KubernetesObject
      return answered(client.update({ ...there, data: { data } }))
    })
    settle()
    expect(first?.result().status).toBe(200)
    expect(refusalOf(second?.result() as never)).toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on configmaps "c": the object has been modified; please apply your changes to the latest version and try again'
    })
  })

  it("deletes, and reads past all caches", () => {
    const { answered, api, client, settle } = setUp()
    api.create(configMap("c"), "n")
    const of = { kind: "ConfigMap", namespace: "n", name: "c" }
    const there = answered(client.get(of))
    settle()
    const gone = answered(client.delete(of))
    settle()
    const missing = answered(client.delete(of))
    settle()
    expect(there.result()?.metadata.name).toBe("c")
    expect(gone.result().status).toBe(200)
    expect(refusalOf(missing.result())?.code).toBe(404)
  })
})
