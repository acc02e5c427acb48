/** Recordings of kwok (`kwokctl snapshot export --record`, `kectl snapshot record`): objects, then patches with offsets of time. */
import {
  type ClusterEvent,
  type Gap,
  type Instant,
  isJsonObject,
  type Json,
  type JsonObject,
  type Redactor,
  toMicroTime,
  toTime
} from "@kubereel/core"
import { Stream } from "effect"
import type { Source } from "./bytes.ts"
import { BadRecording, importFailure, type UnreadableFile } from "./ImportFailure.ts"
import { metadataOf, pluralOf, text, titleOf } from "./objects.ts"
import { objectsIn } from "./objectsIn.ts"
import { patched } from "./patched.ts"
import { Rounded } from "./Rounded.ts"
import { CUT_DOCUMENT, valuesOf } from "./values.ts"

export interface KwokOptions {
  readonly redactor?: Redactor
  readonly onProgress?: (lines: number) => void
  /** When the recording began; it does not say. */
  readonly start?: Instant
}

const offset = /\$\(time-offset-nanosecond (-?\d+)\)/g

/** kwok has put an offset in the place of every time. */
const timesFrom =
  (start: number) =>
  (text: string): string =>
    text.includes("$(time-offset-nanosecond")
      ? text.replace(offset, (_, nanoseconds: string) => {
          const at = (start + Math.round(Number(nanoseconds) / 1_000)) as Instant
          return at % 1_000_000 === 0 ? toTime(at) : toMicroTime(at)
        })
      : text

const isPatch = (value: Json): value is JsonObject =>
  isJsonObject(value) && value.kind === "ResourcePatch" && text(value.apiVersion).startsWith("action.kwok.x-k8s.io/")

/** A last document without what stands at the end of each. */
const isCut = ({ isLast, value }: { readonly isLast?: true; readonly value: Json }): boolean =>
  isLast === true && (isPatch(value) ? value.method === undefined : objectsIn(value) === undefined)

const part = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})

class KwokImport {
  readonly #source: Source
  readonly #options: KwokOptions
  readonly #objects = new Map<string, JsonObject>()
  readonly #start: number
  readonly #rounded = new Rounded()
  #facts = 0

  constructor(source: Source, options: KwokOptions) {
    this.#source = source
    this.#options = options
    this.#start = options.start ?? 0
  }

  #changed(change: "ADDED" | "MODIFIED" | "DELETED", object: JsonObject, at: number): ClusterEvent {
    this.#facts++
    const { redactor } = this.#options
    const shown = redactor === undefined ? object : redactor.redact(object)
    return { _tag: "ObjectChanged", observed: at as Instant, change, object: shown as never }
  }

  #added(object: JsonObject, at: number): ClusterEvent {
    const { name, namespace } = metadataOf(object)
    this.#objects.set(`${pluralOf(text(object.kind))} ${text(namespace)}/${text(name)}`, object)
    return this.#changed("ADDED", object, at)
  }

  #patched(patch: JsonObject, line: number): ReadonlyArray<ClusterEvent> {
    const at = this.#start + Math.floor(Number(patch.durationNanosecond ?? 0) / 1_000)
    const { name, namespace } = part(patch.target)
    const resource = text(part(patch.resource).resource)
    const key = `${resource} ${text(namespace)}/${text(name)}`
    const known = this.#objects.get(key)
    const lost = (why: string): ReadonlyArray<ClusterEvent> => [
      {
        _tag: "Gap",
        observed: at as Instant,
        cause: "unreadable",
        detail: `${this.#source.name}:${line}: ${text(patch.method)} ${key}: ${why}`
      }
    ]
    if (!Number.isFinite(at)) return lost("durationNanosecond is no number")
    const template = part(patch.template)
    switch (patch.method) {
      case "create": {
        const object = objectsIn(template)?.[0]
        return object === undefined ? lost("has no object") : [this.#added(object, at)]
      }
      case "delete":
        if (known === undefined) return lost("it was not seen before")
        this.#objects.delete(key)
        return [this.#changed("DELETED", known, at)]
      case "patch": {
        if (known === undefined) return lost("it was not seen before")
        // kectl knows objects by their names alone, so it takes a Service for the Deployment of that name.
        if (text(template.kind) !== "" && template.kind !== known.kind)
          return lost(`it is of another kind, ${text(template.kind)}`)
        const type =
          text(known.apiVersion).includes(".") && !text(known.apiVersion).includes("k8s.io") ? "merge" : "strategic"
        const next = patched(known, { type, body: template })
        if (next === undefined) return lost(`the patch does not fit ${titleOf(known)}`)
        this.#objects.set(key, next)
        return [this.#changed("MODIFIED", next, at)]
      }
      default:
        return lost("is no method of kwok's")
    }
  }

  async *facts(): AsyncGenerator<ReadonlyArray<ClusterEvent>> {
    const { name } = this.#source
    const t0 = toMicroTime(this.#start as Instant)
    yield [{ _tag: "RecordingStarted", header: { source: "kwok recording", files: name.replace(/^.*\//, ""), t0 } }]
    let at = this.#start
    for await (const batch of valuesOf(this.#source, "yaml", timesFrom(this.#start))) {
      const out: Array<ClusterEvent> = []
      for (const piece of batch) {
        if (piece.kind === "value") this.#rounded.see(name, piece)
        if (piece.kind === "value" && this.#facts > 0 && isCut(piece)) {
          const detail = `${name}:${piece.line}: ${CUT_DOCUMENT}`
          out.push({ _tag: "Gap", observed: at as Instant, cause: "truncated", detail })
          break
        }
        if (piece.kind !== "value") {
          const cause: Gap["cause"] = piece.kind === "torn" ? "truncated" : "unreadable"
          out.push({ _tag: "Gap", observed: at as Instant, cause, detail: `${name}:${piece.line}: ${piece.problem}` })
        } else if (isPatch(piece.value)) out.push(...this.#patched(piece.value, piece.line))
        else {
          const objects = objectsIn(piece.value)
          if (objects === undefined)
            throw new BadRecording({
              file: name,
              line: piece.line,
              problem: "the document is neither an object nor a ResourcePatch of kwok"
            })
          for (const object of objects) out.push(this.#added(object, at))
        }
      }
      at = out.reduce((latest, { observed }) => Math.max(latest, observed ?? latest), at)
      const last = batch.at(-1)
      if (last !== undefined) this.#options.onProgress?.(last.line)
      if (out.length > 0) yield out
    }
    if (this.#facts === 0) throw new BadRecording({ file: name, problem: "has no objects" })
    const messages = [
      ...(this.#options.start === undefined
        ? [
            "kwok recording: it does not say when it began, so its times count from 1970-01-01T00:00:00Z; --start gives them another beginning"
          ]
        : []),
      "kwok recording: objects have no resourceVersions, a deletion has no last state, kinds that kwok leaves out (Events, Leases, custom resources, …) are missing, and where its watch was closed it heard nothing more without saying so"
    ]
    yield [...this.#rounded.said(), ...messages.map((message) => ({ _tag: "Warned" as const, message }))]
  }
}

export const importKwok = (
  source: Source,
  options: KwokOptions = {}
): Stream.Stream<ClusterEvent, BadRecording | UnreadableFile> =>
  Stream.suspend(() =>
    Stream.fromAsyncIterable(
      new KwokImport(source, options).facts(),
      importFailure(source.name, "a kwok recording")
    ).pipe(Stream.flattenIterable)
  )
