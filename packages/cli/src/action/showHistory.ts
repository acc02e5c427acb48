/** What `kubereel show` does. */
import {
  asObject,
  type ClusterEvent,
  type Instant,
  isPod,
  later,
  type Micros,
  objectsAt,
  onlyPod,
  parsePod,
  podColumnNames,
  podColumns,
  renderTimeline,
  type Timeline,
  timeline,
  toObserved
} from "@kubereel/core"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import { collect, openHistory } from "../input/openHistory.ts"
import { print } from "../output/stdout.ts"
import { look } from "../output/terminal.ts"
import { momentOrOffset } from "./arguments.ts"

export interface ShowInput {
  readonly file: string
  readonly pod?: string
  readonly at?: string
  readonly json: boolean
}

/** Fails where the pod that was asked for is not in the history, and names those that are. */
const chosen = (file: string, all: Timeline, pod: string | undefined): Effect.Effect<Timeline, Complaint> => {
  if (pod === undefined) return Effect.succeed(all)
  const one = onlyPod(all, pod)
  if (one.lives.length > 0) return Effect.succeed(one)
  const names = [
    ...new Set(all.lives.flatMap(({ kind, name, namespace }) => (kind === "Pod" ? [`${namespace}/${name}`] : [])))
  ]
  const known =
    names.length === 0
      ? "there are none"
      : `there are ${names.slice(0, 10).join(", ")}${names.length > 10 ? ", …" : ""}`
  return Effect.fail(new Complaint({ code: exitCodes.noInput, problem: `${file}: has no pod ${pod}; ${known}` }))
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
    ...pods.map((object) => [object.metadata.namespace ?? "", ...podColumns(parsePod(object), now)])
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
  const start = all.start
  if (start === undefined) {
    return yield* new Complaint({
      code: exitCodes.badData,
      problem: `${input.file}: has no times, so --at means nothing; import a recording with observedAt`
    })
  }
  const now = yield* momentOrOffset("--at", input.at, start)
  const at = now - start
  const gap = all.notes.find(
    (note) => note.kind === "Gap" && (note.at ?? 0) <= at && (note.until === undefined || note.until > at)
  )
  if (input.json) {
    const objects = objectsAt(events, at).filter(
      (object) => input.pod === undefined || (isPod(object) && isAsked(input.pod)(object))
    )
    const answer = {
      schemaVersion: 1,
      at: toObserved(later(start, at)),
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
  const one = yield* chosen(input.file, all, input.pod)
  if (input.at !== undefined) return yield* showAt({ ...input, at: input.at }, events, all)
  if (input.json) return yield* print(JSON.stringify({ schemaVersion: 1, file: input.file, ...one }, undefined, 2))
  yield* print(renderTimeline(one, look()))
})
