/** What every namespace has one of: made again when somebody deletes it, as long as the namespace stays. The API server makes the first ones itself, with the namespace. */
import { type KubernetesObject, statusOf } from "@kubereel/core"
import { refusalOf } from "../client/Client.ts"
import type { Course } from "../client/Course.ts"
import { type Synced, WorkQueue } from "../client/WorkQueue.ts"
import type { ControllerTools } from "./ControllerContext.ts"
import { isNamespaceTerminating } from "./PodControl.ts"

export interface Kept {
  /** As it should be in that namespace. */
  readonly made: (namespace: string) => KubernetesObject
  /** What has to be written over one that is there; `undefined`: it will do. */
  readonly mended: (known: KubernetesObject, made: KubernetesObject) => KubernetesObject | undefined
  readonly workers: number
}

const isActive = (namespace: KubernetesObject | undefined): boolean =>
  namespace !== undefined && statusOf(namespace)["phase"] === "Active"

export class NamespaceKeeper {
  readonly #tools: ControllerTools
  readonly #of: Kept

  constructor(tools: ControllerTools, of: Kept) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#of = of
    const queue = new WorkQueue({ engine, entity, workers: of.workers, sync: (name) => this.#sync(name) })
    const { kind, metadata } = of.made("")
    const heard = (object: KubernetesObject): void => {
      if (object.metadata.name === metadata.name) queue.add(object.metadata.namespace ?? "")
    }
    informers.on(kind, { updated: heard, deleted: heard })
    informers.on("Namespace", { updated: (namespace) => isActive(namespace) && queue.add(namespace.metadata.name) })
  }

  *#sync(namespace: string): Course<Synced> {
    const { client, informers } = this.#tools
    if (!isActive(informers.get("Namespace", undefined, namespace))) return undefined
    const made = this.#of.made(namespace)
    const known = informers.get(made.kind, namespace, made.metadata.name)
    const next = known === undefined ? made : this.#of.mended(known, made)
    if (next === undefined) return undefined
    const refusal = refusalOf(yield* known === undefined ? client.create(next, namespace) : client.update(next))
    return refusal === undefined || refusal.code === 404 || isNamespaceTerminating(refusal) ? undefined : "retry"
  }
}
