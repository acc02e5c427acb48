/** Which pods each budget selects, kept as pods come and go, so that nobody looks through all of a namespace (`policy/v1` listers). */
import { isJsonObject, isPod, jsonEqual, type KubernetesObject, type PodObject, selects } from "@kubereel/core"
import type { SharedInformers } from "../../client/SharedInformers.ts"
import { keyOf } from "../keys.ts"

const NAMESPACE = "namespace"

const selectorOf = ({ spec }: KubernetesObject) => (isJsonObject(spec) ? spec["selector"] : undefined)

export class BudgetPods {
  readonly #informers: SharedInformers
  /** By the key of the budget, then of the pod. */
  readonly #selected = new Map<string, Map<string, PodObject>>()

  constructor(informers: SharedInformers) {
    this.#informers = informers
    informers.index("PodDisruptionBudget", NAMESPACE, ({ metadata }) => [metadata.namespace ?? ""])
  }

  /** GetPodPodDisruptionBudgets. */
  budgetsOf({ metadata }: PodObject): ReadonlyArray<KubernetesObject> {
    if (this.#selected.size === 0) return []
    return this.#informers
      .byIndex("PodDisruptionBudget", NAMESPACE, metadata.namespace ?? "")
      .filter((budget) => selects(selectorOf(budget), metadata.labels))
  }

  podsOf(budget: KubernetesObject): ReadonlyArray<PodObject> {
    return [...(this.#selected.get(keyOf(budget))?.values() ?? [])]
  }

  podChanged(pod: PodObject): void {
    if (this.#selected.size === 0) return
    for (const budget of this.#informers.byIndex("PodDisruptionBudget", NAMESPACE, pod.metadata.namespace ?? "")) {
      const selected = this.#selected.get(keyOf(budget))
      if (selects(selectorOf(budget), pod.metadata.labels)) selected?.set(keyOf(pod), pod)
      else selected?.delete(keyOf(pod))
    }
  }

  podGone(pod: PodObject): void {
    for (const budget of this.budgetsOf(pod)) this.#selected.get(keyOf(budget))?.delete(keyOf(pod))
  }

  /** `old`: `undefined` for a new one. */
  budgetChanged(budget: KubernetesObject, old: KubernetesObject | undefined): void {
    if (old !== undefined && jsonEqual(selectorOf(old) ?? null, selectorOf(budget) ?? null)) return
    const pods = this.#informers
      .list("Pod")
      .filter(isPod)
      .filter(
        ({ metadata }) =>
          metadata.namespace === budget.metadata.namespace && selects(selectorOf(budget), metadata.labels)
      )
    this.#selected.set(keyOf(budget), new Map(pods.map((pod) => [keyOf(pod), pod])))
  }

  budgetGone(budget: KubernetesObject): void {
    this.#selected.delete(keyOf(budget))
  }
}
