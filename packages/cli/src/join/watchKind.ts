/** Follows one kind of a real API server for as long as it is asked to: a list, then a watch, and after each break what it missed. */
import type { ApiClient, ApiFailure, Query, WatchLine } from "@kubereel/backend-k8s"
import type { Change } from "@kubereel/backend-sim"
import type { JsonObject, KubernetesObject } from "@kubereel/core"
import { Effect, Stream } from "effect"

export interface WatchedKind {
  readonly kind: string
  readonly path: string
  readonly query?: Query
}

/** Waits between attempts, in milliseconds: doubling, and up to twice as long by chance. */
interface BackOff {
  readonly first: number
  readonly most: number
}

export interface WatchKindOptions {
  readonly client: ApiClient
  readonly onChange: (change: Change, object: KubernetesObject) => void
  /** It was listed, and is being watched. */
  readonly onWatching: () => void
  /** It cannot be seen now; said once a break. */
  readonly onBroken: (failure: ApiFailure) => void
  /** As client-go's if absent. */
  readonly backOff?: BackOff
}

/** A connection that is silent for longer is taken for dead, or has nothing to tell: it is made anew. In milliseconds. */
const QUIET = 90_000

/** For how many seconds a watch is asked for: between once and twice that, as client-go does. */
const WATCH = 300

const clientGo: BackOff = { first: 800, most: 30_000 }

const changes: ReadonlySet<string> = new Set<Change>(["ADDED", "MODIFIED", "DELETED"])

/** Who owns which field is nothing to a kubelet, and half of an object. */
const bare = (object: JsonObject): KubernetesObject => {
  const { metadata, ...rest } = object as unknown as KubernetesObject
  const { managedFields: _, ...kept } = metadata as KubernetesObject["metadata"] & { readonly managedFields?: unknown }
  return { ...rest, metadata: kept } as KubernetesObject
}

class Follower {
  readonly #watched: WatchedKind
  readonly #o: WatchKindOptions
  readonly #known = new Map<string, KubernetesObject>()
  #version = ""

  constructor(watched: WatchedKind, options: WatchKindOptions) {
    this.#watched = watched
    this.#o = options
  }

  /** All that is there now; what is not there any more is gone. */
  get list() {
    const { path, query = {} } = this.#watched
    const found = new Set<string>()
    let version = ""
    const pages = this.#o.client.list(path, query)
    return Stream.runForEach(pages, ({ items, resourceVersion }) =>
      Effect.sync(() => {
        version = resourceVersion
        for (const item of items) {
          const object = bare(item)
          const uid = object.metadata.uid ?? ""
          found.add(uid)
          const before = this.#known.get(uid)
          if (before?.metadata.resourceVersion !== object.metadata.resourceVersion)
            this.#tell(before === undefined ? "ADDED" : "MODIFIED", object)
        }
      })
    ).pipe(
      Effect.tap(() =>
        Effect.sync(() => {
          const gone = [...this.#known].filter(([uid]) => !found.has(uid))
          for (const [, object] of gone)
            this.#tell("DELETED", { ...object, metadata: { ...object.metadata, resourceVersion: version } })
          this.#version = version
        })
      )
    )
  }

  /** Until the server ends it. `false`: it can only be listed anew. */
  get watch() {
    const { path, query = {} } = this.#watched
    return Effect.scoped(
      Effect.gen({ self: this }, function* () {
        const timeoutSeconds = Math.round(WATCH * (1 + Math.random()))
        const asked = { ...query, timeoutSeconds, resourceVersion: this.#version }
        const lines = yield* this.#o.client.watch(path, asked, QUIET)
        this.#o.onWatching()
        let goesOn = true
        yield* Stream.runForEachWhile(lines, (line) => Effect.sync(() => (goesOn = this.#hear(line))))
        return goesOn
      })
    )
  }

  #hear({ object, type }: WatchLine): boolean {
    if (type === "ERROR") return false
    const heard = bare(object)
    this.#version = heard.metadata.resourceVersion ?? this.#version
    if (changes.has(type)) this.#tell(type as Change, { ...heard, kind: this.#watched.kind })
    return true
  }

  #tell(change: Change, object: KubernetesObject): void {
    const uid = object.metadata.uid ?? ""
    if (change === "DELETED") this.#known.delete(uid)
    else this.#known.set(uid, object)
    this.#o.onChange(change, object)
  }
}

/** Never ends by itself. */
export const watchKind = Effect.fnUntraced(function* (
  watched: WatchedKind,
  options: WatchKindOptions
): Effect.fn.Return<never> {
  const follower = new Follower(watched, options)
  const { first, most } = options.backOff ?? clientGo
  let [listed, failures] = [false, 0]
  for (;;) {
    const step = yield* Effect.result(listed ? follower.watch : Effect.as(follower.list, true))
    if (step._tag === "Success") {
      listed = step.success
      failures = 0
      continue
    }
    if (step.failure._tag === "GoneQuiet" && listed) continue
    if (step.failure._tag === "Expired") listed = false
    else if (failures === 0) options.onBroken(step.failure)
    const wait = Math.min(first * 2 ** failures++, most)
    yield* Effect.sleep(`${Math.round(wait * (1 + Math.random()))} millis`)
  }
})
