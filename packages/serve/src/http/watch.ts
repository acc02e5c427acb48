/** GET with `watch`: changes as they come, a frame each (`k8s.io/apiserver/pkg/endpoints/handlers/watch.go`). */
import {
  bookmark,
  groupVersionOf,
  type Instant,
  type JsonObject,
  type KubernetesObject,
  type ServedChange,
  type ServedCluster,
  type ServedListener,
  type ServedWatch,
  type Status,
  selectedChange,
  watchPlan
} from "@kubereel/core"
import { Result } from "effect"
import type { Asked } from "./asked.ts"
import type { ListOptions } from "./options.ts"
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
    if (this.#options.allowWatchBookmarks) this.#timers.push(setInterval(() => this.#bookmark(false), BOOKMARK_EVERY))
  }

  initial(objects: ReadonlyArray<KubernetesObject>, marked: boolean): void {
    for (const object of objects) this.#send("ADDED", object)
    if (marked) this.#bookmark(true)
  }

  changed(change: ServedChange): void {
    this.#version = change.object.metadata.resourceVersion ?? this.#version
    const { selects } = this.#options
    const seen = selects === undefined ? change : selectedChange(change, selects)
    if (seen !== undefined) this.#send(seen.type, seen.object as KubernetesObject)
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

  #bookmark(ends: boolean): void {
    const { resource } = this.#asked.of
    const kind = { apiVersion: groupVersionOf(resource), kind: resource.kind }
    this.#send("BOOKMARK", bookmark(kind, this.#version, ends) as KubernetesObject)
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
  if (Result.isFailure(plan)) return plan.failure
  const { from, initial, marksInitialEnd } = plan.success
  if (!initial)
    return { from: from === undefined ? await cluster.resourceVersion(of) : String(from), initial: [], marked: false }
  const listed = await cluster.list(of)
  if (isStatus(listed)) return listed
  const items = inStorageOrder(listed.items, of, options.selects)
  return { from: listed.resourceVersion, initial: items, marked: marksInitialEnd }
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
