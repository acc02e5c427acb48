/**
 * A list of ten thousand recorded pods as protobuf, as controllers ask for it, beside the same list as JSON, in one run; and a
 * body as it is read.
 *
 * `npm run bench -- protobuf` prints a table; a broken limit fails the run.
 */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { isJsonObject, type JsonObject } from "@kubereel/core"
import { expect, test } from "vitest"
import { decodeProtobuf, encodeProtobuf } from "../src/wire/protobuf.ts"

const PODS = 10_000
const ROUNDS = 3
/** Times of JSON.stringify into bytes. */
const LIMIT = 3

const recording = `${import.meta.dirname}/../../../recordings/crash-loop.1.jsonl.gz`

const recorded = (): ReadonlyArray<JsonObject> =>
  gunzipSync(readFileSync(recording))
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as JsonObject)["object"])
    .filter(isJsonObject)
    .filter(({ kind }) => kind === "Pod")

/** Milliseconds of the quickest round. */
const time = (run: () => unknown): number => {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now()
    run()
    best = Math.min(best, performance.now() - begin)
  }
  return best
}

test("a list of ten thousand pods costs as protobuf little more than as JSON", () => {
  const lives = recorded()
  const items = Array.from({ length: PODS }, (_, i) => structuredClone(lives[i % lives.length]) as JsonObject)
  const list = { kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: "1" }, items }
  const json = time(() => Buffer.from(JSON.stringify(list)))
  const protobuf = time(() => encodeProtobuf(list))
  const bytes = encodeProtobuf(list) as Uint8Array
  const read = time(() => decodeProtobuf(bytes))
  console.table({
    "as JSON": { ms: Math.round(json), MB: Math.round(JSON.stringify(list).length / 1e6) },
    "as protobuf": { ms: Math.round(protobuf), MB: Math.round(bytes.length / 1e6) },
    "read back": { ms: Math.round(read) }
  })
  expect(protobuf / json).toBeLessThan(LIMIT)
})
