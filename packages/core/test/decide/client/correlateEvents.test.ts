import { expect, it } from "vitest"
import { aggregate, type Bucket, type Similar, spend } from "../../../src/decide/client/correlateEvents.ts"
import { at } from "../kubelet/given.ts"

it("K-323: from the tenth distinct message on Events of one kind are combined", () => {
  let similar: Similar | undefined
  const combined = Array.from({ length: 12 }, (_, index) => {
    const result = aggregate(similar, `message ${index}`, at(index), 0)
    similar = result.similar
    return result.combined
  })
  expect(combined).toEqual([...Array(9).fill(false), true, true, true])
  expect(similar?.messages).toHaveLength(9)
})

it("K-323: a message that is remembered is not one more", () => {
  let similar: Similar | undefined
  for (let index = 0; index < 30; index++) similar = aggregate(similar, `message ${index % 3}`, at(index), 0).similar
  expect(similar?.messages).toHaveLength(3)
})

it("K-323: ten quiet minutes forget them all", () => {
  const nine = { messages: Array.from({ length: 9 }, (_, index) => `message ${index}`), last: at(0) }
  expect(aggregate(nine, "another", at(600), 0).combined).toBe(true)
  expect(aggregate(nine, "another", at(601), 0).combined).toBe(false)
})

it("K-324: a burst of 25, then one every five minutes", () => {
  let bucket: Bucket | undefined
  const allowed = (seconds: number): boolean => {
    const result = spend(bucket, at(seconds))
    bucket = result.bucket
    return result.allowed
  }
  expect(Array.from({ length: 26 }, () => allowed(0)).filter(Boolean)).toHaveLength(25)
  expect(allowed(299)).toBe(false)
  expect(allowed(301)).toBe(true)
  expect(allowed(302)).toBe(false)
})
