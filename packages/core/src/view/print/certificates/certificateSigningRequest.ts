/** CertificateSigningRequests as rows (`printCertificateSigningRequest`, pkg/printers/internalversion/printers.go). */

import { SECOND } from "../../../event/Instant.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { humanDuration } from "../../humanDuration.ts"
import { age, itemsAt, nameOf, orElse, specOf, statusOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  ageColumn,
  column(
    "SignerName",
    'Requested signer for the request. It is a qualified name in the form: `scope-hostname.io/name`. If empty, it will be defaulted:\n 1. If it\'s a kubelet client certificate, it is assigned\n    "kubernetes.io/kube-apiserver-client-kubelet".\n 2. If it\'s a kubelet serving certificate, it is assigned\n    "kubernetes.io/kubelet-serving".\n 3. Otherwise, it is assigned "kubernetes.io/legacy-unknown".\nDistribution of trust for signers happens out of band. You can select on this field using `spec.signerName`.'
  ),
  column("Requestor", "Base64-encoded PKCS#10 CSR data"),
  column(
    "RequestedDuration",
    "expirationSeconds is the requested duration of validity of the issued certificate. The certificate signer may issue a certificate with a different validity duration so a client must check the delta between the notBefore and and notAfter fields in the issued certificate to determine the actual duration.\n\nThe v1.22+ in-tree implementations of the well-known Kubernetes signers will honor this field as long as the requested duration is not greater than the maximum duration they will honor per the --cluster-signing-duration CLI flag to the Kubernetes controller manager.\n\nCertificate signers may not honor this field for various reasons:\n\n  1. Old signer that is unaware of the field (such as the in-tree\n     implementations prior to v1.22)\n  2. Signer whose configured maximum is shorter than the requested duration\n  3. Signer whose configured minimum is longer than the requested duration\n\nThe minimum valid value for expirationSeconds is 600, i.e. 10 minutes."
  ),
  column("Condition", "Conditions applied to the request, such as approval or denial.")
]

export const printCertificateSigningRequest = printer(columns, (request, now) => {
  const spec = specOf(request)
  const { expirationSeconds } = spec
  return [
    nameOf(request),
    age(request, now),
    orElse(textAt(spec, "signerName"), "<none>"),
    textAt(spec, "username"),
    typeof expirationSeconds === "number" ? humanDuration(expirationSeconds * SECOND) : "<none>",
    stateOf(request)
  ]
})

/** `extractCSRStatus`: a denial has the last word. */
const stateOf = (request: KubernetesObject): string => {
  const status = statusOf(request)
  const types = new Set(itemsAt(status, "conditions").map(({ type }) => type))
  return [
    types.has("Denied") ? "Denied" : types.has("Approved") ? "Approved" : "Pending",
    ...(types.has("Failed") ? ["Failed"] : []),
    ...(textAt(status, "certificate") === "" ? [] : ["Issued"])
  ].join(",")
}
