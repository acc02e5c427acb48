/** What the API server makes of objects that pods refer to (`pkg/registry/core/{secret,persistentvolumeclaim}/strategy.go`, `pkg/apis/core/v1/defaults.go`). */
import { base64OfText } from "../../event/base64.ts"
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { mapping, text } from "./fields.ts"

const withoutEmpty = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))

/** `stringData` is for writing only: it becomes `data`. */
const secret = (given: KubernetesObject): KubernetesObject => {
  const { stringData: _, ...rest } = given
  const texts = mapping(given, "stringData")
  const written = Object.fromEntries(Object.keys(texts).map((key) => [key, base64OfText(text(texts, key))]))
  const data = { ...mapping(given, "data"), ...written }
  const type = text(given, "type") === "" ? "Opaque" : text(given, "type")
  return { ...rest, ...(Object.keys(data).length === 0 ? {} : { data }), type } as KubernetesObject
}

/** Nobody binds it here: it stays Pending. */
const claim = (given: KubernetesObject): KubernetesObject => ({
  ...given,
  metadata: { ...given.metadata, finalizers: ["kubernetes.io/pvc-protection"] },
  spec: { volumeMode: "Filesystem", ...withoutEmpty(mapping(given, "spec")) },
  status: { phase: "Pending" }
})

/** The stored object of a POST, its identity aside. */
export const defaultConfigObject = (given: KubernetesObject): KubernetesObject => {
  if (given.kind === "Secret") return secret(given)
  return given.kind === "PersistentVolumeClaim" ? claim(given) : given
}

/** What controllers put into every namespace: the cluster's own certificate, and the account that pods have by default. */
export const namespaceObjects = (namespace: string): ReadonlyArray<KubernetesObject> => [
  {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: "kube-root-ca.crt", namespace },
    data: { "ca.crt": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" }
  },
  { kind: "ServiceAccount", apiVersion: "v1", metadata: { name: "default", namespace } }
]
