/**
 * Jobs and CronJobs as Kubernetes' own strategies judge them: `goJobs.json` is what `pkg/registry/batch` 1.36.3 answered, asked in Go.
 * An update and a status are given as a merge patch of the stored object.
 */
import { readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import { mergePatch } from "../../../../src/decide/apiserver/mergePatch.ts"
import type { FieldError, Status } from "../../../../src/decide/apiserver/status.ts"
import { updateObject } from "../../../../src/decide/apiserver/updateObject.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"
import { identity } from "../../controller/job/jobs.ts"

interface Case {
  readonly what: "job" | "cronJob" | "jobUpdate" | "cronJobUpdate" | "jobStatus"
  readonly name: string
  readonly manifest: KubernetesObject
  /** Of the stored object, for an update. */
  readonly status?: JsonObject
  readonly patch?: JsonObject
  readonly errors: ReadonlyArray<FieldError>
}

const cases: ReadonlyArray<Case> = JSON.parse(readFileSync(`${import.meta.dirname}/goJobs.json`, "utf8"))

const errorsOf = (answer: Result.Result<KubernetesObject, Status>): ReadonlyArray<FieldError> =>
  Result.isSuccess(answer)
    ? []
    : ((answer.failure.details?.["causes"] ?? []) as unknown as ReadonlyArray<JsonObject>).map((cause) => ({
        reason: String(cause["reason"]),
        field: String(cause["field"]),
        body: String(cause["message"])
      }))

const asked = ({ manifest, patch, status, what }: Case): ReadonlyArray<FieldError> => {
  const made = createObject(manifest, identity)
  if (patch === undefined) return errorsOf(made)
  const object = Result.getOrThrow(made)
  const old = { ...object, status: { ...(object["status"] as JsonObject), ...status } }
  return errorsOf(updateObject(old, mergePatch(old, patch) as JsonObject, what === "jobStatus" ? "status" : ""))
}

/** Go goes through maps in any order. */
const sorted = (errors: ReadonlyArray<FieldError>): ReadonlyArray<FieldError> =>
  [...errors].sort((a, b) => (`${a.field} ${a.body}` < `${b.field} ${b.body}` ? -1 : 1))

describe.each(["job", "jobUpdate", "jobStatus", "cronJob", "cronJobUpdate"])("%s, as Kubernetes judges it", (what) => {
  it.each(cases.filter((one) => one.what === what).map((one) => [one.name, one] as const))("%s", (_, one) => {
    expect(sorted(asked(one))).toEqual(sorted(one.errors))
  })
})
