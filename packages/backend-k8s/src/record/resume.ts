/** What an earlier session left in the log: of each resource what was there, and the version up to which it was seen. */
import {
  groupVersionOf,
  type Instant,
  isJsonObject,
  type JsonObject,
  type ObjectChanged,
  type Recorded
} from "@kubereel/core"
import { Known, refOf } from "./Known.ts"
import type { Left } from "./Reflection.ts"
import type { Resource } from "./Resource.ts"

/** What a recording says of itself, so that only its own kind goes on with it. */
export interface RecorderHeader {
  readonly cluster: string
  readonly namespace: string | null
  readonly selector: string | null
  readonly resources: ReadonlyArray<string>
}

interface Kept {
  readonly known: Known
  position: string | undefined
  era: number
  heardAt: Instant | undefined
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

const headerOf = (header: JsonObject): RecorderHeader | undefined => {
  const said = header.recorder
  if (!isJsonObject(said)) return undefined
  return {
    cluster: text(said.cluster) ?? "",
    namespace: text(said.namespace) ?? null,
    selector: text(said.selector) ?? null,
    resources: Array.isArray(said.resources) ? said.resources.filter((name: unknown) => typeof name === "string") : []
  }
}

/** Folds a log, event by event. */
export class Resumption {
  readonly #kinds = new Map<string, Kept>()
  #events = 0
  #header: RecorderHeader | undefined

  add({ event, seq }: Recorded): void {
    this.#events++
    if (event._tag === "Horizon") this.#removed = event.removed
    else if (event._tag === "RecordingStarted") this.#header = headerOf(event.header) ?? this.#header
    else if (event._tag === "ObjectChanged" && event.change !== "ERROR") this.#object(event, seq > this.#removed)
    else if (event._tag === "Gap" && event.cause === "restored" && event.to !== undefined) this.#restored++
  }

  #restored = 0
  /** Events up to this one are gone, but for what was true there. */
  #removed = 0

  get events(): number {
    return this.#events
  }

  /** What the last session said of itself; `undefined`: the log is of something else. */
  get header(): RecorderHeader | undefined {
    return this.#header
  }

  of(resource: Resource): Left | undefined {
    const kept = this.#kinds.get(`${groupVersionOf(resource)} ${resource.kind}`)
    // Every restoration is counted for every resource: an era that nobody used does no harm.
    return kept === undefined ? undefined : { ...kept, era: Math.max(kept.era, this.#restored) }
  }

  #object({ change, era, found, object, observed }: ObjectChanged, isWhole: boolean): void {
    const kind = `${text(object.apiVersion) ?? ""} ${text(object.kind) ?? ""}`
    const kept = this.#kinds.get(kind) ?? { known: new Known(), position: undefined, era: 0, heardAt: undefined }
    this.#kinds.set(kind, kept)
    kept.era = Math.max(kept.era, era ?? 0)
    kept.heardAt = observed ?? kept.heardAt
    if (change === "DELETED") kept.known.forget(refOf(object).uid)
    else if (change !== "BOOKMARK") kept.known.note(object)
    const metadata = isJsonObject(object.metadata) ? object.metadata : {}
    // A list counts once it is whole, which its bookmark says; until then nobody knows where to go on. What was true at the
    // horizon does not say what else was seen by then: who went on there would hear once more what was told and removed.
    const counts = isWhole && (found === undefined || change === "BOOKMARK")
    kept.position = counts ? text(metadata.resourceVersion) : undefined
  }
}
