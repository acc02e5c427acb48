/** Counts what each budget's pods allow, and takes back what was said of pods that nobody deleted (`pkg/controller/disruption/disruption.go`; C-351…C-353). */
import {
  budgetStatus,
  controllerOf,
  countsScales,
  disruptedPods,
  expectedPods,
  failedBudgetStatus,
  isPod,
  type JsonObject,
  type KubernetesObject,
  MILLISECOND,
  noScale,
  type OwnerReference,
  type PodObject,
  scaleOf,
  staleDisruptionIn,
  unmanagedPods,
  updatedPodCondition,
  withPodCondition
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools, eventAbout } from "../ControllerContext.ts"
import { keyOf, resolveControllerRef, splitKey } from "../keys.ts"
import { BudgetPods } from "./BudgetPods.ts"

/** By how much later it looks again: the queue for that adds to the other one as for a first failure. */
const RECHECK = 5 * MILLISECOND

type Scale = number | { readonly failure: string }

/** Whose sizes the caches know. */
const controllers: ReadonlyArray<string> = ["ReplicationController", "ReplicaSet", "StatefulSet", "Deployment"]

class DisruptionController {
  readonly #tools: ControllerTools
  readonly #pods: BudgetPods
  readonly #queue: WorkQueue
  readonly #stale: WorkQueue

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#pods = new BudgetPods(informers)
    const queue = (name: string, sync: (key: string) => Course<Synced>) =>
      new WorkQueue({ engine, entity: `${entity}${name}`, workers: 1, sync })
    this.#queue = queue("", (key) => this.#sync(key))
    this.#stale = queue("/stale", (key) => this.#syncStale(key))
    informers.on("PodDisruptionBudget", {
      added: (budget) => this.#budgetChanged(budget),
      updated: (budget, old) => this.#budgetChanged(budget, old),
      deleted: (budget) => this.#pods.budgetGone(budget)
    })
    informers.on("Pod", {
      added: (pod) => isPod(pod) && this.#podChanged(pod),
      updated: (pod) => isPod(pod) && this.#podChanged(pod),
      deleted: (pod) => {
        if (!isPod(pod)) return
        this.#pods.podGone(pod)
        this.#wake(pod)
      }
    })
  }

  #budgetChanged(budget: KubernetesObject, old?: KubernetesObject): void {
    this.#pods.budgetChanged(budget, old)
    this.#queue.add(keyOf(budget))
  }

  #podChanged(pod: PodObject): void {
    this.#pods.podChanged(pod)
    this.#wake(pod)
    const stale = staleDisruptionIn(pod, this.#tools.engine.now)
    if (stale !== undefined) this.#stale.addAfter(keyOf(pod), stale)
  }

  /** The budget of the pod; of several only one (getPdbForPod). */
  #wake(pod: PodObject): void {
    const [budget, ...others] = this.#pods.budgetsOf(pod)
    if (budget === undefined) return
    const { name, namespace } = pod.metadata
    const several = `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${budget.metadata.name}" arbitrarily.`
    if (others.length > 0)
      this.#tools.events.record(eventAbout(pod, "Warning", "MultiplePodDisruptionBudgets", several))
    this.#queue.add(keyOf(budget))
  }

  *#sync(key: string): Course<Synced> {
    const budget = this.#tools.informers.get("PodDisruptionBudget", ...splitKey(key))
    if (budget === undefined) return undefined
    const pods = this.#pods.podsOf(budget)
    const { events } = this.#tools
    if (pods.length === 0) events.record(eventAbout(budget, "Normal", "NoPods", "No matching pods found"))
    const scale = countsScales(budget) ? yield* this.#expectedScale(budget, pods) : pods.length
    if (typeof scale !== "number") {
      const message = `Failed to calculate the number of expected pods: ${scale.failure}`
      events.record(eventAbout(budget, "Warning", "CalculateExpectedPodCountFailed", message))
      return yield* this.#fail(budget, scale.failure)
    }
    return yield* this.#count(budget, pods, scale)
  }

  *#count(budget: KubernetesObject, pods: ReadonlyArray<PodObject>, scale: number): Course<Synced> {
    const { now } = this.#tools.engine
    const expected = expectedPods(budget, scale) ?? { expected: 0, desired: 0 }
    const disrupted = disruptedPods(budget, pods, now)
    const { namespace } = budget.metadata
    const notDeleted = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`
    for (const pod of disrupted.notDeleted)
      this.#tools.events.record(eventAbout(pod, "Warning", "NotDeleted", notDeleted))
    const status = budgetStatus(budget, pods, { ...expected, disrupted: disrupted.pods }, now)
    if (status !== undefined) {
      const refusal = yield* this.#write(budget, status)
      // A conflict is tried again; anything else is said in the status, as far as that can be written.
      if (refusal?.code === 409) return "retry"
      if (refusal !== undefined) return yield* this.#fail(budget, refusal.message ?? "")
    }
    return disrupted.recheck === undefined ? undefined : { after: disrupted.recheck - now + RECHECK }
  }

  *#write(budget: KubernetesObject, status: JsonObject) {
    return refusalOf(yield* this.#tools.client.update({ ...budget, status }, "status"))
  }

  *#fail(budget: KubernetesObject, message: string): Course<Synced> {
    const status = failedBudgetStatus(budget, message, this.#tools.engine.now)
    return (yield* this.#write(budget, status)) === undefined ? undefined : "retry"
  }

  /** getExpectedScale: what the controllers of its pods want, together; pods that nobody controls do not count. */
  *#expectedScale(budget: KubernetesObject, pods: ReadonlyArray<PodObject>): Course<Scale> {
    const scales = new Map<string, number>()
    const known = new Set<string>()
    let unmanaged = false
    for (const pod of pods) {
      const owner = controllerOf(pod)
      unmanaged ||= owner === undefined
      if (owner === undefined || known.has(owner.uid)) continue
      const found = yield* this.#find(owner, pod)
      if (typeof found === "string") return { failure: found }
      known.add(owner.uid)
      scales.set(found.metadata.uid ?? "", scaleOf(found))
    }
    if (unmanaged) this.#tools.events.record(eventAbout(budget, "Warning", "UnmanagedPods", unmanagedPods(budget)))
    return [...scales.values()].reduce((sum, scale) => sum + scale, 0)
  }

  /** The finders in their order: who says how many pods there are, or why nobody does. */
  *#find(owner: OwnerReference, pod: PodObject): Course<KubernetesObject | string> {
    const { namespace = "" } = pod.metadata
    const cached = this.#cached(owner, namespace)
    const above = cached?.kind === "ReplicaSet" ? controllerOf(cached) : undefined
    const deployment = above?.kind === "Deployment" ? this.#cached(above, namespace) : undefined
    if (deployment !== undefined) return deployment
    if (cached !== undefined && above?.kind !== "Deployment") return cached
    const refusal = noScale(owner)
    if (refusal !== undefined) return refusal
    const live = yield* this.#tools.client.get({ kind: owner.kind, namespace, name: owner.name })
    return live?.metadata.uid === owner.uid ? live : `found no controllers for pod "${pod.metadata.name}"`
  }

  #cached(owner: OwnerReference, namespace: string): KubernetesObject | undefined {
    const { kind } = owner
    if (!controllers.includes(kind)) return undefined
    return resolveControllerRef(this.#tools.informers, kind, namespace, owner)
  }

  /** Somebody said that the pod is disrupted, and then did not delete it (C-353). */
  *#syncStale(key: string): Course<Synced> {
    const { client, engine, informers } = this.#tools
    const pod = informers.get("Pod", ...splitKey(key))
    if (pod === undefined || !isPod(pod)) return undefined
    const left = staleDisruptionIn(pod, engine.now)
    if (left === undefined || left > 0) return left === undefined ? undefined : { after: left }
    const told = { type: "DisruptionTarget", status: "False", observedGeneration: pod.metadata.generation }
    const condition = updatedPodCondition(pod, told, engine.now)
    if (condition === undefined) return undefined
    const status = { ...pod.status, conditions: withPodCondition(pod, condition) }
    return refusalOf(yield* client.update({ ...pod, status }, "status")) === undefined ? undefined : "retry"
  }
}

export const startDisruptionController = (context: ControllerContext): void => {
  for (const kind of controllers) context.informers.on(kind, {})
  new DisruptionController(controllerTools(context, "disruption", "controllermanager"))
}
