/** Kubernetes' protobuf: an envelope that names the kind, and its object (`k8s.io/apimachinery/pkg/runtime/serializer/protobuf`). */
import type { JsonObject } from "@kubereel/core"
import { Result } from "effect"
import protobuf from "protobufjs/minimal.js"
import { decodeMessage } from "./protobuf/decode.ts"
import { encodeMessage } from "./protobuf/encode.ts"
import { typeOfKind } from "./protobuf/fields.ts"

/** `k8s` and a zero: what follows is a `runtime.Unknown`. */
const prefix = new Uint8Array([0x6b, 0x38, 0x73, 0])

/** An object whose kind a request knows by its path, if its sender does not say it. */
export interface KindOfBody {
  readonly apiVersion: string
  readonly kind: string
}

const textOf = (object: JsonObject, key: string): string => {
  const value = object[key]
  return typeof value === "string" ? value : ""
}

const kindIn = (reader: protobuf.Reader, end: number): KindOfBody => {
  let [apiVersion, kind] = ["", ""]
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === 10) apiVersion = reader.string()
    else if (tag === 18) kind = reader.string()
    else reader.skipType(tag & 7)
  }
  return { apiVersion, kind }
}

const decodeUnknown = (bytes: Uint8Array, expected: KindOfBody | undefined): Result.Result<JsonObject, string> => {
  const reader = protobuf.Reader.create(bytes)
  let [said, raw]: [KindOfBody, Uint8Array] = [{ apiVersion: "", kind: "" }, new Uint8Array()]
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === 10) {
      const length = reader.uint32()
      said = kindIn(reader, reader.pos + length)
    } else if (tag === 18) raw = reader.bytes()
    else reader.skipType(tag & 7)
  }
  const apiVersion = said.apiVersion || (expected?.apiVersion ?? "")
  const kind = said.kind || (expected?.kind ?? "")
  const type = typeOfKind(apiVersion, kind)
  if (type === undefined)
    return Result.fail(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`)
  return Result.succeed({ kind, apiVersion, ...decodeMessage(type, protobuf.Reader.create(raw), raw.length) })
}

/**
 * The JSON that a client would have sent in the place of these bytes; a message for its sender if they are none of Kubernetes' protobuf,
 * broken, or of a kind without such a form. `expected`: of a body that may leave out its kind.
 */
export const decodeProtobuf = (bytes: Uint8Array, expected?: KindOfBody): Result.Result<JsonObject, string> => {
  if (!prefix.every((byte, i) => bytes[i] === byte))
    return Result.fail("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
  try {
    return decodeUnknown(bytes.subarray(prefix.length), expected)
  } catch (error) {
    return Result.fail(
      error instanceof SyntaxError ? `the body holds JSON that is none: ${error.message}` : "unexpected EOF"
    )
  }
}

const writeUnknown = (
  writer: protobuf.Writer,
  apiVersion: string,
  kind: string,
  raw: (writer: protobuf.Writer) => void
): void => {
  writer.uint32(10).fork().uint32(10).string(apiVersion).uint32(18).string(kind).ldelim()
  writer.uint32(18).fork()
  raw(writer)
  writer.ldelim().uint32(26).string("").uint32(34).string("")
}

/** An object, a list or a Status as bytes; `undefined`: its kind has no such form. */
export const encodeProtobuf = (object: JsonObject): Uint8Array | undefined => {
  const [apiVersion, kind] = [textOf(object, "apiVersion"), textOf(object, "kind")]
  const type = typeOfKind(apiVersion, kind)
  if (type === undefined) return undefined
  const writer = protobuf.Writer.create()
  // Each is less than 128 and so written as the byte that it is.
  for (const byte of prefix) writer.uint32(byte)
  writeUnknown(writer, apiVersion, kind, (to) => encodeMessage(type)(to, object))
  return writer.finish()
}

/** Of objects that watchers are told of: the same bytes for all of them. */
const told = new WeakMap<JsonObject, Uint8Array>()

/** A frame of a watch: its length in four bytes, then type and object; `undefined` as above. */
export const encodeWatchFrame = (type: string, object: JsonObject): Uint8Array | undefined => {
  const raw = told.get(object) ?? encodeProtobuf(object)
  if (raw === undefined) return undefined
  told.set(object, raw)
  const writer = protobuf.Writer.create()
  const event = writer.uint32(10).string(type).uint32(18).fork().uint32(10).bytes(raw).ldelim().finish()
  const length = Buffer.alloc(4)
  length.writeUInt32BE(event.length)
  return Buffer.concat([length, event])
}
