/** The codec of pod events: what is written is read again. Values come from the schema itself. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { canonical, isJsonObject, type Json } from "../../src/event/Json.ts"
import { observable, PodEvent, unobservable } from "../../src/event/PodEvent.ts"
import { garbledByParser } from "../../src/testing/garbledByParser.ts"

const Text = Schema.fromJsonString(PodEvent)
const [encode, decode] = [Schema.encodeSync(Text), Schema.decodeUnknownSync(Text)]

/** JSON has one zero, and `undefined` in none of its places. */
const isJson = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every(isJson)
    : isJsonObject(value as Json)
      ? Object.values(value as object).every(isJson)
      : value !== undefined

const holds = (event: PodEvent): void => {
  const text = encode(event)
  const back = encode(decode(text))
  if (!garbledByParser(text, canonical(event as unknown as Json))) assert.strictEqual(back, text)
}

describe("PodEvent", () => {
  it.prop("comes back from its text", [PodEvent], ([event]) => {
    holds(event)
    assert.isTrue(isJson(decode(encode(event))))
  })

  it.prop(
    "of every word comes back from its text",
    { ...Object.fromEntries([...observable, ...unobservable].map((word) => [word.fields._tag.schema.literal, word])) },
    (words) => {
      for (const event of Object.values(words) as ReadonlyArray<PodEvent>) holds(event)
    }
  )

  it("is refused where a word lacks what it must say, or is none", () => {
    assert.throws(() => decode('{"_tag":"ContainerStarted","kind":"regular","container":"main"}'))
    assert.throws(() => decode('{"_tag":"ContainerExploded"}'))
    assert.throws(() => decode('{"_tag":"PodBound","node":1}'))
  })
})
