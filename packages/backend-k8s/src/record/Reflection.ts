/** What one resource of the cluster looks like to its recorder, and the facts that follow from what it hears. No network, no clock. */
import {
  type ClusterEvent,
  compareResourceVersions,
  type Gap,
  type GapEdge,
  groupVersionOf,
  type Instant,
  isJsonObject,
  type JsonObject,
  type ObjectChanged
} from "@kubereel/core"
import type { ListPage, WatchLine } from "../client/ApiClient.ts"
import { type ApiFailure, Garbled } from "../client/failures.ts"
import type { Backwards } from "./decide.ts"
import { INITIAL_EVENTS_END, type Item, refusalOf } from "./initial.ts"
import { Comparison, type Difference, identified, isEmpty, Known, refOf } from "./Known.ts"
import type { Resource } from "./Resource.ts"

type Facts = ReadonlyArray<ClusterEvent>

/** Where an earlier session left off. */
export interface Left {
  readonly known: Known
  /** The version up to which everything was seen. */
  readonly position: string | undefined
  readonly era: number
  readonly heardAt: Instant | undefined
}

export const nothingLeft = (): Left => ({ known: new Known(), position: undefined, era: 0, heardAt: undefined })

/** What a line of a watch brings: facts, or the end of this watch. */
export type Heard = Facts | ApiFailure | Backwards

const nothingFound = { created: [], changed: [], vanished: [] } as const

export class Reflection {
  readonly resource: Resource
  readonly #hide: (object: JsonObject) => JsonObject
  readonly #known: Known
  #position: string | undefined
  /** The version of a first list of which not all pieces came. */
  #begun: string | undefined
  /** The version of the list that is being read; a list that is streamed says it at its end. */
  #list = ""
  #era: number
  #heardAt: Instant | undefined
  #gap: { readonly cause: Gap["cause"]; readonly detail: string; readonly from: GapEdge } | undefined
  #comparison: Comparison | undefined
  /** What a list showed and the watch has still to explain. */
  #pending: Difference | undefined
  /** By uid, the version that it should come to; `undefined`: it should go. */
  #unexplained = new Map<string, string | undefined>()
  #repeated = false

  constructor(resource: Resource, left: Left, hide: (object: JsonObject) => JsonObject) {
    this.resource = resource
    this.#hide = hide
    this.#known = left.known
    this.#position = left.position
    this.#era = left.era
    this.#heardAt = left.heardAt
  }

  /** Where a watch goes on; `undefined`: only a list can tell. */
  get position(): string | undefined {
    return this.#position
  }

  get unexplained(): boolean {
    return this.resumes && this.#unexplained.size > 0
  }

  /** Must the watch go on where it was, because only that can tell what happened since? */
  get resumes(): boolean {
    return this.#pending !== undefined
  }

  /** Did the last line say something that was known? */
  takeRepeated(): boolean {
    const repeated = this.#repeated
    this.#repeated = false
    return repeated
  }

