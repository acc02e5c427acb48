import { assert, describe, it } from "@effect/vitest"
import type { JsonObject } from "@kubereel/core"
import { Bases, SIBLING_DISTANCE_MAX, VERSIONS_MAX } from "../../src/reel/Bases.ts"
import { IdIndex } from "../../src/reel/IdIndex.ts"

const content = (uid: string, change = "MODIFIED"): JsonObject => ({
  _tag: "ObjectChanged",
  change,
  object: { apiVersion: "v1", kind: "Pod", metadata: { uid, ownerReferences: [{ uid: "rs" }] } }
})

/** Notes an event as a writer would. */
const write = (
  bases: Bases<number>,
  seq: number,
  uid: string,
  { change = "MODIFIED", chars = 1_000 } = {}
): number | undefined => {
  const base = bases.choose(content(uid, change), 1, seq)
  bases.note({ seq, version: 1, value: seq, chars }, content(uid, change), base)
  return base?.seq
}

describe("the base of an event", () => {
  it("is the object's version before, and for a first version a whole one of a sibling", () => {
    const bases = new Bases<number>()
    assert.deepStrictEqual(
      [write(bases, 1, "a"), write(bases, 2, "a"), write(bases, 3, "b"), write(bases, 4, "b")],
      [undefined, 1, 1, 3]
    )
  })

  it("is missing now and then, so that damage does not spread for ever", () => {
    const bases = new Bases<number>()
    const written = Array.from({ length: 200 }, (_, i) => write(bases, i + 1, "a"))
    assert.deepStrictEqual(
      written.flatMap((base, i) => (base === undefined ? [i] : [])),
      [0, VERSIONS_MAX + 1, 2 * VERSIONS_MAX + 2, 3 * VERSIONS_MAX + 3]
    )
    assert.isUndefined(write(bases, 300 + SIBLING_DISTANCE_MAX, "b"))
  })

  it("is of the same vocabulary, and not of an object that is gone", () => {
    const bases = new Bases<number>()
    write(bases, 1, "a")
    assert.isUndefined(bases.choose(content("a"), 2, 2))
    write(bases, 2, "a", { change: "DELETED" })
    assert.isUndefined(bases.at(2))
    assert.strictEqual(bases.choose(content("a"), 1, 3)?.seq, 1)
  })

  it("can be asked for by its number as long as it may be one, and is forgotten after that", () => {
    const bases = new Bases<number>()
    for (let seq = 1; seq <= 3; seq++) write(bases, seq, "a")
    assert.deepStrictEqual(
      [1, 2, 3].map((seq) => bases.at(seq)?.seq),
      [1, undefined, 3]
    )
    for (let seq = 4; seq <= 50; seq++) write(bases, seq, `pod-${seq}`, { chars: 1024 * 1024 })
    assert.isUndefined(bases.at(3))
    assert.strictEqual(bases.at(50)?.seq, 50)
  })
})

describe("the index of identities", () => {
  it("names every event that has the identity, among few others", () => {
    const index = new IdIndex("ids")
    const count = 50_000
    for (let seq = 1; seq <= count; seq++) index.add(`v1 Pod ${seq % (count / 2)}`, seq)
    let named = 0
    for (let seq = 1; seq < count / 2; seq += 97) {
      const candidates = [...index.candidates(`v1 Pod ${seq}`)]
      assert.includeMembers(candidates, [seq, seq + count / 2])
      named += candidates.length - 2
    }
    assert.isBelow(named, 10)
    assert.deepStrictEqual([...new IdIndex("ids").candidates("v1 Pod 1")], [])
  })
})
