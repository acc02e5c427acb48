/** Makes, mends and deletes the pods of StatefulSets and their claims, and says so (`pkg/controller/statefulset/stateful_pod_control.go`; C-289, C-290). */
import {
  asItShouldBe,
  claimsOf,
  hasUnexpectedController,
  isAsItShouldBe,
  isClaimOwnerUpToDate,
  isStaleClaim,
  type KubernetesObject,
  type PodObject,
  type Status,
  withClaimOwners
} from "@kubereel/core"
import { refusalOf, storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type ControllerTools, eventAbout } from "../ControllerContext.ts"

/** What went wrong, in words. */
export type Problem = string | undefined

const messageOf = (refusal: Status): string => refusal.message ?? ""

export class StatefulPodControl {
  readonly #tools: ControllerTools
  readonly #wrote: (set: KubernetesObject, stored: KubernetesObject) => void

  constructor(tools: ControllerTools, wrote: (set: KubernetesObject, stored: KubernetesObject) => void) {
    this.#tools = tools
    this.#wrote = wrote
  }

  /** The claims of the pod, then the pod. */
  *create(set: KubernetesObject, pod: PodObject): Course<Problem> {
    const unclaimed = yield* this.createClaims(set, pod)
    if (unclaimed !== undefined) return this.#tell("Create", set, pod, unclaimed)
    const { status: _, ...manifest } = pod
    const answer = yield* this.#tools.client.create(manifest as KubernetesObject, set.metadata.namespace ?? "")
    const refusal = refusalOf(answer)
    if (refusal?.reason === "AlreadyExists") return messageOf(refusal)
    this.#stored(set, storedOf(answer))
    const kept = yield* this.keepClaims(set, pod)
    if (kept !== undefined) return this.#tell("Update", set, pod, kept)
    return this.#tell("Create", set, pod, refusal && messageOf(refusal))
  }

  /** Gives a pod back what makes it one of its set. */
  *update(set: KubernetesObject, pod: PodObject): Course<Problem> {
    if (!isAsItShouldBe(set, pod)) {
      const unclaimed = yield* this.createClaims(set, pod)
      if (unclaimed !== undefined) return this.#tell("Update", set, pod, unclaimed)
    }
    const kept = yield* this.keepClaims(set, pod)
    if (kept !== undefined) return this.#tell("Update", set, pod, kept)
    const answer = yield* this.#tools.client.update(asItShouldBe(set, pod))
    this.#stored(set, storedOf(answer))
    const refusal = refusalOf(answer)
    return this.#tell("Update", set, pod, refusal && messageOf(refusal))
  }

  *delete(set: KubernetesObject, pod: PodObject): Course<Problem> {
    const { name, namespace = "" } = pod.metadata
    const refusal = refusalOf(yield* this.#tools.client.delete({ kind: "Pod", namespace, name }))
    return this.#tell(
      "Delete",
      set,
      pod,
      refusal === undefined || refusal.code === 404 ? undefined : messageOf(refusal)
    )
  }

  /** createPersistentVolumeClaims. */
  *createClaims(set: KubernetesObject, pod: PodObject): Course<Problem> {
    const { client, events } = this.#tools
    const problems: Array<string> = []
    for (const { claim } of claimsOf(set, pod)) {
      const { name } = claim.metadata
      const known = this.#claim(set, name)
      if (known?.metadata.deletionTimestamp !== undefined) problems.push(`pvc ${name} is being deleted`)
      if (known !== undefined) continue
      const answer = yield* client.create(claim, set.metadata.namespace ?? "")
      this.#stored(set, storedOf(answer))
      const refusal = refusalOf(answer)
      if (refusal !== undefined) problems.push(`failed to create PVC ${name}: ${messageOf(refusal)}`)
      if (refusal?.reason === "AlreadyExists") continue
      const of = `Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
      events.record(
        refusal === undefined
          ? eventAbout(set, "Normal", "SuccessfulCreate", `Create Claim ${name} ${of} success`)
          : eventAbout(
              set,
              "Warning",
              "FailedCreate",
              `Create Claim ${name} for ${of} failed error: ${messageOf(refusal)}`
            )
      )
    }
    return problems.length === 0 ? undefined : problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`
  }

  /** ClaimsMatchRetentionPolicy. */
  claimsAreKept(set: KubernetesObject, pod: PodObject): boolean {
    return this.#claims(set, pod).every((claim) => isClaimOwnerUpToDate(claim, { set, pod }))
  }

  /** UpdatePodClaimForRetentionPolicy. */
  *keepClaims(set: KubernetesObject, pod: PodObject): Course<Problem> {
    const { client, events } = this.#tools
    for (const claim of this.#claims(set, pod)) {
      const { name } = claim.metadata
      if (hasUnexpectedController(claim, { set, pod })) {
        const message = `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`
        events.record(eventAbout(set, "Warning", "ConflictingController", message))
      }
      if (isClaimOwnerUpToDate(claim, { set, pod })) continue
      const answer = yield* client.update(withClaimOwners(claim, { set, pod }))
      this.#stored(set, storedOf(answer))
      const refusal = refusalOf(answer)
      if (refusal !== undefined)
        return `could not update claim ${name} for delete policy ownerRefs: ${messageOf(refusal)}`
    }
    return undefined
  }

  /** PodClaimIsStale: the claim goes with another life of the pod, and nothing can be done until it is gone. */
  isClaimStale(set: KubernetesObject, pod: PodObject): boolean {
    const policy = (set["spec"] as { persistentVolumeClaimRetentionPolicy?: { whenScaled?: string } })
      .persistentVolumeClaimRetentionPolicy
    return policy?.whenScaled === "Delete" && this.#claims(set, pod).some((claim) => isStaleClaim(claim, pod))
  }

  #claims(set: KubernetesObject, pod: PodObject): ReadonlyArray<KubernetesObject> {
    return claimsOf(set, pod).flatMap(({ claim }) => this.#claim(set, claim.metadata.name) ?? [])
  }

  #claim(set: KubernetesObject, name: string): KubernetesObject | undefined {
    return this.#tools.informers.get("PersistentVolumeClaim", set.metadata.namespace, name)
  }

  #stored(set: KubernetesObject, stored: KubernetesObject | undefined): void {
    if (stored !== undefined) this.#wrote(set, stored)
  }

  #tell(verb: "Create" | "Update" | "Delete", set: KubernetesObject, pod: PodObject, problem: Problem): Problem {
    const what = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
    this.#tools.events.record(
      problem === undefined
        ? eventAbout(set, "Normal", `Successful${verb}`, `${what} successful`)
        : eventAbout(set, "Warning", `Failed${verb}`, `${what} failed error: ${problem}`)
    )
    return problem
  }
}
