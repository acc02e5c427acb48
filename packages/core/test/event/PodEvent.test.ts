/** The codec of pod events: what is written is read again. Values come from the schema itself. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { isJsonObject, type Json } from "../../src/event/Json.ts"
import { observable, PodEvent, unobservable } from "../../src/event/PodEvent.ts"

const Text = Schema.fromJsonString(PodEvent)
const [encode, decode] = [Schema.encodeSync(Text), Schema.decodeUnknownSync(Text)]

/** JSON has one zero, and `undefined` in none of its places. */
const isJson = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every(isJson)
    : isJsonObject(value as Json)
      ? Object.values(value as object).every(isJson)
      : value !== undefined

describe("PodEvent", () => {
  it.prop("comes back from its text", [PodEvent], ([event]) => {
    const text = encode(event)
    assert.strictEqual(encode(decode(text)), text)
    assert.isTrue(isJson(decode(text)))
  })

  it.prop(
    "of every word comes back from its text",
    { ...Object.fromEntries([...observable, ...unobservable].map((word) => [word.fields._tag.schema.literal, word])) },
    (words) => {
      for (const event of Object.values(words) as ReadonlyArray<PodEvent>)
        assert.strictEqual(encode(decode(encode(event))), encode(event))
    }
  )

  it("is refused where a word lacks what it must say, or is none", () => {
    assert.throws(() => decode('{"_tag":"ContainerStarted","kind":"regular","container":"main"}'))
    assert.throws(() => decode('{"_tag":"ContainerExploded"}'))
    assert.throws(() => decode('{"_tag":"PodBound","node":1}'))
  })
})
