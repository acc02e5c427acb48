import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, assert, describe, it } from "vitest"
import { IdIndex } from "../../src/reel/IdIndex.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-ids-"))
const file = join(folder, "a.reel-ids")
afterAll(() => rmSync(folder, { recursive: true }))

/** All that were added and not forgotten are among the candidates. */
const knows = (ids: IdIndex, model: ReadonlyMap<string, number>): void => {
  for (const [id, seq] of model) assert.include([...ids.candidates(id)], seq, id)
}

describe("guarantee 5: the index of identities", () => {
  it("knows every identity that was added and not forgotten, in memory and in its file", () => {
    const deeds = fc.array(fc.oneof(fc.integer({ min: 1, max: 900 }), fc.record({ upTo: fc.nat({ max: 4_000 }) })), {
      maxLength: 12
    })
    fc.assert(
      fc.property(deeds, fc.constantFrom(1_024, 2_048), (all, places) => {
        const ids = new IdIndex(file, places)
        const model = new Map<string, number>()
        let seq = 0
        for (const deed of all) {
          if (typeof deed === "number") {
            for (let i = 0; i < deed; i++) {
              ids.add(`pod ${++seq}`, seq)
              model.set(`pod ${seq}`, seq)
            }
          } else {
            const isGone = (each: number): boolean => each <= deed.upTo && each % 7 !== 0
            ids.forget(isGone)
            for (const [id, each] of model) if (isGone(each)) model.delete(id)
          }
        }
        knows(ids, model)
        let strangers = 0
        for (let i = 1; i <= seq; i++) if (!model.has(`pod ${i}`)) strangers += [...ids.candidates(`pod ${i}`)].length
        assert.isAtMost(strangers, 2)
        assert.deepStrictEqual(readdirSync(folder), [])
        ids.close()
      }),
      { numRuns: 30 }
    )
  })

  it("takes the place of a file that another process left there", () => {
    writeFileSync(file, "left behind")
    const ids = new IdIndex(file, 1_024)
    for (let i = 1; i <= 2_000; i++) ids.add(`pod ${i}`, i)
    assert.include([...ids.candidates("pod 1")], 1)
    assert.deepStrictEqual(readdirSync(folder), [])
    ids.close()
  })

  it("stays in memory where no file can be made", () => {
    const ids = new IdIndex(join(folder, "no", "where", "a.reel-ids"), 1_024)
    const model = new Map(Array.from({ length: 3_000 }, (_, i) => [`pod ${i + 1}`, i + 1] as const))
    for (const [id, seq] of model) ids.add(id, seq)
    knows(ids, model)
    ids.close()
  })
})
