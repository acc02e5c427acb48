/** The shipped recordings again and again, each time with other uids and later: as many events as a bench wants. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { type ClusterEvent, Instant, type Json, parseWatchLine } from "@kubereel/core"

const recordings = join(import.meta.dirname, "../../../recordings")

const linesOfAll = (): ReadonlyArray<ReadonlyArray<string>> =>
  readdirSync(recordings)
    .filter((name) => name.endsWith(".jsonl.gz"))
    .map((name) =>
      gunzipSync(readFileSync(join(recordings, name)))
        .toString()
        .trim()
        .split("\n")
        .slice(1)
    )

const UID = /"uid": "([0-9a-f]{8})(-[0-9a-f-]{27})"/g

const parsed = (line: string): ClusterEvent => {
  const event = parseWatchLine(JSON.parse(line) as Json)
  if (event._tag === "NotAWatchLine") throw new Error(event.problem)
  return event
}

export const START = 1_767_225_600_000_000
const MINUTE = 60_000_000

/** One recording once more: at its end what is left of its cluster goes. */
function* turn(lines: ReadonlyArray<string>, count: number): Generator<ClusterEvent> {
  const tag = Math.imul(count + 1, 0x9e3779b1) >>> 0
  const left = new Map<string, ClusterEvent>()
  for (const line of lines) {
    const event = parsed(
      line.replace(
        UID,
        (_match, head: string, rest: string) =>
          `"uid": "${((Number.parseInt(head, 16) ^ tag) >>> 0).toString(16).padStart(8, "0")}${rest}"`
      )
    )
    if (event._tag !== "ObjectChanged") continue
    const later = { ...event, observed: Instant.make(START + MINUTE * count + ((event.observed ?? 0) % MINUTE)) }
    const { metadata } = event.object as { readonly metadata?: { readonly uid?: string } }
    if (metadata?.uid !== undefined) {
      if (event.change === "DELETED") left.delete(metadata.uid)
      else left.set(metadata.uid, { ...later, change: "DELETED" })
    }
    yield later
  }
  yield* left.values()
}

/** `clusters` recordings at a time, an event of each in turn; where one ends the next begins. */
export function* turns(events: number, clusters: number): Generator<ClusterEvent> {
  // Not longer than they are wanted: what is measured afterwards is to have the memory for itself.
  const texts = linesOfAll()
  let count = 0
  const next = () => turn(texts[count % texts.length] ?? [], count++)
  const running = Array.from({ length: clusters }, next)
  for (let written = 0; ; ) {
    for (const [i, cluster] of running.entries()) {
      const { done, value } = cluster.next()
      if (done === true) running[i] = next()
      else {
        if (written++ >= events) return
        yield value
      }
    }
  }
}

export const percentile = (values: ReadonlyArray<number>, part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN
