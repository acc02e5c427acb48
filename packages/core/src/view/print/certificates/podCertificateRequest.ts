/** PodCertificateRequests as rows (`printPodCertificateRequest`, pkg/printers/internalversion/printers.go). */
import { at, formatLabels, itemsAt, nameOf, specOf, statusOf, textAt } from "../cells.ts"
import { column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("PodName", "podName is the name of the pod into which the certificate will be mounted."),
  column("ServiceAccountName", "serviceAccountName is the name of the service account the pod is running as."),
  column("NodeName", "nodeName is the name of the node the pod is assigned to."),
  column(
    "SignerName",
    "signerName indicates the requested signer.\n\nAll signer names beginning with `kubernetes.io` are reserved for use by the Kubernetes project.  There is currently one well-known signer documented by the Kubernetes project, `kubernetes.io/kube-apiserver-client-pod`, which will issue client certificates understood by kube-apiserver.  It is currently unimplemented."
  ),
  column("State", "Is the request Pending, Issued, Denied, or Failed?"),
  column(
    "UnverifiedUserAnnotations",
    "unverifiedUserAnnotations allow pod authors to pass additional information to the signer implementation.  Kubernetes does not restrict or validate this metadata in any way.\n\nEntries are subject to the same validation as object metadata annotations, with the addition that all keys must be domain-prefixed. No restrictions are placed on values, except an overall size limitation on the entire field.\n\nSigners should document the keys and values they support.  Signers should deny requests that contain keys they do not recognize."
  )
]

export const printPodCertificateRequest = printer(columns, (request) => {
  const spec = specOf(request)
  const states = itemsAt(statusOf(request), "conditions").map((condition) => textAt(condition, "type"))
  return [
    nameOf(request),
    textAt(spec, "podName"),
    textAt(spec, "serviceAccountName"),
    textAt(spec, "nodeName"),
    textAt(spec, "signerName"),
    states.findLast((state) => ended.has(state)) ?? "Pending",
    formatLabels(at(spec, "unverifiedUserAnnotations"))
  ]
})

const ended: ReadonlySet<string> = new Set(["Issued", "Denied", "Failed"])
