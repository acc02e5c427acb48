/** What a pod gets from its RuntimeClass, and why it is refused for it (`plugin/pkg/admission/runtimeclass/admission.go`, `pkg/util/tolerations/tolerations.go`). */
import { Result } from "effect"
import { isJsonObject, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { compareQuantity, parseQuantity } from "../../../event/Quantity.ts"
import { entries, integer, mapping, text } from "../fields.ts"
import { forbidden, pods, type Status } from "../status.ts"

/** `undefined`: there is none of that name. */
export type RuntimeClassLookup = (name: string) => KubernetesObject | undefined

/** "" for that of the node's runtime. */
export const runtimeClassName = (spec: JsonObject): string => text(spec, "runtimeClassName")

const overheadOf = (runtimeClass: JsonObject): JsonObject | undefined => {
  const overhead = runtimeClass["overhead"]
  return isJsonObject(overhead) ? mapping(overhead, "podFixed") : undefined
}

const sameAmounts = (a: JsonObject, b: JsonObject): boolean => {
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [one, other] = [parseQuantity(String(a[name])), parseQuantity(String(b[name]))]
      return one !== undefined && other !== undefined && compareQuantity(one, other) === 0
    })
  )
}

/** Does one tolerate all that the other one does? */
const isSuperset = (wide: JsonObject, narrow: JsonObject): boolean => {
  if (jsonEqual(wide, narrow)) return true
  const [key, operator, effect] = [text(wide, "key"), text(wide, "operator"), text(wide, "effect")]
  if (text(narrow, "key") !== key && (key !== "" || operator !== "Exists")) return false
  if (text(narrow, "effect") !== effect && effect !== "") return false
  const [lasts, asked] = [integer(wide, "tolerationSeconds"), integer(narrow, "tolerationSeconds")]
  if (effect === "NoExecute" && lasts !== undefined && (asked === undefined || asked > lasts)) return false
  if (operator === "Exists") return true
  const isEqual = operator === "" || operator === "Equal"
  return isEqual && text(narrow, "operator") === "Equal" && text(narrow, "value") === text(wide, "value")
}

/** Those that others make needless are left out; of two that are equal the first stays. */
const mergeTolerations = (all: ReadonlyArray<JsonObject>): ReadonlyArray<JsonObject> => {
  const merged: Array<JsonObject> = []
  for (const [i, one] of all.entries()) {
    const isNeedless =
      merged.some((kept) => isSuperset(kept, one)) ||
      all.slice(i + 1).some((later) => !jsonEqual(one, later) && isSuperset(later, one))
    if (!isNeedless) merged.push(one)
  }
  return merged
}

const MISMATCH = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"

const withOverhead = (spec: JsonObject, overhead: JsonObject | undefined): JsonObject | undefined => {
  if (overhead === undefined) return spec
  const own = mapping(spec, "overhead")
  return Object.keys(own).length > 0 && !sameAmounts(own, overhead) ? undefined : { ...spec, overhead }
}

/** Both must fit: a label of which they want something else is a conflict. */
const withScheduling = (spec: JsonObject, scheduling: JsonObject): Result.Result<JsonObject, string> => {
  const [own, theirs] = [mapping(spec, "nodeSelector"), mapping(scheduling, "nodeSelector")]
  const label = Object.keys(theirs).find((key) => Object.hasOwn(own, key) && own[key] !== theirs[key])
  if (label !== undefined) {
    const said = `runtimeClass.scheduling.nodeSelector[${label}] = ${theirs[label]}`
    return Result.fail(`conflict: ${said}; pod.spec.nodeSelector[${label}] = ${own[label]}`)
  }
  const tolerations = mergeTolerations([...entries(spec, "tolerations"), ...entries(scheduling, "tolerations")])
  const nodeSelector = { ...own, ...theirs }
  return Result.succeed({
    ...spec,
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector }),
    ...(tolerations.length === 0 ? {} : { tolerations: [...tolerations] })
  })
}

/** Admit: `spec` with what its class adds to it. */
export const admitRuntimeClass = (
  spec: JsonObject,
  podName: string,
  runtimeClass: KubernetesObject | undefined
): Result.Result<JsonObject, Status> => {
  const refuse = (why: string) => Result.fail(forbidden(pods, podName, why))
  const name = runtimeClassName(spec)
  if (name === "") return Result.succeed(spec)
  if (runtimeClass === undefined) return refuse(`pod rejected: RuntimeClass ${JSON.stringify(name)} not found`)
  const given = withOverhead(spec, overheadOf(runtimeClass as unknown as JsonObject))
  if (given === undefined) return refuse(MISMATCH)
  const { scheduling } = runtimeClass as unknown as JsonObject
  if (!isJsonObject(scheduling)) return Result.succeed(given)
  const merged = withScheduling(given, scheduling)
  return Result.isFailure(merged) ? refuse(merged.failure) : Result.succeed(merged.success)
}

/** Validate: what a runtime needs for itself is its class's to say. */
export const refusedOverhead = (pod: PodObject, runtimeClass: KubernetesObject | undefined): Status | undefined => {
  const own = (pod.spec as unknown as JsonObject)["overhead"]
  if (!isJsonObject(own) || (runtimeClass !== undefined && isJsonObject(runtimeClass["overhead"]))) return undefined
  const why = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
  return forbidden(pods, pod.metadata.name, why)
}
