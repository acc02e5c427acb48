/** What is in a reel in the words of other tools: audit lines, a list of Events, manifests of a moment. */
import { eventTime, isEvent, toAuditLine } from "@kubereel/backend-k8s"
import {
  type ClusterEvent,
  type Instant,
  type JsonObject,
  type Micros,
  objectsAt,
  type Timeline,
  timeline,
  toObserved
} from "@kubereel/core"
import { Effect, Stream } from "effect"
import { Document } from "yaml"
import type { Complaint } from "../exitCode.ts"
import * as Speech from "../output/Speech.ts"
import { momentIn } from "./arguments.ts"

/** What a format has no words for, counted, so that it can be said. */
export interface LeftOut {
  gaps: number
  others: number
}

/** One line a version. Gaps, facts of the simulator and warnings are left out. */
export const auditLines = <E, R>(
  events: Stream.Stream<ClusterEvent, E, R>,
  leftOut: LeftOut
): Stream.Stream<string, E, R> =>
  Stream.suspend(() => {
    let seq = 0
    const lineOf = (event: ClusterEvent): string => {
      seq++
      const line = event._tag === "ObjectChanged" ? toAuditLine(event, seq) : undefined
      if (event._tag === "Gap" || event._tag === "Horizon") leftOut.gaps++
      else if (line === undefined && event._tag !== "RecordingStarted") leftOut.others++
      return line === undefined ? "" : `${JSON.stringify(line)}\n`
    }
    return Stream.mapArray(events, (batch) => [batch.map(lineOf).join("")] as const).pipe(
      Stream.filter((text) => text !== "")
    )
  })

/** As `kubectl get events -o json`: each Event in its last version, also those that have expired since, in the order of time. */
export const eventList = <E, R>(events: Stream.Stream<ClusterEvent, E, R>): Stream.Stream<string, E, R> =>
  Stream.suspend(() => {
    const rows = new Map<string, JsonObject>()
    const keep = (event: ClusterEvent): void => {
      if (event._tag !== "ObjectChanged" || event.change === "DELETED" || !isEvent(event.object)) return
      const { name, namespace, uid } = event.object.metadata as JsonObject
      rows.set(
        `${String(event.object.apiVersion)} ${String(uid ?? `${String(namespace)}/${String(name)}`)}`,
        event.object
      )
    }
    const list = (): string => {
      const at = (row: JsonObject): number => eventTime(row)?.at ?? 0
      const items = [...rows.values()].toSorted((a, b) => at(a) - at(b))
      return `${JSON.stringify({ apiVersion: "v1", items, kind: "List", metadata: { resourceVersion: "" } }, undefined, 4)}\n`
    }
    return Stream.fromEffect(Stream.runForEachArray(events, (batch) => Effect.sync(() => batch.forEach(keep)))).pipe(
      Stream.map(list)
    )
  })

/** As the cluster's own tools read YAML (1.1): a text that looks like anything else is quoted. */
const yamlOf = (object: object): string => new Document(object, { version: "1.1" }).toString({ lineWidth: 0 })

const momentOf = (reel: string, all: Timeline, at: string | undefined): Effect.Effect<Micros, Complaint> =>
  at === undefined
    ? Effect.succeed(Number.POSITIVE_INFINITY)
    : Effect.map(momentIn(reel, at, all.start), ({ offset }) => offset)

/** The objects that were there then, each a document, as they were, status and all. */
export const manifests = Effect.fn("manifests")(function* (
  reel: string,
  events: ReadonlyArray<ClusterEvent>,
  at: string | undefined
) {
  const all = timeline(events)
  const moment = yield* momentOf(reel, all, at)
  const isOpen = (until: number | undefined): boolean => until === undefined || until > moment
  const gap = all.notes.find((note) => note.kind === "Gap" && (note.at ?? 0) <= moment && isOpen(note.until))
  if (gap !== undefined && at !== undefined)
    yield* Speech.warn(`gap: ${gap.text}; what follows is what was known before it`)
  const objects = objectsAt(events, moment)
  const when =
    all.start === undefined || at === undefined ? "" : `# ${reel} at ${toObserved((all.start + moment) as Instant)}\n`
  return `${when}${objects.map(yamlOf).join("---\n")}`
})
