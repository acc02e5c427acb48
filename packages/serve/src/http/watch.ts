/** GET with `watch`: changes as they come, a frame each (`k8s.io/apiserver/pkg/endpoints/handlers/watch.go`). */
import type {
  Instant,
  JsonObject,
  KubernetesObject,
  ServedChange,
  ServedCluster,
  ServedListener,
  ServedWatch,
  Status
} from "@kubereel/core"
import type { Asked } from "./asked.ts"
import { bookmark, initialEventsEnd, type ListOptions, seenThrough, watchPlan } from "./options.ts"
import { isStatus, type Reply, type Sink } from "./Reply.ts"
import { inStorageOrder } from "./read.ts"
import { representObject } from "./representation.ts"

/** How often a watcher who wants to know is told how far he is (C-170), in milliseconds. */
const BOOKMARK_EVERY = 60_000
/** How long a watch may last if its client does not say (minRequestTimeout, twice that at the most), in milliseconds. */
const LASTS = 30 * 60_000

/** One watcher's stream. */
class WatchStream {
  readonly #asked: Asked
  readonly #options: ListOptions
  readonly #sink: Sink
  readonly #now: () => Instant
  #headers = true
  /** Everything up to there was told. */
  #version: string
  #timers: Array<NodeJS.Timeout> = []

  constructor(
    asked: Asked,
    options: ListOptions,
    sink: Sink,
    from: { readonly version: string; readonly now: () => Instant }
  ) {
    this.#asked = asked
    this.#now = from.now
    this.#options = options
    this.#sink = sink
    this.#version = from.version
  }

  /** `lasts`: until the client's own limit, in milliseconds. */
  begin(lasts: number): void {
    this.#timers = [setTimeout(() => this.#finish(), lasts)]
    if (this.#options.allowWatchBookmarks)
      this.#timers.push(setInterval(() => this.#bookmark(this.#version), BOOKMARK_EVERY))
  }

  initial(objects: ReadonlyArray<KubernetesObject>, marked: boolean): void {
    for (const object of objects) this.#tell({ type: "ADDED", object })
    // C-168: who did not ask for bookmarks is not told that this was all.
    if (marked && this.#options.allowWatchBookmarks)
      this.#send("BOOKMARK", initialEventsEnd(this.#asked.of.resource, this.#version))
  }

  changed(change: ServedChange): void {
    this.#version = change.object.metadata.resourceVersion ?? this.#version
    const seen = seenThrough(change, this.#options.selects)
    if (seen !== undefined) this.#tell(seen)
  }

  progress(version: string): void {
    this.#version = version
  }

  ended(why: Status | undefined): void {
    if (why !== undefined) this.#sink.write(this.#asked.frame("ERROR", why))
    this.#finish()
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #tell({ object, type }: Pick<ServedChange, "object" | "type">): void {
    this.#send(type, object)
  }

  #bookmark(version: string): void {
    this.#send("BOOKMARK", bookmark(this.#asked.of.resource, version))
  }

  #send(type: string, object: KubernetesObject): void {
    const { shown } = this.#asked
    if (shown.form.as === "Object") {
      this.#sink.write(this.#asked.frame(type, object))
      return
    }
    const represented = representObject(object, { ...shown, now: this.#now() }, this.#headers)
    this.#headers = false
    this.#sink.write(this.#asked.frame(type, represented))
  }

  #finish(): void {
    this.stop()
    this.#sink.end()
  }
}

/** The state with which a watch begins: what there is, and the version after which changes are told. */
interface Beginning {
  readonly from: string
  readonly initial: ReadonlyArray<KubernetesObject>
  readonly marked: boolean
}

const beginning = async (cluster: ServedCluster, { of }: Asked, options: ListOptions): Promise<Beginning | Status> => {
  const plan = watchPlan(options)
  if (isStatus(plan)) return plan
  if (!plan.initial) return { from: plan.from, initial: [], marked: false }
  const listed = await cluster.list(of)
  if (isStatus(listed)) return listed
  const { selects } = options
  const items = inStorageOrder(selects === undefined ? listed.items : listed.items.filter(selects))
  return { from: listed.resourceVersion, initial: items, marked: plan.marked }
}

export const watchObjects = async (cluster: ServedCluster, asked: Asked, options: ListOptions): Promise<Reply> => {
  const begun = await beginning(cluster, asked, options)
  if (isStatus(begun)) return begun.code === 410 ? frames(asked, begun) : asked.refuse(begun)
  const early: Array<() => void> = []
  let stream: WatchStream | undefined
  const later = (tell: (to: WatchStream) => void) => {
    if (stream === undefined) early.push(() => stream && tell(stream))
    else tell(stream)
  }
  const listener: ServedListener = {
    changed: (change) => later((to) => to.changed(change)),
    progress: (version) => later((to) => to.progress(version)),
    ended: (why) => later((to) => to.ended(why))
  }
  const watch = await cluster.watch(asked.of, begun.from, listener)
  if (isStatus(watch)) return watch.code === 410 ? frames(asked, watch) : asked.refuse(watch)
  const { timeoutSeconds = 0 } = options
  return {
    code: 200,
    headers: asked.streamHeaders,
    stream: (sink) => {
      stream = new WatchStream(asked, options, sink, { version: begun.from, now: watch.now ?? asked.now })
      stream.initial(begun.initial, begun.marked)
      for (const tell of early.splice(0)) tell()
      stream.begin(timeoutSeconds > 0 ? timeoutSeconds * 1_000 : LASTS)
      return () => {
        stream?.stop()
        ;(watch as ServedWatch).close()
      }
    }
  }
}

/** C-172: what is too old is said in a frame, after a good beginning. */
const frames = (asked: Asked, status: JsonObject): Reply => ({
  code: 200,
  headers: asked.streamHeaders,
  stream: (sink) => {
    sink.write(asked.frame("ERROR", status))
    sink.end()
    return () => {}
  }
})
