/** The lines of a reel, `[version,{…}]`, as `export --format reel` writes them: everything, in a form that any tool can read. */
import { closeSync, createReadStream, openSync, readSync } from "node:fs"
import { createInterface } from "node:readline"
import { createGunzip, createZstdDecompress } from "node:zlib"
import { type ClusterEvent, decode, type Redactor } from "@kubereel/core"
import { Effect, Result, Stream } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import { unopened } from "./sniff.ts"

/** A batch is one commit of the reel that is written. */
const BATCH = 500

type Packing = "gzip" | "zstd" | undefined

const beginningOf = (file: string): Buffer => {
  const descriptor = openSync(file, "r")
  try {
    const bytes = Buffer.alloc(64)
    return bytes.subarray(0, readSync(descriptor, bytes))
  } finally {
    closeSync(descriptor)
  }
}

const packingOf = (start: Buffer): Packing =>
  start.toString("hex", 0, 4) === "28b52ffd" ? "zstd" : start.toString("hex", 0, 2) === "1f8b" ? "gzip" : undefined

const unpacked = (file: string, packing: Packing): NodeJS.ReadableStream => {
  const raw = createReadStream(file)
  if (packing === undefined) return raw
  const unpack = packing === "gzip" ? createGunzip() : createZstdDecompress()
  raw.on("error", (cause) => unpack.destroy(cause))
  return raw.pipe(unpack)
}

const firstLine = async (file: string): Promise<string> => {
  const start = beginningOf(file)
  const packing = packingOf(start)
  if (packing === undefined) return start.toString("utf8")
  const stream = unpacked(file, packing)
  // What cannot be unpacked is no line; whoever reads the file says so.
  try {
    for await (const chunk of stream) return String(chunk)
  } catch {
    return ""
  }
  return ""
}

/** Told by how it begins: no other format has a version in front of its events. */
export const isReelLines = (file: string): Effect.Effect<boolean, Complaint> =>
  Effect.tryPromise({
    try: async () => /^\[\d+,\{"/.test(await firstLine(file)),
    catch: (cause) => ((cause as NodeJS.ErrnoException).code === "EISDIR" ? undefined : unopened(file, cause))
  }).pipe(Effect.catch((problem) => (problem === undefined ? Effect.succeed(false) : Effect.fail(problem))))

const eventOf = (file: string, number: number, line: string): ClusterEvent => {
  const event = decode(line)
  if (Result.isSuccess(event)) return event.success
  throw new Complaint({ code: exitCodes.badData, problem: `${file}:${number}: ${event.failure.message}` })
}

async function* batches(file: string): AsyncGenerator<ReadonlyArray<ClusterEvent>> {
  const lines = createInterface({
    input: unpacked(file, packingOf(beginningOf(file))),
    crlfDelay: Number.POSITIVE_INFINITY
  })
  let batch: Array<ClusterEvent> = []
  let number = 0
  for await (const line of lines) {
    number++
    if (line === "") continue
    batch.push(eventOf(file, number, line))
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const hidden = (event: ClusterEvent, redactor: Redactor | undefined): ClusterEvent =>
  event._tag === "ObjectChanged" && redactor !== undefined
    ? { ...event, object: redactor.redact(event.object) as typeof event.object }
    : event

export const readReelLines = (file: string, redactor: Redactor | undefined): Stream.Stream<ClusterEvent, Complaint> =>
  Stream.fromAsyncIterable(batches(file), (cause) =>
    cause instanceof Complaint
      ? cause
      : new Complaint({ code: exitCodes.badData, problem: `${file}: cannot be read (${(cause as Error).message})` })
  ).pipe(
    Stream.flatMap((batch) => Stream.fromArray(batch)),
    Stream.map((event) => hidden(event, redactor))
  )
