/** What became of each node, as far as properties are excused by it. */
import type { Instant } from "../../event/Instant.ts"
import { isJsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { nodeConditionOf } from "../vocabulary/node.ts"
import type { Change } from "./World.ts"

interface Fate {
  /** Its Ready is not True, or its object is gone, since then. */
  lostAt: Instant | undefined
  /** The last moment at which it was lost, or came back. */
  changedAt: Instant | undefined
  /** Which start of its machine it is. */
  boot: unknown
  /** The last moment at which its machine was seen to have started again. */
  bootedAt: Instant | undefined
  /** The last moment at which its kubelet was seen to have started again. */
  kubeletStartedAt: Instant | undefined
}

const bootOf = (node: KubernetesObject | undefined): unknown => {
  const info = isJsonObject(node?.status) ? node.status.nodeInfo : undefined
  return isJsonObject(info) ? info.bootID : undefined
}

/** Is its kubelet heard of? */
export const isReady = (node: KubernetesObject): boolean => nodeConditionOf(node, "Ready") === "True"

export class Nodes {
  readonly #fates = new Map<string, Fate>()

  see({ at, before, isDeleted, object }: Change): void {
    if (object.kind === "Event") return this.#eventSeen(object, at)
    const fate = this.#of(object.metadata.name)
    if (isDeleted || !isReady(object)) {
      // A node that has never been ready was not lost.
      if (fate.lostAt === undefined && before !== undefined && isReady(before)) fate.changedAt = at
      fate.lostAt ??= at
    } else if (fate.lostAt !== undefined) {
      fate.lostAt = undefined
      fate.changedAt = at
    }
    const boot = bootOf(object)
    if (boot === undefined || boot === fate.boot) return
    // Another machine of the same name has not what the one before had, either.
    if (fate.boot !== undefined) fate.bootedAt = at
    fate.boot = boot
  }

  /** `Starting kubelet.` is said by a kubelet that begins; by the first one of a node, too. */
  #eventSeen(event: KubernetesObject, at: Instant): void {
    const regarding = isJsonObject(event.involvedObject) ? event.involvedObject : event.regarding
    if (event.reason !== "Starting" || !isJsonObject(regarding) || regarding.kind !== "Node") return
    this.#of(String(regarding.name)).kubeletStartedAt = at
  }

  #of(name: string): Fate {
    const known = this.#fates.get(name)
    if (known !== undefined) return known
    const made = {
      boot: undefined,
      lostAt: undefined,
      changedAt: undefined,
      bootedAt: undefined,
      kubeletStartedAt: undefined
    }
    this.#fates.set(name, made)
    return made
  }

  /** Was it, at any moment since then, not ready, or not there? */
  wasLost(name: string, since: Instant): boolean {
    const fate = this.#fates.get(name)
    if (fate === undefined) return false
    return fate.lostAt !== undefined || (fate.changedAt !== undefined && fate.changedAt >= since)
  }

  hasBooted(name: string, since: Instant): boolean {
    const at = this.#fates.get(name)?.bootedAt
    return at !== undefined && at >= since
  }

  hasRestartedKubelet(name: string, since: Instant): boolean {
    const at = this.#fates.get(name)?.kubeletStartedAt
    return at !== undefined && at >= since
  }
}
