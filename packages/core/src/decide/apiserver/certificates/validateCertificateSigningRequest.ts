/**
 * What the API server refuses of requests for certificates (`pkg/apis/certificates/validation/validation.go`). Whether what is in them is
 * signed is not looked at: a simulated cluster signs nothing.
 */
import { textOfBase64 } from "../../../event/base64.ts"
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, integer, numbered, specOf, statusOf, text, textsOf } from "../fields.ts"
import { dns1123Label, dns1123Subdomain } from "../nameRules.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, notSupported, required } from "../status.ts"
import { validateMetadataUpdate } from "../validateMetadataUpdate.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"

const usages = [
  ...["any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment"],
  ...["decipher only", "digital signature", "email protection", "encipher only", "ipsec end system", "ipsec tunnel"],
  ...["ipsec user", "key agreement", "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime"],
  ...["server auth", "signing", "timestamping"]
]

const SIGNER = "spec.signerName"
const LEGACY_SIGNER = "kubernetes.io/legacy-unknown"
const SHORTEST = 600

/** ParseCSR, as far as the block goes. */
const requestErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const encoded = text(spec, "request")
  const isRequest = /-----BEGIN CERTIFICATE REQUEST-----/.test(textOfBase64(encoded) ?? "")
  return isRequest ? [] : [invalid("spec.request", encoded, "PEM block type must be CERTIFICATE REQUEST")]
}

/** The first label that is none. */
const labelErrors = (text: string, rule: (label: string) => ReadonlyArray<string>): ReadonlyArray<FieldError> => {
  const wrong = text.split(".").find((label) => rule(label).length > 0)
  if (wrong === undefined) return []
  return rule(wrong).map((why) => invalid(SIGNER, text, `validating label ${JSON.stringify(wrong)}: ${why}`))
}

/** ValidateSignerName. */
const signerErrors = (signer: string): ReadonlyArray<FieldError> => {
  if (signer === LEGACY_SIGNER)
    return [invalid(SIGNER, signer, "the legacy signerName is not allowed via this API version")]
  if (signer === "") return [required(SIGNER)]
  const [domain = "", path = "", ...more] = signer.split("/")
  if (!signer.includes("/") || more.length > 0)
    return [invalid(SIGNER, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'")]
  return [
    ...labelErrors(domain, dns1123Label),
    ...(domain.includes(".")
      ? []
      : [invalid(SIGNER, domain, "should be a domain with at least two segments separated by dots")]),
    ...labelErrors(path, dns1123Subdomain)
  ]
}

const usageErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const given = textsOf(spec, "usages")
  if (given.length === 0) return [required("spec.usages")]
  return given.flatMap((usage, i) => [
    ...(usages.includes(usage) ? [] : [notSupported(`spec.usages[${i}]`, usage, usages)]),
    ...(given.indexOf(usage) < i ? [duplicate(`spec.usages[${i}]`, usage)] : [])
  ])
}

const alwaysTrue = new Set(["Approved", "Denied", "Failed"])

const conditionErrors = (status: JsonObject): ReadonlyArray<FieldError> => {
  const conditions = entries(status, "conditions")
  const types = conditions.map((one) => text(one, "type"))
  return [
    ...numbered(conditions, "status.conditions").flatMap(({ at, item }, i) => {
      const [type, said] = [text(item, "type"), text(item, "status")]
      const allowed = alwaysTrue.has(type) ? ["True"] : ["False", "True", "Unknown"]
      return [
        ...(type === "" ? [required(`${at}.type`)] : []),
        ...(said === "" ? [required(`${at}.status`)] : []),
        ...(said === "" || allowed.includes(said) ? [] : [notSupported(`${at}.status`, said, allowed)]),
        ...(types.indexOf(type) < i ? [duplicate(`${at}.type`, type)] : [])
      ]
    }),
    ...(types.includes("Approved") && types.includes("Denied")
      ? [
          invalid(
            "status.conditions",
            types.indexOf("Approved") < types.indexOf("Denied") ? "Denied" : "Approved",
            "Approved and Denied conditions are mutually exclusive"
          )
        ]
      : [])
  ]
}

export const validateCertificateSigningRequest = (request: KubernetesObject): ReadonlyArray<FieldError> => {
  const spec = specOf(request)
  const seconds = integer(spec, "expirationSeconds")
  const short = "may not specify a duration less than 600 seconds (10 minutes)"
  return [
    ...validateObjectMeta(request.metadata),
    ...requestErrors(spec),
    ...usageErrors(spec),
    ...signerErrors(text(spec, "signerName")),
    ...(seconds !== undefined && seconds < SHORTEST ? [invalid("spec.expirationSeconds", seconds, short)] : []),
    ...conditionErrors(statusOf(request))
  ]
}

const ofType = (request: KubernetesObject, type: string): ReadonlyArray<JsonObject> =>
  entries(statusOf(request), "conditions").filter((one) => text(one, "type") === type)

/** Whoever does not approve does not touch what is approved. */
const approvalErrors = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> =>
  ["Approved", "Denied"].flatMap((type) => {
    const [after, before] = [ofType(next, type), ofType(old, type)]
    if (after.length < before.length || jsonEqual(after, before)) return []
    const verb = after.length > before.length ? "add" : "modify"
    return [fieldForbidden("status.conditions", `updates may not ${verb} a condition of type ${JSON.stringify(type)}`)]
  })

/** `through`: the subresource by which it comes, "" for the object itself. */
export const validateCertificateUpdate = (
  next: KubernetesObject,
  old: KubernetesObject,
  through: "" | "approval" | "status"
): ReadonlyArray<FieldError> => {
  const [after, before] = [next, old].map((one) => text(statusOf(one), "certificate"))
  const changed = (why: string) => [fieldForbidden("status.certificate", `updates may not ${why}`)]
  return [
    ...conditionErrors(statusOf(next)),
    ...["Approved", "Denied", "Failed"]
      .filter((type) => ofType(next, type).length < ofType(old, type).length)
      .map((type) =>
        fieldForbidden("status.conditions", `updates may not remove a condition of type ${JSON.stringify(type)}`)
      ),
    ...(through === "approval" ? [] : approvalErrors(next, old)),
    ...(after === before
      ? []
      : through !== "status"
        ? changed("set certificate content")
        : before === ""
          ? []
          : changed("modify existing certificate content")),
    ...validateMetadataUpdate(next.metadata, old.metadata)
  ]
}
