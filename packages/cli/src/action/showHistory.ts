/** What `kubereel show` does. */
import {
  asObject,
  type ClusterEvent,
  type Instant,
  isPod,
  type Micros,
  objectsAt,
  podColumnNames,
  podColumns,
  renderTimeline,
  type Timeline,
  timeline,
  toObserved
} from "@kubereel/core"
import { Effect } from "effect"
import { collect, openHistory } from "../input/openHistory.ts"
import { print } from "../output/stdout.ts"
import { look } from "../output/terminal.ts"
import { momentIn } from "./arguments.ts"
import { choosePod } from "./choosePod.ts"

export interface ShowInput {
  readonly file: string
  readonly pod?: string
  readonly at?: string
  readonly json: boolean
}

const isAsked =
  (name: string | undefined) =>
  (object: { readonly metadata: { readonly name: string; readonly namespace?: string } }) =>
    name === undefined ||
    object.metadata.name === name ||
    `${object.metadata.namespace ?? ""}/${object.metadata.name}` === name

/** `kubectl get pods -A`, then: the columns are kubectl's own. */
const table = (
  events: ReadonlyArray<ClusterEvent>,
  { at, now, pod }: { at: Micros; now: Instant; pod: string | undefined }
): string => {
  const pods = objectsAt(events, at).filter(isPod).filter(isAsked(pod))
  if (pods.length === 0) return "No pods."
  const rows = [
    ["NAMESPACE", ...podColumnNames],
    ...pods.map((object) => [object.metadata.namespace ?? "", ...podColumns(object, now)])
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("   ")
        .trimEnd()
    )
    .join("\n")
}

const showAt = Effect.fn("showAt")(function* (
  input: ShowInput & { readonly at: string },
  events: ReadonlyArray<ClusterEvent>,
  all: Timeline
) {
  const { moment: now, offset: at } = yield* momentIn(input.file, input.at, all.start)
  const gap = all.notes.find(
    (note) => note.kind === "Gap" && (note.at ?? 0) <= at && (note.until === undefined || note.until > at)
  )
  if (input.json) {
    const objects = objectsAt(events, at).filter(
      (object) => input.pod === undefined || (isPod(object) && isAsked(input.pod)(object))
    )
    const answer = {
      schemaVersion: 1,
      at: toObserved(now),
      gap: gap?.text ?? null,
      objects: objects.map(asObject)
    }
    return yield* print(JSON.stringify(answer, undefined, 2))
  }
  if (gap !== undefined) yield* print(`GAP: ${gap.text}; what follows is what was known before it`)
  yield* print(table(events, { at, now, pod: input.pod }))
})

export const showHistory = Effect.fn("showHistory")(function* (input: ShowInput) {
  const events = yield* collect(yield* openHistory(input.file))
  const all = timeline(events)
  const one = input.pod === undefined ? all : yield* choosePod(input.file, all, input.pod)
  if (input.at !== undefined) return yield* showAt({ ...input, at: input.at }, events, all)
  if (input.json) return yield* print(JSON.stringify({ schemaVersion: 1, file: input.file, ...one }, undefined, 2))
  yield* print(renderTimeline(one, look()))
})
