import fc from "fast-check"
import { expect, it } from "vitest"
import { BucketSet, RING } from "../../src/engine/BucketSet.ts"

it("finds the next member as a walk around the ring does", () => {
  const bucket = fc.oneof(fc.nat(RING - 1), fc.nat(70), fc.integer({ min: RING - 70, max: RING - 1 }))
  fc.assert(
    fc.property(fc.array(fc.tuple(bucket, fc.boolean()), { maxLength: 30 }), bucket, (changes, from) => {
      const [set, naive] = [new BucketSet(), new Set<number>()]
      for (const [member, add] of changes) {
        if (add) {
          set.add(member)
          naive.add(member)
        } else {
          set.delete(member)
          naive.delete(member)
        }
      }
      const steps = [...naive].map((member) => (member - from + RING) % RING)
      expect(set.distance(from)).toBe(steps.length === 0 ? -1 : Math.min(...steps))
    })
  )
})
