/** Requests for certificates as the API server keeps them (`pkg/registry/certificates/certificates/strategy.go`). */
import { type Instant, toTime } from "../../../event/Instant.ts"
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, mapping, specOf, statusOf, text } from "../fields.ts"
import { plain, type RestStrategy, type UpdateStrategy, withMetadata } from "../RestStrategy.ts"
import { validateCertificateSigningRequest, validateCertificateUpdate } from "./validateCertificateSigningRequest.ts"

/** Who asks of a cluster that is served: there is one user. */
const requester: JsonObject = { username: "kubereel", groups: ["system:masters", "system:authenticated"] }

/** What the server alone says of who asks. */
const withoutUser = ({ extra: _, groups: __, uid: ___, username: ____, ...spec }: JsonObject): JsonObject => spec

/** populateConditionTimestamps. */
const stamped = (
  conditions: ReadonlyArray<JsonObject>,
  old: ReadonlyArray<JsonObject>,
  now: Instant
): ReadonlyArray<JsonObject> =>
  conditions.map((condition) => {
    const same = old.find(({ status, type }) => type === condition["type"] && status === condition["status"])
    return {
      ...condition,
      lastUpdateTime: condition["lastUpdateTime"] ?? toTime(now),
      lastTransitionTime: condition["lastTransitionTime"] ?? same?.["lastTransitionTime"] ?? toTime(now)
    }
  })

/** preserveConditionInstances: whether it is approved is not the business of who writes the status. */
const preserved = (conditions: ReadonlyArray<JsonObject>, old: ReadonlyArray<JsonObject>): ReadonlyArray<JsonObject> =>
  ["Approved", "Denied"].reduce<ReadonlyArray<JsonObject>>((kept, type) => {
    const before = old.filter((one) => text(one, "type") === type)
    if (kept.filter((one) => text(one, "type") === type).length !== before.length) return kept
    const left = [...before]
    return kept.map((one) => (text(one, "type") === type ? (left.shift() ?? one) : one))
  }, conditions)

const withConditions = (status: JsonObject, conditions: ReadonlyArray<JsonObject>): JsonObject => {
  const { conditions: _, ...others } = status
  return conditions.length === 0 ? others : { ...others, conditions }
}

const base = plain(
  {
    group: "certificates.k8s.io",
    version: "v1",
    resource: "certificatesigningrequests",
    kind: "CertificateSigningRequest",
    namespaced: false
  },
  (given) => ({ ...given, spec: { ...withoutUser(mapping(given, "spec")), ...requester }, status: {} }),
  { validate: validateCertificateSigningRequest }
)

/** A write of one part of the status: what is asked for stays as it was. */
const ofStatus = (
  part: "approval" | "status",
  next: (asked: JsonObject, old: KubernetesObject, now: Instant) => JsonObject
): UpdateStrategy => ({
  prepare: (old, updated, _release, now) =>
    withMetadata(old, { ...updated, status: next(statusOf(updated), old, now) }, { spec: specOf(old) }),
  validate: (request, old) => validateCertificateUpdate(request, old, part)
})

export const certificateSigningRequest: RestStrategy = {
  ...base,
  updates: {
    "": {
      // It does not change but through its subresources.
      prepare: (old, updated) => withMetadata(old, updated, { spec: specOf(old), status: statusOf(old) }),
      validate: (next, old) => validateCertificateUpdate(next, old, "")
    },
    approval: ofStatus("approval", (asked, old, now) =>
      withConditions(statusOf(old), stamped(entries(asked, "conditions"), entries(statusOf(old), "conditions"), now))
    ),
    status: ofStatus("status", (asked, old, now) => {
      const before = entries(statusOf(old), "conditions")
      return withConditions(asked, stamped(preserved(entries(asked, "conditions"), before), before, now))
    })
  }
}
