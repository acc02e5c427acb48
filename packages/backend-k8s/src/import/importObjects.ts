/** Objects without watch events around them: lists and manifests of a moment, `kubectl get -w -o json`, Events, lines of event-exporter. */
import { type ClusterEvent, type Gap, type JsonObject, type PodRef, parseInstant, type Redactor } from "@kubereel/core"
import { Stream } from "effect"
import type { Source } from "./bytes.ts"
import { isEvent } from "./eventTime.ts"
import { BadRecording, importFailure, type UnreadableFile } from "./ImportFailure.ts"
import { Moments, Notices, timeOf } from "./Moments.ts"
import { lifeOf, metadataOf, refTo, text, versionOf } from "./objects.ts"
import { objectsIn } from "./objectsIn.ts"
import { Rounded } from "./Rounded.ts"
import type { Syntax } from "./syntax.ts"
import { CUT_DOCUMENT, type Piece, valuesOf } from "./values.ts"

export interface ObjectFile {
  readonly source: Source
  readonly syntax: Syntax
}

export interface ObjectOptions {
  readonly redactor?: Redactor
  readonly onProgress?: (lines: number) => void
}

interface Seen {
  readonly version: string
  readonly ref: PodRef
  readonly scope: string
}

/** What one file showed, by life. */
type Showing = Map<string, Seen>

const scopeOf = (object: JsonObject): string => `${text(object.kind)} ${text(metadataOf(object).namespace)}`

/** A moment in the comment before a document, as some tools write it: `# {"time":"…"}`. */
const timeIn = (comment: string | undefined) => {
  const text = comment === undefined ? undefined : /"time"\s*:\s*"([^"]+)"/.exec(comment)?.[1]
  const at = text === undefined ? undefined : parseInstant(text)
  return at === undefined || text === undefined ? undefined : { at, text }
}

/** What was found when somebody looked again. An object that is not there any more may have vanished at any time between. */
const between = (a: Showing, b: Showing, names: readonly [string, string]): Gap => {
  const scopes = new Set([...b.values()].map(({ scope }) => scope))
  const refs = (showing: Showing, isMeant: (life: string, seen: Seen) => boolean) =>
    [...showing].filter(([life, seen]) => isMeant(life, seen)).map(([, { ref }]) => ref)
  return {
    _tag: "Gap",
    cause: "stopped",
    detail: `between ${names[0]} and ${names[1]} nobody looked`,
    from: {},
    to: {},
    found: {
      created: refs(b, (life) => !a.has(life)),
      changed: refs(b, (life, { version }) => a.has(life) && a.get(life)?.version !== version),
      vanished: refs(a, (life, { scope }) => !b.has(life) && scopes.has(scope))
    }
  }
}

class ObjectImport {
  readonly #options: ObjectOptions
  readonly #notices = new Notices()
  readonly #rounded = new Rounded()

  constructor(options: ObjectOptions) {
    this.#options = options
  }

