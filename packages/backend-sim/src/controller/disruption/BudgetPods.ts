/** Which pods each budget selects, kept as pods come and go, so that nobody looks through all of a namespace (`policy/v1` listers). */
import { isJsonObject, isPod, jsonEqual, type KubernetesObject, type PodObject, selects } from "@kubereel/core"
import type { SharedInformers } from "../../client/SharedInformers.ts"
import { indexByNamespace, inNamespace, keyOf, selecting } from "../keys.ts"

const KIND = "PodDisruptionBudget"

const selectorOf = ({ spec }: KubernetesObject) => (isJsonObject(spec) ? spec["selector"] : undefined)

export class BudgetPods {
  readonly #informers: SharedInformers
  /** By the key of the budget, then of the pod. */
  readonly #selected = new Map<string, Map<string, PodObject>>()

  constructor(informers: SharedInformers) {
    this.#informers = informers
    indexByNamespace(informers, KIND)
  }

  /** GetPodPodDisruptionBudgets. */
  budgetsOf(pod: PodObject): ReadonlyArray<KubernetesObject> {
    return this.#selected.size === 0 ? [] : selecting(this.#informers, KIND, pod)
  }

  podsOf(budget: KubernetesObject): ReadonlyArray<PodObject> {
    return [...(this.#selected.get(keyOf(budget))?.values() ?? [])]
  }

  podChanged(pod: PodObject): void {
    if (this.#selected.size === 0) return
    for (const budget of inNamespace(this.#informers, KIND, pod.metadata.namespace)) {
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
