/** Watch lines: one watch event as a line of JSON, and the header that names the recording. Exact in both directions. */
import type { ClusterEvent, Gap, ObjectChanged, RecordingStarted } from "../event/ClusterEvent.ts"
import { type Instant, parseInstant, toObserved } from "../event/Instant.ts"
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"

/** Why a line is not a watch line: a sentence without place, which the reader of the file adds. */
export interface NotAWatchLine {
  readonly _tag: "NotAWatchLine"
  readonly problem: string
}

const no = (problem: string): NotAWatchLine => ({ _tag: "NotAWatchLine", problem })

interface Seen {
  readonly observed?: Instant
  readonly observedText?: string
}

/** The two forms of `observedAt`: a moment, and the source's own text where the moment alone would give another. */
const seenAt = (text: string): Seen => {
  const observed = parseInstant(text)
  if (observed === undefined) return { observedText: text }
  return toObserved(observed) === text ? { observed } : { observed, observedText: text }
}

const observedAt = (seen: Seen): string | undefined =>
  seen.observedText ?? (seen.observed === undefined ? undefined : toObserved(seen.observed))

const changes: ReadonlySet<string> = new Set(["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"])

const named = (object: JsonObject): boolean =>
  typeof object.kind === "string" && isJsonObject(object.metadata) && typeof object.metadata.name === "string"

const headerOf = (line: JsonObject): RecordingStarted => {
  if (typeof line.observedAt !== "string")
    return { _tag: "RecordingStarted", header: line as RecordingStarted["header"] }
  const { observedAt: text, ...header } = line
  return { _tag: "RecordingStarted", ...seenAt(text), header: header as RecordingStarted["header"] }
}

/** What a recorder says of an event that was read out of a list, or after the server went back in time; anything else is left. */
const knownWords = ({ found, era, ...rest }: JsonObject) => {
  const resource = isJsonObject(found) ? found.resource : undefined
  const resourceVersion = isJsonObject(found) ? found.resourceVersion : undefined
  const isFound =
    typeof resource === "string" && typeof resourceVersion === "string" && Object.keys(found as JsonObject).length === 2
  const isEra = typeof era === "number" && Number.isSafeInteger(era) && era >= 0
  return {
    words: { ...(isFound ? { found: { resource, resourceVersion } } : {}), ...(isEra ? { era } : {}) },
    rest: {
      ...rest,
      ...(isFound || found === undefined ? {} : { found }),
      ...(isEra || era === undefined ? {} : { era })
    }
  }
}

/**
 * Reads one line. A line with neither `object` nor `type` is a header; it stands first in a file, and again where files were
 * joined. Whatever else stands on a line is kept in `line`.
 */
export const parseWatchLine = (line: Json): RecordingStarted | ObjectChanged | NotAWatchLine => {
  if (!isJsonObject(line)) return no("a watch line is a JSON object with `type` and `object`")
  if (line.object === undefined && line.type === undefined) {
    // `kubectl get -w -o json` without --output-watch-events writes bare objects: they do not say what was deleted.
    if (line.kind !== undefined && line.metadata !== undefined) {
      return no(
        "this is an object without a watch event around it; record with `kubectl get -w --output-watch-events -o json`"
      )
    }
    return headerOf(line)
  }
  const { observedAt: text, type, object, ...others } = line
  if (typeof type !== "string" || !changes.has(type)) {
    return no(
      `\`type\` is ${JSON.stringify(type) ?? "missing"}; it must be ADDED, MODIFIED, DELETED, BOOKMARK or ERROR`
    )
  }
  if (!isJsonObject(object)) return no("`object` must be a JSON object")
  if (type !== "ERROR" && type !== "BOOKMARK" && !named(object))
    return no("`object` must have `kind` and `metadata.name`")
  const { words, rest } = knownWords(others)
  const extra = text === undefined || typeof text === "string" ? rest : { observedAt: text, ...rest }
  return {
    _tag: "ObjectChanged",
    ...(typeof text === "string" ? seenAt(text) : {}),
    change: type as ObjectChanged["change"],
    object: object as ObjectChanged["object"],
    ...words,
    ...(Object.keys(extra).length === 0 ? {} : { line: extra as NonNullable<ObjectChanged["line"]> })
  }
}

/** The line of an event; `undefined` for what no watch says (facts of a simulator, gaps, warnings). */
export const toWatchLine = (event: ClusterEvent): JsonObject | undefined => {
  switch (event._tag) {
    case "RecordingStarted": {
      const text = observedAt(event)
      return text === undefined ? event.header : { observedAt: text, ...event.header }
    }
    case "ObjectChanged": {
      const text = observedAt(event)
      const known = text === undefined ? {} : { observedAt: text }
      const { found, era } = event
      return {
        ...known,
        type: event.change,
        object: event.object,
        ...(found === undefined ? {} : { found }),
        ...(era === undefined ? {} : { era }),
        ...event.line
      }
    }
    case "PodFact":
    case "Gap":
    case "Horizon":
    case "Warned":
    case "Unknown":
      return undefined
  }
}

/**
 * The blind spot that an ERROR line means: the watch ended there. `expired` for 410 (etcd has compacted what should come
 * next), `denied` for 401 and 403, else `closed`. `staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go`.
 */
export const gapOf = (event: ObjectChanged): Gap | undefined => {
  if (event.change !== "ERROR") return undefined
  const { code, reason, message } = event.object
  const cause =
    code === 410 || reason === "Expired" || reason === "Gone"
      ? "expired"
      : code === 401 || code === 403
        ? "denied"
        : "closed"
  const { observed, observedText } = event
  return {
    _tag: "Gap",
    ...(observed === undefined ? {} : { observed }),
    ...(observedText === undefined ? {} : { observedText }),
    cause,
    detail: typeof message === "string" ? message : `the watch ended with ${JSON.stringify(event.object)}`
  }
}

/** A header with `t0`: its own, or the first moment that is known. */
export const withT0 = (header: JsonObject, first: Instant | undefined): JsonObject =>
  header.t0 !== undefined || first === undefined ? header : { ...header, t0: toObserved(first) }
