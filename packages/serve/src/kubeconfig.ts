/** A kubeconfig for one server: a context for each of its addresses (`k8s.io/client-go/tools/clientcmd/api/v1/types.go`). */
import { stringify } from "yaml"

export interface Context {
  readonly name: string
  /** `https://127.0.0.1:1234/at/start` */
  readonly server: string
}

export interface KubeconfigOptions {
  /** The first one is the current one. */
  readonly contexts: ReadonlyArray<Context>
  readonly namespace: string
  readonly token: string
  /** PEM: what clients trust. */
  readonly certificate: string
}

export const kubeconfig = ({ certificate, contexts, namespace, token }: KubeconfigOptions): string =>
  stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": contexts[0]?.name ?? "",
    clusters: contexts.map(({ name, server }) => ({
      name,
      cluster: { server, "certificate-authority-data": Buffer.from(certificate).toString("base64") }
    })),
    contexts: contexts.map(({ name }) => ({ name, context: { cluster: name, user: "kubereel", namespace } })),
    users: [{ name: "kubereel", user: { token } }]
  })
