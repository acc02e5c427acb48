import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { ClusterEvent, type ObjectChanged } from "../../src/event/ClusterEvent.ts"
import { decode, encode, neededVersion, recognise, type Vocabulary } from "../../src/event/encode.ts"
import { identify } from "../../src/event/identity.ts"
import { canonical, type JsonObject } from "../../src/event/Json.ts"
import { garbledByParser } from "../../src/testing/garbledByParser.ts"

const decoded = (text: string, words?: Vocabulary): ClusterEvent => Result.getOrThrow(decode(text, words))

const changed = (metadata: JsonObject, change: ObjectChanged["change"] = "ADDED"): ObjectChanged => ({
  _tag: "ObjectChanged",
  change,
  object: { apiVersion: "v1", kind: "Pod", metadata } as ObjectChanged["object"]
})

describe("the text of an event", () => {
  it.prop(
    "reads back as it was written, byte for byte",
    [ClusterEvent],
    ([event]) => {
      const text = encode(event)
      const back = encode(decoded(text))
      if (!garbledByParser(text)) assert.strictEqual(back, text)
    },
    { arbitrary: { runs: 500 } }
  )

  it.prop(
    "is the version and the canonical JSON",
    [ClusterEvent, Schema.Json],
    ([event, value]) => {
      for (const one of [event, { _tag: "RecordingStarted", header: { value } } as const]) {
        const content = one._tag === "Unknown" ? one.content : one
        assert.strictEqual(encode(one), `[${neededVersion(one)},${canonical(content as JsonObject)}]`)
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it("is the same for every order of keys", () => {
    const [a, b] = [changed({ name: "a", uid: "u" }), changed({ uid: "u", name: "a" })]
    assert.strictEqual(encode(a), encode(b))
    assert.strictEqual(
      encode(a),
      '[1,{"_tag":"ObjectChanged","change":"ADDED","object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","uid":"u"}}}]'
    )
  })

  it.each([
    ["", "[1,"],
    ["no pair", '{"_tag":"Gap"}'],
    ["no version", '[null,{"_tag":"Gap"}]'],
    ["no object", "[1,[]]"],
    ["three parts", '[1,{"_tag":"Warned","message":"m"},{}]']
  ])("is refused where it is no event: %s", (_, text) => {
    assert.strictEqual(Result.getOrThrow(Result.flip(decode(text))).message, "an event is written as [version,{…}]")
  })

  it("is refused where a known kind cannot look like that", () => {
    assert.strictEqual(
      Result.getOrThrow(Result.flip(decode('[1,{"_tag":"Gap","cause":"boredom","detail":""}]'))).message,
      "no Gap of version 1 looks like this"
    )
  })
})

describe("what each version wrote reads for ever, byte for byte (guarantee 14)", () => {
  const pod = '"object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","uid":"u"}}'
  it.each([
    '[1,{"_tag":"Gap","cause":"expired","detail":"too old resource version","observed":5,"observedText":"1970"}]',
    `[1,{"_tag":"ObjectChanged","change":"MODIFIED","line":{"more":1},${pod},"observed":5}]`,
    '[1,{"_tag":"RecordingStarted","header":{"t0":"2026-01-01T00:00:00Z"}}]',
    '[1,{"_tag":"Warned","message":"m"}]',
    '[1,{"_tag":"PodFact","event":{"_tag":"PodSynced","sync":"SyncPod"},"pod":{"name":"a","namespace":"n","uid":"u"}}]',
    '[2,{"_tag":"Gap","cause":"closed","detail":"d","found":{"changed":[],"created":[{"name":"a","namespace":"n","uid":"u"}],' +
      '"vanished":[]},"from":{"at":1,"resourceVersion":"7"},"observed":5,"resource":"pods","to":{"at":5,"resourceVersion":"9"}}]',
    '[2,{"_tag":"Gap","cause":"restored","detail":"d"}]',
    `[2,{"_tag":"ObjectChanged","change":"ADDED","era":1,"found":{"resource":"pods","resourceVersion":"9"},${pod}}]`
  ])("%s", (text) => {
    const event = decoded(text)
    assert.notStrictEqual(event._tag, "Unknown")
    assert.strictEqual(encode(event), text)
  })
})

describe("other versions of the vocabulary", () => {
  /** Version 3 calls the detail of a gap `detail`; in 2 it was `why`, in 1 `because`. */
  const third: Vocabulary = {
    version: 3,
    upcasters: [
      ({ because, ...event }) => (because === undefined ? event : { ...event, why: because }),
      ({ why, ...event }) => (why === undefined ? event : { ...event, detail: why })
    ]
  }
  const gap = { _tag: "Gap", cause: "closed", detail: "the watch ended" } as const

  it.each([
    [1, "because"],
    [2, "why"],
    [3, "detail"]
  ])("lift the words of version %i", (version, word) => {
    const text = JSON.stringify([version, { _tag: "Gap", cause: "closed", [word]: "the watch ended" }])
    assert.deepStrictEqual(decoded(text, third), gap)
  })

  it("keep a kind of event that is not known, with its moment and every word of it", () => {
    const text = '[7,{"_tag":"PodDreamt","observed":5,"of":["sheep",null]}]'
    const event = decoded(text)
    assert.deepStrictEqual(event, {
      _tag: "Unknown",
      observed: 5,
      version: 7,
      content: { _tag: "PodDreamt", observed: 5, of: ["sheep", null] }
    } as unknown as ClusterEvent)
    assert.strictEqual(encode(event), text)
  })

  it("keep a pod's fact of a kind that is not known", () => {
    const text = '[7,{"_tag":"PodFact","event":{"_tag":"PodDreamt"},"pod":{"name":"a","namespace":"b","uid":"c"}}]'
    assert.strictEqual(decoded(text)._tag, "Unknown")
    assert.strictEqual(encode(decoded(text)), text)
  })

  it("keep a known kind that a newer version wrote, whether it means something here or not", () => {
    assert.strictEqual(decoded('[7,{"_tag":"Warned","message":"m","more":1}]')._tag, "Warned")
    const strange = '[7,{"_tag":"Warned","message":{"en":"m"}}]'
    assert.strictEqual(decoded(strange)._tag, "Unknown")
    assert.strictEqual(encode(decoded(strange)), strange)
  })

  it("are lifted without touching what was stored", () => {
    const stored = Object.freeze({ _tag: "Gap", cause: "closed", because: "the watch ended" })
    assert.deepStrictEqual(recognise(1, stored, third), gap)
  })
})

describe("the identity of an event", () => {
  it("is the object, its version and the change, whenever it was seen", () => {
    const event = changed({ name: "a", uid: "u", resourceVersion: "7" }, "DELETED")
    assert.strictEqual(identify(event), "v1 Pod u 7 DELETED")
    assert.strictEqual(identify({ ...event, observed: 5 } as ObjectChanged), "v1 Pod u 7 DELETED")
  })

  it("is another in another era, when the server hands out its versions anew", () => {
    const event = changed({ name: "a", uid: "u", resourceVersion: "7" })
    assert.strictEqual(identify({ ...event, era: 1 }), "v1 Pod u 7 ADDED era 1")
    assert.strictEqual(
      identify({ ...event, found: { resource: "pods", resourceVersion: "9" } }),
      "v1 Pod u 7 ADDED",
      "how it was seen makes no difference"
    )
  })

  it("is the whole content where there is no uid or no version, and for every other event", () => {
    for (const metadata of [{ uid: "u" }, { resourceVersion: "7" }, { uid: "u", resourceVersion: "" }]) {
      assert.isUndefined(identify(changed(metadata)))
    }
    assert.isUndefined(identify({ _tag: "Warned", message: "m" }))
  })
})
