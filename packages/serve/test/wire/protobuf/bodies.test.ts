/** Bodies as they come: complete or not, hostile, of kinds that are nobody's. */
import { isJsonObject, type JsonObject } from "@kubereel/core"
import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decodeProtobuf, encodeProtobuf } from "../../../src/wire/protobuf.ts"

const there = (object: JsonObject): Uint8Array => {
  const bytes = encodeProtobuf(object)
  if (bytes === undefined) throw new Error("no protobuf of this kind")
  return bytes
}

const andBack = (object: JsonObject): JsonObject => Result.getOrThrow(decodeProtobuf(there(object)))

describe("decodeProtobuf", () => {
  it("reads options of a request in every group and version", () => {
    const options = { kind: "DeleteOptions", apiVersion: "apps/v1", gracePeriodSeconds: 0, propagationPolicy: "Orphan" }
    expect(andBack(options)).toEqual(options)
  })

  it("reads a body without a kind as what the path says", () => {
    const bytes = Buffer.from([...Buffer.from("k8s\0"), 0x12, 0])
    const binding = Result.getOrThrow(decodeProtobuf(bytes, { apiVersion: "v1", kind: "Binding" }))
    expect(binding).toEqual({ kind: "Binding", apiVersion: "v1", metadata: {}, target: {} })
  })

  it("says why it cannot read what is no protobuf of Kubernetes", () => {
    expect(decodeProtobuf(Buffer.from("{}"))).toEqual(
      Result.fail("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
    )
    const pod = there({ kind: "Pod", apiVersion: "v1", metadata: { name: "a" } })
    expect(decodeProtobuf(pod.subarray(0, 30))).toEqual(Result.fail("unexpected EOF"))
    const widget = Buffer.concat([
      Buffer.from("k8s\0"),
      Buffer.from([10, 10, 10, 2]),
      Buffer.from("v9"),
      Buffer.from([18, 4]),
      Buffer.from("Pods")
    ])
    expect(decodeProtobuf(widget)).toEqual(Result.fail('no kind "Pods" is registered for version "v9"'))
  })

  it("takes no type for a kind that is only a part of one", () => {
    expect(encodeProtobuf({ kind: "Container", apiVersion: "v1" })).toBeUndefined()
    expect(encodeProtobuf({ kind: "constructor", apiVersion: "v1" })).toBeUndefined()
  })

  it("skips fields of a newer Kubernetes", () => {
    const pod = there({ kind: "ConfigMap", apiVersion: "v1", metadata: {} })
    const envelope = Result.getOrThrow(decodeProtobuf(pod))
    // In the envelope: field 100, a text.
    const newer = Buffer.concat([pod, Buffer.from([0xa2, 0x06, 1, 0x78])])
    expect(decodeProtobuf(newer)).toEqual(Result.succeed(envelope))
  })

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom("Pod", "Secret", "DaemonSet"), (bytes, kind) => {
        const body = Buffer.concat([Buffer.from("k8s\0"), Buffer.from([0x12, bytes.length & 0x7f]), bytes])
        const apiVersion = kind === "DaemonSet" ? "apps/v1" : "v1"
        expect(Result.isResult(decodeProtobuf(body, { apiVersion, kind }))).toBe(true)
      })
    )
  })
})

const texts = fc.dictionary(fc.string({ minLength: 1, unit: "grapheme" }), fc.string({ unit: "grapheme" }), {
  minKeys: 1
})
const base64 = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64"))

describe("encodeProtobuf", () => {
  it("loses nothing of maps, bytes, numbers and times", () => {
    fc.assert(
      fc.property(
        texts,
        fc.dictionary(fc.string(), base64, { minKeys: 1 }),
        fc.nat(),
        (annotations, data, generation) => {
          const secret = {
            kind: "Secret",
            apiVersion: "v1",
            metadata: { name: "a", generation: generation + 1, creationTimestamp: "2026-01-01T00:00:00Z", annotations },
            data
          }
          expect(andBack(secret)).toEqual(secret)
        }
      )
    )
  })

  it("keeps a key that JavaScript has a meaning for", () => {
    const labels: JsonObject = JSON.parse('{"__proto__":"x","constructor":"y"}')
    const metadata = andBack({ kind: "ConfigMap", apiVersion: "v1", metadata: { labels } })["metadata"]
    const read = isJsonObject(metadata) ? metadata["labels"] : undefined
    expect(JSON.stringify(read)).toBe('{"__proto__":"x","constructor":"y"}')
  })

  it("shows a value that is no base64, such as a redacted one, as it is", () => {
    const secret = andBack({ kind: "Secret", apiVersion: "v1", metadata: {}, data: { password: "<redacted:1a2b>" } })
    expect(secret["data"]).toEqual({ password: Buffer.from("<redacted:1a2b>").toString("base64") })
  })

  it("C-183: writes metadata alone", () => {
    const list = {
      kind: "PartialObjectMetadataList",
      apiVersion: "meta.k8s.io/v1",
      metadata: { resourceVersion: "7" },
      items: [{ metadata: { name: "a" } }]
    }
    expect(andBack(list)).toEqual(list)
  })

  it("writes a Status", () => {
    const status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'pods "x" not found',
      reason: "NotFound",
      details: { name: "x", kind: "pods" },
      code: 404
    }
    expect(andBack(status)).toEqual(status)
  })

  it("has no form for custom resources", () => {
    expect(encodeProtobuf({ kind: "Widget", apiVersion: "example.com/v1", metadata: {} })).toBeUndefined()
  })
})
