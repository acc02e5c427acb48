/** Requests for certificates as the API server keeps and refuses them, by the cases of `pkg/registry/certificates/certificates/strategy_test.go` and `pkg/apis/certificates/validation/validation_test.go`. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import { updateObject } from "../../../../src/decide/apiserver/updateObject.ts"
import { base64OfText } from "../../../../src/event/base64.ts"
import { type Instant, SECOND } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"

const now = (1_767_225_600 * SECOND) as Instant
const stamp = "2026-01-01T00:00:00Z"
const identity = { namespace: "", uid: "u", resourceVersion: "1", now, nameSuffix: "" }
const request = base64OfText("-----BEGIN CERTIFICATE REQUEST-----\nMII=\n-----END CERTIFICATE REQUEST-----\n")
const good = { request, signerName: "example.com/signer", usages: ["client auth"] }

const made = (spec: JsonObject) =>
  createObject(
    {
      kind: "CertificateSigningRequest",
      apiVersion: "certificates.k8s.io/v1",
      metadata: { name: "csr" },
      spec,
      status: { certificate: "mine" }
    } as unknown as KubernetesObject,
    identity
  )

const known = (conditions: ReadonlyArray<JsonObject> = [], more: JsonObject = {}): KubernetesObject => ({
  ...Result.getOrThrow(made(good)),
  status: { ...more, ...(conditions.length === 0 ? {} : { conditions }) }
})

const written = (old: KubernetesObject, subresource: string, status: JsonObject, spec: JsonObject = good) => {
  const next = updateObject(old, { ...old, spec, status }, subresource, { now })
  return Result.isFailure(next) ? String(next.failure.message).split(" is invalid: ")[1] : next.success
}

const approved = { type: "Approved", status: "True", lastUpdateTime: stamp, lastTransitionTime: stamp }

describe("a new request for a certificate", () => {
  it("is of whoever asks, whatever it says, and nobody has answered it", () => {
    const { spec, status } = Result.getOrThrow(made({ ...good, username: "somebody", groups: ["all"], uid: "u" }))
    expect(spec).toEqual({ ...good, username: "kubereel", groups: ["system:masters", "system:authenticated"] })
    expect(status).toEqual({})
  })

  it.each([
    ["no usages", { usages: [] }, "spec.usages: Required value"],
    ["a usage twice", { usages: ["client auth", "client auth"] }, 'spec.usages[1]: Duplicate value: "client auth"'],
    ["no signer", { signerName: "" }, "spec.signerName: Required value"],
    [
      "a signer without a path",
      { signerName: "example.com" },
      "spec.signerName: Invalid value: \"example.com\": must be a fully qualified domain and path of the form 'example.com/signer-name'"
    ],
    [
      "a signer of no domain",
      { signerName: "signer/me" },
      'spec.signerName: Invalid value: "signer": should be a domain with at least two segments separated by dots'
    ],
    [
      "the signer of old",
      { signerName: "kubernetes.io/legacy-unknown" },
      'spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version'
    ],
    [
      "too short a life",
      { expirationSeconds: 599 },
      "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)"
    ],
    [
      "another block",
      { request: base64OfText("-----BEGIN RSA PRIVATE KEY-----") },
      "PEM block type must be CERTIFICATE REQUEST"
    ]
  ] as ReadonlyArray<[string, JsonObject, string]>)("is refused with %s", (_why, more, message) => {
    const one = made({ ...good, ...more })
    expect(Result.isFailure(one) && one.failure.message).toContain(message)
  })
})

describe("a request for a certificate that is there", () => {
  it("does not change by a write of the whole", () => {
    const old = known([approved])
    expect(written(old, "", { conditions: [] }, { ...good, signerName: "other.com/x" })).toBe(old)
  })

  it("is approved through `approval`, which stamps the conditions and leaves the certificate alone", () => {
    const old = known([], { certificate: "x" })
    expect(
      written(old, "approval", { certificate: "y", conditions: [{ type: "Approved", status: "True" }] })
    ).toMatchObject({
      spec: { signerName: "example.com/signer" },
      status: { certificate: "x", conditions: [approved] }
    })
    expect(written(old, "approval", { conditions: [{ type: "Approved", status: "False" }] })).toBe(
      'status.conditions[0].status: Unsupported value: "False": supported values: "True"'
    )
    const both = [
      { type: "Approved", status: "True" },
      { type: "Denied", status: "True" }
    ]
    expect(written(old, "approval", { conditions: both })).toBe(
      'status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive'
    )
    expect(written(known([approved]), "approval", { conditions: [] })).toBe(
      'status.conditions: Forbidden: updates may not remove a condition of type "Approved"'
    )
  })

  it("gets its certificate through `status`, once, and is not approved there", () => {
    expect(written(known([approved]), "status", { certificate: "x", conditions: [approved] })).toMatchObject({
      status: { certificate: "x", conditions: [approved] }
    })
    expect(written(known([], { certificate: "x" }), "status", { certificate: "y" })).toBe(
      "status.certificate: Forbidden: updates may not modify existing certificate content"
    )
    expect(written(known(), "status", { conditions: [{ type: "Approved", status: "True" }] })).toBe(
      'status.conditions: Forbidden: updates may not add a condition of type "Approved"'
    )
    // Who writes the status of one that is approved may say what he likes of the approval.
    const told = { ...approved, reason: "changed" }
    expect(written(known([approved]), "status", { certificate: "x", conditions: [told] })).toMatchObject({
      status: { conditions: [approved] }
    })
  })
})
