/** What is written once more stays the same object where it is the same. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { encodeObject } from "../../../src/decide/apiserver/encodeObject.ts"
import type { JsonObject } from "../../../src/event/Json.ts"

const condition = fc.record(
  { status: fc.constantFrom("True", "False"), type: fc.constantFrom("Ready", "Initialized"), reason: fc.string() },
  { requiredKeys: ["status", "type"] }
)
const container = fc.record({
  restartCount: fc.nat(3),
  name: fc.constantFrom("a", "b"),
  image: fc.constant("busybox:1"),
  imageID: fc.constant(""),
  ready: fc.boolean(),
  resources: fc.record({
    limits: fc.record({ memory: fc.constantFrom("1024Ki", "1Mi"), cpu: fc.constantFrom("1000m", "1") })
  })
})
const status: fc.Arbitrary<JsonObject> = fc.record(
  {
    phase: fc.constantFrom("", "Pending", "Running"),
    conditions: fc.array(condition, { maxLength: 3 }),
    containerStatuses: fc.array(container, { maxLength: 2 }),
    unknown: fc.nat()
  },
  { requiredKeys: [] }
)
const encode = (value: JsonObject, base?: JsonObject): JsonObject => encodeObject("PodStatus", value, base)

describe("encodeObject", () => {
  it("writes the same whatever was written before", () => {
    fc.assert(
      fc.property(status, status, (before, next) => {
        expect(JSON.stringify(encode(next, encode(before)))).toBe(JSON.stringify(encode(next)))
      })
    )
  })

  it("answers with what was written before when nothing is otherwise", () => {
    fc.assert(
      fc.property(status, (given) => {
        const written = encode(given)
        expect(encode({ ...written }, written)).toBe(written)
      })
    )
  })
})
