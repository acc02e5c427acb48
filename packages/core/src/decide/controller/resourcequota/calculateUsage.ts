/** What a quota's status says of what there is (`pkg/controller/resourcequota/resource_quota_controller.go`, syncResourceQuota). */
import type { Instant } from "../../../event/Instant.ts"
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { mapping } from "../../apiserver/fields.ts"
import { countedNames, isInScopes } from "../../quota/Evaluator.ts"
import { evaluatorOf } from "../../quota/evaluators.ts"
import { type Amounts, add, amountsOf, listOf, mask, sameAmounts, ZERO } from "../../quota/ResourceList.ts"

/** Does the quota count objects of that kind? */
export const countsKind = (quota: KubernetesObject, kind: string): boolean =>
  countedNames(evaluatorOf(kind), mapping(mapping(quota, "spec"), "hard")).length > 0

const usedBy = (
  quota: KubernetesObject,
  kind: string,
  objects: ReadonlyArray<KubernetesObject>,
  now: Instant
): Amounts => {
  const evaluator = evaluatorOf(kind)
  const names = countedNames(evaluator, mapping(mapping(quota, "spec"), "hard"))
  const none: Amounts = new Map(names.map((name) => [name, ZERO]))
  const counted = objects.filter((object) => isInScopes(evaluator, quota, object))
  return counted.reduce<Amounts>((sum, object) => add(sum, evaluator.usage(object, now)), none)
}

/** The status to write; `undefined`: what is there says it already. `objects`: those of a kind in the quota's namespace. */
export const quotaStatus = (
  quota: KubernetesObject,
  kinds: ReadonlyArray<string>,
  objects: (kind: string) => ReadonlyArray<KubernetesObject>,
  now: Instant
): JsonObject | undefined => {
  const hard = amountsOf(mapping(quota, "spec")["hard"])
  const old = mapping(quota, "status")
  const counted = kinds.filter((kind) => countsKind(quota, kind))
  const found = counted.reduce<Amounts>((sum, kind) => add(sum, usedBy(quota, kind, objects(kind), now)), new Map())
  const used = mask(new Map([...amountsOf(old["used"]), ...found]), new Set(hard.keys()))
  const same =
    old["used"] !== undefined && sameAmounts(hard, amountsOf(old["hard"])) && sameAmounts(used, amountsOf(old["used"]))
  return same ? undefined : { hard: listOf(hard), used: listOf(used) }
}
