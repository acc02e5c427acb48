/** L93: what has come to an end stays so, and what has succeeded counts; when fewer completions are asked for, they are counted anew. */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { and, because, stable, transition, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ObjectSeen, object } from "../slice/object.ts"

const part = (job: KubernetesObject, field: "spec" | "status"): JsonObject => {
  const found = job[field]
  return isJsonObject(found) ? found : {}
}

const has = (type: string) =>
  when(type, ({ object: job }: ObjectSeen) => {
    const { conditions } = part(job, "status")
    const found = Array.isArray(conditions)
      ? (conditions as ReadonlyArray<JsonObject>).find((condition) => condition.type === type)
      : undefined
    return because(found?.status === "True", () => `${type}=${String(found?.status ?? "(none)")}`)
  })

const succeeded = (job: KubernetesObject): number => Number(part(job, "status").succeeded ?? 0)

const countKept = transition("succeeded never falls", ({ before, object: job }: ObjectSeen) => {
  if (before === undefined) return true
  const [was, is] = [succeeded(before.object), succeeded(job)]
  const isAnother = part(before.object, "spec").completions !== part(job, "spec").completions
  return because(is >= was || isAnother, () => `succeeded ${was} → ${is}`)
})

export const jobEndsOnce = property(
  "L93",
  {
    name: "job/ends-once",
    says: "A job that is complete or failed stays so, and never has fewer pods that succeeded",
    source: "pkg/apis/batch/validation/validation.go, ValidateJobStatusUpdate",
    each: object.of("Job")
  },
  () => and(stable(has("Complete")), stable(has("Failed")), countKept)
)
