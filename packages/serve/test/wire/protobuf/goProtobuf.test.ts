/** What Go's own serializers make of objects of every kind, empty and filled at random (`oracle/main.go`). */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import type { JsonObject } from "@kubereel/core"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { decodeProtobuf, encodeProtobuf, encodeWatchFrame } from "../../../src/wire/protobuf.ts"

interface Line {
  readonly name: string
  readonly json: JsonObject
  readonly pb: string
}

const lines = gunzipSync(readFileSync(`${import.meta.dirname}/goProtobuf.jsonl.gz`))
  .toString("utf8")
  .trimEnd()
  .split("\n")
  .map((line): Line => JSON.parse(line))

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex")
const objects = lines.filter(({ name }) => !name.startsWith("watch "))

describe("objects as Go writes them", () => {
  it.each(objects)("$name is read", ({ json, pb }) => {
    const decoded = decodeProtobuf(Buffer.from(pb, "base64"))
    expect(decoded).toEqual(Result.succeed(json))
  })

  it.each(objects)("$name is written", ({ json, pb }) => {
    expect(hex(encodeProtobuf(json))).toBe(hex(Buffer.from(pb, "base64")))
  })
})

describe("frames of a watch as Go writes them", () => {
  it.each(lines.filter(({ name }) => name.startsWith("watch ")))("$name", ({ json, name, pb }) => {
    expect(hex(encodeWatchFrame(name.replace("watch ", ""), json))).toBe(hex(Buffer.from(pb, "base64")))
  })
})
