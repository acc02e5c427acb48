/** How controllers make and delete pods, and what they say of it (`pkg/controller/controller_utils.go`, RealPodControl; C-261…C-263). */
import { type JsonObject, type KubernetesObject, type PodObject, podOfTemplate, type Status } from "@kubereel/core"
import { refusalOf, storedOf } from "../client/Client.ts"
import { type Course, together } from "../client/Course.ts"
import { type ControllerTools, eventAbout } from "./ControllerContext.ts"

const NAMESPACE_TERMINATING = "NamespaceTerminating"

/** apierrors.HasStatusCause for a namespace that goes away: nothing can be made in it, and nothing is said. */
export const isNamespaceTerminating = ({ details }: Status): boolean => {
  const causes = details?.["causes"]
  return (
    Array.isArray(causes) &&
    causes.some(
      (cause) =>
        typeof cause === "object" && cause !== null && "reason" in cause && cause["reason"] === NAMESPACE_TERMINATING
    )
  )
}

export class PodControl {
  readonly #tools: ControllerTools
  readonly #wrote: (owner: KubernetesObject, pod: KubernetesObject) => void

  /** `wrote`: told of each pod that was stored. */
  constructor(tools: ControllerTools, wrote: (owner: KubernetesObject, pod: KubernetesObject) => void = () => {}) {
    this.#tools = tools
    this.#wrote = wrote
  }

  createPod(template: JsonObject, owner: KubernetesObject): Course<Status | undefined> {
    return this.create(podOfTemplate(template, owner), owner)
  }

  /** The refusal, if it is one. */
  *create(pod: KubernetesObject, owner: KubernetesObject): Course<Status | undefined> {
    const { client, events } = this.#tools
    const answer = yield* client.create(pod, owner.metadata.namespace ?? "")
    const refusal = refusalOf(answer)
    if (refusal !== undefined) {
      if (!isNamespaceTerminating(refusal))
        events.record(eventAbout(owner, "Warning", "FailedCreate", `Error creating: ${refusal.message}`))
      return refusal
    }
    const stored = storedOf(answer)
    if (stored !== undefined) this.#wrote(owner, stored)
    events.record(eventAbout(owner, "Normal", "SuccessfulCreate", `Created pod: ${stored?.metadata.name ?? ""}`))
    return undefined
  }

  /** The refusal, if it is one; a pod that is gone already is told to nobody. */
  *delete({ metadata }: PodObject, owner: KubernetesObject): Course<Status | undefined> {
    const { client, events } = this.#tools
    const { name, namespace = "" } = metadata
    const refusal = refusalOf(yield* client.delete({ kind: "Pod", namespace, name }))
    if (refusal?.code === 404) return refusal
    events.record(
      refusal === undefined
        ? eventAbout(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${name}`)
        : eventAbout(owner, "Warning", "FailedDelete", `Error deleting: ${refusal.message}`)
    )
    return refusal
  }
}

export interface Batch<Failure> {
  readonly successes: number
  /** The first of the batch in which something failed. */
  readonly failure: Failure | undefined
}

/** slowStartBatch: 1, 2, 4… at a time, until a batch in which one failed (C-263). */
export function* slowStartBatch<Failure>(
  { engine, entity }: Pick<ControllerTools, "engine" | "entity">,
  count: number,
  call: (index: number) => Course<Failure | undefined>
): Course<Batch<Failure>> {
  let successes = 0
  let begun = 0
  for (let size = Math.min(count, 1); size > 0; size = Math.min(2 * size, count - begun)) {
    const first = begun
    const refusals = yield* together(
      engine,
      entity,
      Array.from({ length: size }, (_, i) => call(first + i))
    )
    const failed = refusals.filter((refusal) => refusal !== undefined)
    successes += size - failed.length
    begun += size
    if (failed.length > 0) return { successes, failure: failed[0] }
  }
  return { successes, failure: undefined }
}
