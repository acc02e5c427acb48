/** May an object be made under the quotas of its namespace, and what do they say afterwards (`k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go`, CheckRequest; C-020)? */
import { Result } from "effect"
import type { Instant } from "../../../event/Instant.ts"
import { isJsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { countedNames, type Evaluator, isInScopes } from "../../quota/Evaluator.ts"
import { evaluatorOf } from "../../quota/evaluators.ts"
import {
  type Amounts,
  add,
  amountsOf,
  exceeding,
  listOf,
  mask,
  shown,
  subtract,
  withoutZeros
} from "../../quota/ResourceList.ts"
import { mapping } from "../fields.ts"
import { apiResource } from "../resources.ts"
import { forbidden, type Status } from "../status.ts"

export interface QuotaRequest {
  readonly object: KubernetesObject
  /** What it replaces: an update is charged for what it takes beyond that. */
  readonly old?: KubernetesObject
  /** Through which the update came. */
  readonly subresource?: string
  readonly now: Instant
}

/** Does the quota count such objects, and this one among them? */
const concerns = (evaluator: Evaluator, quota: KubernetesObject, object: KubernetesObject): boolean =>
  countedNames(evaluator, mapping(quota, "status")["hard"]).length > 0 && isInScopes(evaluator, quota, object)

/** Why the quota cannot be asked, or why the object does not fit its rules. */
const unfit = (evaluator: Evaluator, quota: KubernetesObject, object: KubernetesObject): string | undefined => {
  const { hard, used } = mapping(quota, "status")
  const { name } = quota.metadata
  const names = countedNames(evaluator, hard)
  const broken = evaluator.constraints(names, object)
  if (broken !== undefined) return `failed quota: ${name}: ${broken}`
  const known = isJsonObject(used) ? used : {}
  return names.every((one) => known[one] !== undefined)
    ? undefined
    : `status unknown for quota: ${name}, resources: ${[...names].sort().join(",")}`
}

const charge = (quota: KubernetesObject, delta: Amounts): Result.Result<KubernetesObject, string> => {
  const status = mapping(quota, "status")
  const [hard, used] = [amountsOf(status["hard"]), amountsOf(status["used"])]
  const requested = mask(delta, new Set(hard.keys()))
  const next = add(used, requested)
  const over = exceeding(mask(next, new Set(requested.keys())), hard)
  if (over.size > 0) {
    const told = [requested, used, hard].map((amounts) => shown(mask(amounts, over)))
    return Result.fail(
      `exceeded quota: ${quota.metadata.name}, requested: ${told[0]}, used: ${told[1]}, limited: ${told[2]}`
    )
  }
  return Result.succeed(requested.size === 0 ? quota : { ...quota, status: { ...status, used: listOf(next) } })
}

/** The quotas that the object is charged to, as they have to be stored before it is; 403 if it does not fit. */
export const chargeQuotas = (
  quotas: ReadonlyArray<KubernetesObject>,
  { now, object, old, subresource = "" }: QuotaRequest
): Result.Result<ReadonlyArray<KubernetesObject>, Status> => {
  const evaluator = evaluatorOf(object.kind)
  if (old !== undefined && subresource !== "resize" && !evaluator.handlesUpdate(object, old)) return Result.succeed([])
  const refuse = (why: string) => Result.fail(forbidden(apiResource(object.kind), object.metadata.name, why))
  const usage = evaluator.usage(object, now)
  const changed: Array<KubernetesObject> = []
  const pertinent = quotas.filter((quota) => concerns(evaluator, quota, object))
  for (const quota of pertinent) {
    const why = unfit(evaluator, quota, object)
    if (why !== undefined) return refuse(why)
  }
  for (const quota of pertinent) {
    const before = old !== undefined && concerns(evaluator, quota, old) ? evaluator.usage(old, now) : undefined
    const delta = withoutZeros(before === undefined ? usage : subtract(usage, before))
    if (delta.size === 0) continue
    const charged = charge(quota, delta)
    if (Result.isFailure(charged)) return refuse(charged.failure)
    if (charged.success !== quota) changed.push(charged.success)
  }
  return Result.succeed(changed)
}
