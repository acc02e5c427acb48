/** The size of what an autoscaler is for, read and written through the subresource `scale` (`pkg/controller/podautoscaler/horizontal.go`). */
import {
  apiVersionOf,
  type HPAObject,
  isScalable,
  type Json,
  type KubernetesObject,
  MILLISECOND,
  notFound,
  notFoundResource,
  scaleObjectOf,
  specOf,
  statusOf,
  strategyOf
} from "@kubereel/core"
import type { ObjectName } from "../../apiserver/ApiServer.ts"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import type { ControllerTools } from "../ControllerContext.ts"

/** `client-go/util/retry`, DefaultRetry. */
const TRIES = 5
const PAUSE = 10 * MILLISECOND
const JITTER = 0.1

export interface Target {
  readonly of: ObjectName
  /** As it was read. */
  readonly scale: KubernetesObject
  readonly replicas: number
  /** As `scale` says it; "": it has none. */
  readonly selectorText: string
  readonly selector: Json | undefined
}

const groupOf = (apiVersion: string): string => (apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "")

export class ScaleTarget {
  readonly #tools: ControllerTools

  constructor(tools: ControllerTools) {
    this.#tools = tools
  }

  /** What the autoscaler names, or why it cannot be found. */
  *find({ metadata, spec }: HPAObject): Course<Target | string> {
    const { apiVersion = "", kind, name } = spec.scaleTargetRef
    if (apiVersion.split("/").length > 2) return `unexpected GroupVersion string: ${apiVersion}`
    const group = groupOf(apiVersion)
    if (apiVersionOf(kind) === undefined || groupOf(apiVersionOf(kind) ?? "") !== group)
      return `no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`
    const of = { kind, name, namespace: metadata.namespace ?? "" }
    const object = yield* this.#tools.client.get(of)
    if (!isScalable(kind)) return notFoundResource.message ?? ""
    const scale = object === undefined ? undefined : scaleObjectOf(object)
    if (object === undefined || scale === undefined) return notFound(strategyOf(kind).resource, name).message ?? ""
    return {
      of,
      scale,
      replicas: Number(specOf(scale)["replicas"] ?? 0),
      selectorText: String(statusOf(scale)["selector"] ?? ""),
      selector: specOf(object)["selector"]
    }
  }

  /** Tries again with the newest version as long as others are faster; the message of the refusal if nothing helps. */
  *resize({ of, scale }: Target, replicas: number): Course<string | undefined> {
    const { client, random } = this.#tools
    let newest: KubernetesObject | undefined = scale
    for (let tries = 1; ; tries++) {
      const answer = yield* client.updateScale(of, { ...newest, spec: { ...specOf(newest), replicas } })
      const refusal = refusalOf(answer)
      if (refusal === undefined) return undefined
      const object: KubernetesObject | undefined = yield* client.get(of)
      newest = (object === undefined ? undefined : scaleObjectOf(object)) ?? newest
      if (refusal.code !== 409 || tries === TRIES) return refusal.message ?? ""
      yield Math.round(PAUSE * (1 + random.next() * JITTER))
    }
  }
}