  /** Nothing was ever seen: what is found now was there before anybody looked. */
  get #isFirst(): boolean {
    return this.#position === undefined && this.#begun === undefined && this.#known.size === 0
  }

  /** From the last thing that was heard on, nothing is seen. Said once, until the gap ends. */
  open(cause: Gap["cause"], detail: string, at: Instant): Facts {
    if (this.#gap !== undefined) return []
    const resourceVersion = this.#position ?? this.#begun
    const from = {
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      at: this.#heardAt ?? at
    }
    this.#gap = { cause, detail, from }
    return [{ _tag: "Gap", observed: at, cause, detail, resource: this.resource.name, from }]
  }

  /** A list begins. */
  listing(): void {
    this.#comparison = this.#isFirst ? undefined : new Comparison(this.#known, this.#position, this.#begun)
    this.#pending = undefined
    this.#list = ""
  }

  /** One piece of it. The very first list is passed on as it comes. */
  page({ resourceVersion, items, rounded }: ListPage, at: Instant): Facts {
    this.#begun ??= resourceVersion
    this.#list ||= resourceVersion
    const found = items.flatMap((object) => this.#listing("ADDED", object, at))
    return [...found, ...this.#warnings(rounded, at)]
  }

  /** One object of a list that is streamed. */
  item({ change, object, rounded }: Item, at: Instant): Facts {
    return [...this.#listing(change, object, at), ...this.#warnings(rounded, at)]
  }

  #listing(change: Item["change"], object: JsonObject, at: Instant): Facts {
    if (this.#comparison === undefined) return this.#found(change, object, this.#list, at)
    if (change === "DELETED") this.#comparison.miss(refOf(object).uid)
    else this.#comparison.see(object)
    return []
  }

  /** The list that was streamed was whole at that version. */
  whole(resourceVersion: string): void {
    this.#begun ??= resourceVersion
    this.#list = resourceVersion
  }

  /** The list is whole. `resume`: the watch is to explain the differences first. */
  listed(resume: boolean, gap: Pick<Gap, "cause" | "detail">, at: Instant): Facts {
    const difference = this.#comparison?.finish(this.#list)
    this.#comparison = undefined
    if (difference === undefined) return [...this.#close(at, this.#list, nothingFound), ...this.#reach(this.#list, at)]
    if (resume && !difference.restored && this.#position !== undefined) {
      this.#pending = difference
      this.#unexplained = new Map(
        [...difference.created, ...difference.changed].map((item) => [
          refOf(item).uid,
          identified(item)?.resourceVersion
        ])
      )
      for (const uid of difference.vanished) this.#unexplained.set(uid, undefined)
      return []
    }
    return this.#apply(difference, gap, at)
  }

  /** The server has agreed to go on from `position`. */
  resumed(at: Instant): Facts {
    return this.#pending !== undefined && isEmpty(this.#pending) ? this.#settle(at) : []
  }

  hear({ type, object, rounded }: WatchLine, at: Instant): Heard {
    if (type === "ERROR") return refusalOf(object)
    const metadata = isJsonObject(object.metadata) ? object.metadata : {}
    const resourceVersion = typeof metadata.resourceVersion === "string" ? metadata.resourceVersion : ""
    const change =
      type === "ADDED" || type === "MODIFIED" || type === "DELETED" || type === "BOOKMARK" ? type : undefined
    if (change === undefined || resourceVersion === "" || (change !== "BOOKMARK" && identified(object) === undefined))
      return new Garbled({ detail: `a line of the watch is no event of ${this.resource.name}` })
    const order = this.#position === undefined ? undefined : compareResourceVersions(resourceVersion, this.#position)
    if (order !== undefined && order < 0)
      return { _tag: "Backwards", message: `version ${resourceVersion} came after version ${this.#position}` }
    const settled = this.#isPast(resourceVersion, change === "BOOKMARK") ? this.#settle(at) : []
    const { uid } = refOf(object)
    if (change === "ADDED" || change === "MODIFIED") {
      if (this.#known.versionOf(uid) === resourceVersion) {
        this.#repeated = true
        return settled
      }
    }
    this.#position = resourceVersion
    this.#heardAt = at
    const changed = this.#changed(change, object, at)
    return [...settled, changed, ...this.#warnings(rounded, at), ...this.#explained(uid, at)]
  }

  /** Is everything that the list showed behind us when this version comes? */
  #isPast(resourceVersion: string, bookmark: boolean): boolean {
    if (this.#pending === undefined) return false
    const order = compareResourceVersions(resourceVersion, this.#pending.resourceVersion)
    return order !== undefined && (bookmark ? order >= 0 : order > 0)
  }

  /** Was that the last of what the list showed? */
  #explained(uid: string, at: Instant): Facts {
    const pending = this.#pending
    if (pending === undefined) return []
    if (this.#unexplained.has(uid) && this.#unexplained.get(uid) === this.#known.versionOf(uid))
      this.#unexplained.delete(uid)
    return this.#unexplained.size === 0 ? this.#settle(at) : []
  }

  #isNews(item: JsonObject): boolean {
    const who = identified(item)
    return who !== undefined && this.#known.versionOf(who.ref.uid) !== who.resourceVersion
  }

  /** The watch has said all that it will say of what the list showed. */
  #settle(at: Instant): Facts {
    const pending = this.#pending
    this.#pending = undefined
    if (pending === undefined) return []
    const isNews = (item: JsonObject): boolean => this.#isNews(item)
    const left: Difference = {
      ...pending,
      created: pending.created.filter(isNews),
      changed: pending.changed.filter(isNews),
      vanished: pending.vanished.filter((uid) => this.#known.versionOf(uid) !== undefined)
    }
    if (isEmpty(left)) return this.#close(at, pending.resourceVersion, nothingFound)
    return this.#apply(left, { cause: "closed", detail: "the watch left out what a list shows" }, at)
  }

  /** What differs becomes facts that were found, inside a gap. */
  #apply(difference: Difference, { cause, detail }: Pick<Gap, "cause" | "detail">, at: Instant): Facts {
    const { resourceVersion, restored, created, changed, vanished } = difference
    const began = this.open(cause, detail, at)
    if (restored && this.#gap !== undefined) {
      const was = this.#position ?? this.#begun ?? "an unknown one"
      this.#gap = {
        ...this.#gap,
        cause: "restored",
        detail: `the server's past is not what was seen: it was at version ${was}, is at ${resourceVersion}, and went back in between`
      }
      this.#era++
    }
    const found = {
      created: created.map(refOf),
      changed: changed.map(refOf),
      vanished: vanished.map((uid) => refOf(this.#known.lastOf(uid) ?? {}))
    }
    const facts = [
      ...created.flatMap((item) => this.#found("ADDED", item, resourceVersion, at)),
      ...changed.flatMap((item) => this.#found("MODIFIED", item, resourceVersion, at)),
      ...vanished.flatMap((uid) => this.#found("DELETED", this.#known.lastOf(uid) ?? {}, resourceVersion, at))
    ]
    return [...began, ...facts, ...this.#close(at, resourceVersion, found), ...this.#reach(resourceVersion, at)]
  }

  #close(at: Instant, resourceVersion: string | undefined, found: NonNullable<Gap["found"]>): ReadonlyArray<Gap> {
    const gap = this.#gap
    if (gap === undefined) return []
    this.#gap = undefined
    const to = { ...(resourceVersion === undefined ? {} : { resourceVersion }), at }
    return [{ _tag: "Gap", observed: at, ...gap, resource: this.resource.name, to, found }]
  }

  /** Everything up to this version is known: as a server says it that streams its list. */
  #reach(resourceVersion: string, at: Instant): Facts {
    this.#position = resourceVersion
    this.#begun = resourceVersion
    this.#heardAt = at
    const annotations = { [INITIAL_EVENTS_END]: "true" }
    const object = {
      apiVersion: groupVersionOf(this.resource),
      kind: this.resource.kind,
      metadata: { annotations, resourceVersion }
    }
    return [{ _tag: "ObjectChanged", observed: at, change: "BOOKMARK", object, found: this.#in(resourceVersion) }]
  }

  #in(resourceVersion: string): NonNullable<ObjectChanged["found"]> {
    return { resource: this.resource.name, resourceVersion }
  }

  #found(change: ObjectChanged["change"], object: JsonObject, resourceVersion: string, at: Instant): Facts {
    if (identified(object) === undefined) {
      const message = `${this.resource.name}: an object of the list has no name, uid or version; it is left out`
      return [{ _tag: "Warned", observed: at, message }]
    }
    return [{ ...this.#changed(change, object, at), found: this.#in(resourceVersion) }]
  }

  #changed(change: ObjectChanged["change"], object: JsonObject, at: Instant): ObjectChanged {
    const hidden = change === "BOOKMARK" ? object : this.#hide(object)
    if (change === "DELETED") this.#known.forget(refOf(object).uid)
    else if (change !== "BOOKMARK") this.#known.note(hidden)
    return {
      _tag: "ObjectChanged",
      observed: at,
      change,
      object: hidden as ObjectChanged["object"],
      ...(this.#era === 0 ? {} : { era: this.#era })
    }
  }

  #warnings(rounded: string | undefined, at: Instant): Facts {
    if (rounded === undefined) return []
    const message = `${this.resource.name}: the number ${rounded} has more digits than can be kept; it was rounded`
    return [{ _tag: "Warned", observed: at, message }]
  }
}
