/** Kinds that are served in more versions than the one in which they are stored (`k8s.io/apimachinery/pkg/runtime/codec.go`, the storage and request versions). */
import {
  type Answer,
  builtInResources,
  fromAutoscalingV1,
  fromEventsV1,
  groupVersionOf,
  isJsonObject,
  type JsonObject,
  type KubernetesObject,
  patchObject,
  refusedWith,
  type Scope,
  type ServedChange,
  type ServedCluster,
  type ServedList,
  type ServedListener,
  type ServedResource,
  type ServedWatch,
  type ServedWrite,
  type Status,
  toAutoscalingV1,
  toEventsV1
} from "@kubereel/core"
import { Result } from "effect"
import { isStatus } from "./Reply.ts"

interface Conversion {
  readonly stored: string
  readonly served: string
  readonly to: (object: KubernetesObject) => KubernetesObject
  readonly from: (object: KubernetesObject) => Result.Result<KubernetesObject, Status>
}

const conversions: ReadonlyArray<Conversion> = [
  {
    stored: "v1 events",
    served: "events.k8s.io/v1 events",
    to: toEventsV1,
    from: (event) => Result.succeed(fromEventsV1(event))
  },
  {
    stored: "autoscaling/v2 horizontalpodautoscalers",
    served: "autoscaling/v1 horizontalpodautoscalers",
    to: toAutoscalingV1,
    from: fromAutoscalingV1
  }
]

const keyOf = (resource: ServedResource): string => `${groupVersionOf(resource)} ${resource.resource}`

/** A resource that is not stored as it is served, with the one that is. */
interface Other {
  readonly conversion: Conversion
  readonly stored: ServedResource
}

export class Versions implements ServedCluster {
  readonly #of: ServedCluster
  /** By what they are served as; and what is served altogether. */
  #others = new Map<ServedResource, Other>()
  #resources: ReadonlyArray<ServedResource> = []
  #before: ReadonlyArray<ServedResource> | undefined

  readonly write?: (write: ServedWrite) => Promise<Answer>
  readonly tryWrite?: (write: ServedWrite) => Promise<Answer>
  readonly reviewToken?: NonNullable<ServedCluster["reviewToken"]>

  constructor(of: ServedCluster) {
    this.#of = of
    const { reviewToken, tryWrite, write } = of
    if (reviewToken !== undefined) this.reviewToken = reviewToken
    if (write !== undefined) this.write = (asked) => this.#write(asked, write)
    if (tryWrite !== undefined) this.tryWrite = (asked) => this.#write(asked, tryWrite)
  }

  readonly now = () => this.#of.now()

  get version(): string {
    return this.#of.version
  }

  get pods(): ServedCluster["pods"] {
    return this.#of.pods
  }

  readonly resources = (): ReadonlyArray<ServedResource> => {
    const own = this.#of.resources()
    if (own === this.#before) return this.#resources
    this.#before = own
    this.#others = new Map()
    const there = new Set(own.map(keyOf))
    for (const conversion of conversions) {
      const stored = own.find((resource) => keyOf(resource) === conversion.stored)
      if (stored === undefined || there.has(conversion.served)) continue
      const served = builtInResources().find((resource) => keyOf(resource) === conversion.served)
      if (served !== undefined) this.#others.set(served, { conversion, stored })
    }
    this.#resources = [...own, ...this.#others.keys()]
    return this.#resources
  }

  readonly warnings = (of: Scope | undefined) => this.#of.warnings(of && this.#stored(of))
  readonly unknown = (of: Scope) => this.#of.unknown?.(this.#stored(of))
  readonly resourceVersion = (of: Scope) => this.#of.resourceVersion(this.#stored(of))

  readonly get = async (of: Scope, name: string): Promise<KubernetesObject | undefined> => {
    const object = await this.#of.get(this.#stored(of), name)
    return object && this.#shown(of, object)
  }

  readonly list = async (of: Scope, at?: string): Promise<ServedList | Status> => {
    const listed = await this.#of.list(this.#stored(of), at)
    if (isStatus(listed) || this.#conversion(of) === undefined) return listed
    return { ...listed, items: listed.items.map((object) => this.#shown(of, object)) }
  }

  readonly watch = (of: Scope, from: string, listener: ServedListener): Promise<ServedWatch | Status> => {
    if (this.#conversion(of) === undefined) return this.#of.watch(of, from, listener)
    const changed = ({ object, previous, type }: ServedChange) =>
      listener.changed({
        type,
        object: this.#shown(of, object),
        ...(previous === undefined ? {} : { previous: this.#shown(of, previous) })
      })
    return this.#of.watch(this.#stored(of), from, { ...listener, changed })
  }

  #conversion({ resource }: Scope): Conversion | undefined {
    return this.#others.get(resource)?.conversion
  }

  #stored(of: Scope): Scope {
    const other = this.#others.get(of.resource)
    return other === undefined ? of : { ...of, resource: other.stored }
  }

  #shown(of: Scope, object: KubernetesObject): KubernetesObject {
    return this.#conversion(of)?.to(object) ?? object
  }

  async #write(asked: ServedWrite, carryOut: (write: ServedWrite) => Promise<Answer>): Promise<Answer> {
    const conversion = this.#conversion(asked)
    if (conversion === undefined) return carryOut(asked)
    const write = await this.#converted(asked, conversion)
    if (Result.isFailure(write)) return refusedWith(write.failure)
    const answer = await carryOut(write.success)
    const { body } = answer
    const isObject = isJsonObject(body["metadata"]) && body["kind"] === asked.resource.kind
    return isObject ? { ...answer, body: conversion.to(body as unknown as KubernetesObject) } : answer
  }

  async #converted(asked: ServedWrite, { from, to }: Conversion): Promise<Result.Result<ServedWrite, Status>> {
    const of = this.#stored(asked)
    const into = (object: JsonObject) => from(object as unknown as KubernetesObject)
    switch (asked.verb) {
      case "create":
      case "update":
        return Result.map(into(asked.object), (object) => ({ ...asked, ...of, object }))
      case "deletecollection":
        return Result.succeed({ ...asked, ...of, selects: (object) => asked.selects(to(object)) })
      case "delete":
        return Result.succeed({ ...asked, ...of })
      case "patch": {
        const { patch } = asked
        if (patch.type !== "apply") return this.#patched({ ...asked, patch }, from)
        if (!isJsonObject(patch.body)) return Result.succeed({ ...asked, ...of })
        return Result.map(into(patch.body), (body) => ({ ...asked, ...of, patch: { ...patch, body } }))
      }
    }
  }

  /** A patch is of the object as the client sees it: what comes of it is written as a whole, unless somebody was faster. */
  async #patched(
    asked: Extract<ServedWrite, { readonly verb: "patch" }> & { readonly patch: Parameters<typeof patchObject>[1] },
    from: Conversion["from"]
  ): Promise<Result.Result<ServedWrite, Status>> {
    const { patch, verb: _, ...rest } = asked
    const of = this.#stored(asked)
    const there = await this.get(asked, asked.name)
    // Who is not there is told of by the cluster.
    if (there === undefined) return Result.succeed({ ...asked, ...of })
    const patched = Result.flatMap(patchObject(there, patch, asked.resource), (object) =>
      from(object as unknown as KubernetesObject)
    )
    return Result.map(patched, (object) => ({ ...rest, ...of, verb: "update" as const, object }))
  }
}
