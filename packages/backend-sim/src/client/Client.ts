/** One component's client: its requests take time, and no more of them are sent than its limit allows (C-259). */
import {
  type Answer,
  type DeleteOptions,
  type KubernetesObject,
  later,
  type Micros,
  type Patch,
  type Status
} from "@kubereel/core"
import type { ApiServer, ObjectName } from "../apiserver/ApiServer.ts"
import type { Engine } from "../engine/Engine.ts"
import type { Course } from "./Course.ts"
import type { RateLimiter } from "./RateLimiter.ts"

export interface ClientOptions {
  readonly engine: Engine
  readonly api: ApiServer
  readonly limiter: RateLimiter
  /** What it is called in the managed fields of what it writes; the steps' own if absent. */
  readonly manager?: string
  /** From the request until it is carried out: whoever watches sees it from then on. `creates`: an object of that kind. */
  readonly latency: (creates?: string) => Micros
  /** From then until its sender has the answer; none if absent. */
  readonly answer?: () => Micros
}

/** The refusal, if it is one. */
export const refusalOf = ({ body, status }: Answer): Status | undefined =>
  status >= 400 ? (body as unknown as Status) : undefined

/** What a write that was not refused has stored. */
export const storedOf = (answer: Answer): KubernetesObject | undefined =>
  answer.status < 400 ? (answer.body as unknown as KubernetesObject) : undefined

export class Client {
  readonly #o: ClientOptions

  constructor(options: ClientOptions) {
    this.#o = options
  }

  *create(object: KubernetesObject, namespace: string): Course<Answer> {
    return yield* this.#asked(() => this.#o.api.create(object, namespace, this.#o.manager), object.kind)
  }

  /** PUT: refused if somebody wrote the object since this version of it. */
  *update(object: KubernetesObject, subresource = ""): Course<Answer> {
    return yield* this.#asked(() => this.#o.api.update(object, subresource, undefined, this.#o.manager))
  }

  /** PUT of the subresource `scale`. */
  *updateScale(of: ObjectName, scale: KubernetesObject): Course<Answer> {
    return yield* this.#asked(() => this.#o.api.update(scale, "scale", of))
  }

  /** A request to somebody whom the API server asks: who sends it has the answer then. */
  *proxied<Answered>(answer: () => Answered): Course<Answered> {
    return yield* this.#asked(answer)
  }

  *patch(of: ObjectName, patch: Patch, subresource = ""): Course<Answer> {
    return yield* this.#asked(() => this.#o.api.patch(of, subresource, patch, this.#o.manager))
  }

  *delete({ kind, name, namespace }: ObjectName, options: DeleteOptions = {}): Course<Answer> {
    return yield* this.#asked(() => this.#o.api.delete(kind, namespace, name, options))
  }

  *deleteCollection(kind: string, namespace: string, options: DeleteOptions = {}): Course {
    yield* this.#asked(() => this.#o.api.deleteCollection(kind, namespace, options))
  }

  /** A live list of a kind in a namespace. */
  *list(kind: string, namespace: string): Course<ReadonlyArray<KubernetesObject>> {
    return yield* this.#asked(() => this.#o.api.list(kind, namespace))
  }

  /** POST of an eviction. */
  *evict({ name, namespace }: ObjectName, options: DeleteOptions = {}): Course<Answer> {
    return yield* this.#asked(() => this.#o.api.evict(namespace, name, options))
  }

  /** A live read, past the caches. */
  *get(of: ObjectName): Course<KubernetesObject | undefined> {
    return yield* this.#asked(() => this.#o.api.get(of))
  }

  *#asked<Answered>(request: () => Answered, creates?: string): Course<Answered> {
    const { answer, engine, latency, limiter } = this.#o
    yield later(limiter.reserve(engine.now), latency(creates)) - engine.now
    const answered = request()
    if (answer !== undefined) yield answer()
    return answered
  }
}