  /** First what another look would find: nothing of it is kept but names and versions. */
  async #showing({ source, syntax }: ObjectFile): Promise<Showing | undefined> {
    const showing: Showing = new Map()
    let events = 0
    for await (const batch of valuesOf(source, syntax)) {
      for (const piece of batch) {
        if (piece.kind !== "value") continue
        for (const object of objectsIn(piece.value, piece.head) ?? []) {
          if (isEvent(object)) events++
          else showing.set(lifeOf(object), { version: versionOf(object), ref: refTo(object), scope: scopeOf(object) })
        }
      }
    }
    // Events alone are no look at the cluster.
    return showing.size === 0 && events > 0 ? undefined : showing
  }

  #gap(file: ObjectFile, piece: Exclude<Piece, { readonly kind: "value" }>): Gap {
    const torn = piece.kind === "torn"
    const detail = `${file.source.name}:${piece.line}: ${torn ? `${piece.problem}; everything before it was read` : `the value ${piece.problem}; it was left out`}`
    return { _tag: "Gap", cause: torn ? "truncated" : "unreadable", detail }
  }

  /** In the order of the file, except Events: of them a list has no order. */
  async *#file(file: ObjectFile, known: Map<string, string>): AsyncGenerator<ReadonlyArray<ClusterEvent>> {
    const events = new Moments(this.#options.redactor)
    const { redactor } = this.#options
    let values = 0
    const gaps: Array<Gap> = []
    let held: Array<ClusterEvent> = []
    try {
      for await (const batch of valuesOf(file.source, file.syntax)) {
        const out: Array<ClusterEvent> = []
        for (const piece of batch) {
          if (piece.kind !== "value") {
            gaps.push(this.#gap(file, piece))
            continue
          }
          this.#rounded.see(file.source.name, piece)
          const moment = timeIn(piece.comment)
          const objects = objectsIn(piece.value, piece.head)
          if (objects === undefined && piece.isLast === true && values > 0) {
            gaps.push(this.#gap(file, { kind: "torn", line: piece.line, problem: CUT_DOCUMENT }))
            break
          }
          if (objects === undefined)
            throw new BadRecording({
              file: file.source.name,
              line: piece.line,
              problem: "this is no object of Kubernetes and no list of them (`kind` and `metadata.name` are missing)"
            })
          values++
          for (const object of objects) {
            if (isEvent(object) && moment === undefined) {
              events.add(object)
              continue
            }
            this.#notices.see(object)
            const life = lifeOf(object)
            const change = known.has(life) ? "MODIFIED" : "ADDED"
            if (change === "MODIFIED" && known.get(life) === versionOf(object) && versionOf(object) !== "") continue
            known.set(life, versionOf(object))
            const shown = redactor === undefined ? object : redactor.redact(object)
            out.push({ _tag: "ObjectChanged", ...timeOf(moment?.at, moment?.text), change, object: shown as never })
          }
        }
        const last = batch.at(-1)
        if (last !== undefined) this.#options.onProgress?.(last.line)
        // Events lie before the moment of a list: nothing is passed on until it is clear that there are none, or the list is long.
        held.push(...out)
        if (held.length > (events.count === 0 ? 500 : 20_000)) {
          yield held
          held = []
        }
      }
      if (values === 0)
        throw new BadRecording({
          file: file.source.name,
          problem: gaps[0] === undefined ? "has no objects" : gaps[0].detail.replace(/^.*?:(?=\d)/, "")
        })
      for await (const event of events.facts()) yield [event]
      yield [...held, ...gaps, ...events.notices.said()]
    } finally {
      events.close()
    }
  }

  async *facts(files: ReadonlyArray<ObjectFile>): AsyncGenerator<ReadonlyArray<ClusterEvent>> {
    yield [
      {
        _tag: "RecordingStarted",
        header: { source: "objects", files: files.map(({ source }) => source.name.replace(/^.*\//, "")).join(", ") }
      }
    ]
    const known = new Map<string, string>()
    let before: { readonly showing: Showing; readonly name: string } | undefined
    for (const file of files) {
      let gap: Gap | undefined
      if (files.length > 1) {
        const showing = await this.#showing(file)
        if (before !== undefined && showing !== undefined)
          gap = between(before.showing, showing, [before.name, file.source.name])
        if (showing !== undefined) before = { showing, name: file.source.name }
      }
      yield* this.#file(file, known)
      // A gap stands at its end, after what was found by then.
      if (gap !== undefined) yield [gap]
    }
    yield [
      ...this.#rounded.said(),
      ...this.#notices.said(),
      {
        _tag: "Warned",
        message:
          "objects without watch events: they show what was, not what became of it; what came before, between and after is not known, and no deletion is seen"
      }
    ]
  }
}

/** The facts of files of objects, in the order in which they were taken. Two files are two moments: between them lies a gap. */
export const importObjects = (
  files: ReadonlyArray<ObjectFile>,
  options: ObjectOptions = {}
): Stream.Stream<ClusterEvent, BadRecording | UnreadableFile> =>
  Stream.suspend(() =>
    Stream.fromAsyncIterable(
      new ObjectImport(options).facts(files),
      importFailure(files[0]?.source.name ?? "", "a file of objects")
    ).pipe(Stream.flattenIterable)
  )
