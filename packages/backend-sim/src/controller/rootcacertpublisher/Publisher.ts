/** The cluster's own certificate is in every namespace (`pkg/controller/certificates/rootcacertpublisher/publisher.go`). */
import { jsonEqual, rootCertificate } from "@kubereel/core"
import { type ControllerContext, controllerTools } from "../ControllerContext.ts"
import { NamespaceKeeper } from "../NamespaceKeeper.ts"

const DESCRIPTION = "kubernetes.io/description"

export const startRootCACertPublisher = (context: ControllerContext): void => {
  new NamespaceKeeper(controllerTools(context, "rootcacertpublisher", "root-ca-certificate-publisher"), {
    made: rootCertificate,
    workers: 1,
    mended: (known, made) => {
      const { annotations = {} } = known.metadata
      if (jsonEqual(known["data"] ?? {}, made["data"] ?? {}) && (annotations[DESCRIPTION] ?? "") !== "")
        return undefined
      const metadata = { ...known.metadata, annotations: { ...annotations, ...made.metadata.annotations } }
      return { ...known, metadata, data: made["data"] ?? {} }
    }
  })
}
