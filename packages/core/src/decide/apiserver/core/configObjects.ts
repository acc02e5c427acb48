/** What the API server makes of objects that pods refer to (`pkg/registry/core/{secret,persistentvolumeclaim}/strategy.go`, `pkg/apis/core/v1/defaults.go`). */
import { base64OfText } from "../../../event/base64.ts"
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { mapping, text } from "../fields.ts"
import { type ApiResource, plain } from "../RestStrategy.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"
import { validateConfigMap, validateConfigMapUpdate } from "./validateConfigMap.ts"
import { validateSecret, validateSecretUpdate } from "./validateSecret.ts"

const core = (resource: string, kind: string): ApiResource => ({
  group: "",
  version: "v1",
  resource,
  kind,
  namespaced: true
})

/** `stringData` is for writing only: it becomes `data` (Convert_v1_Secret_To_core_Secret). */
const secretDefaults = (given: JsonObject): JsonObject => {
  const { stringData: _, ...rest } = given
  const texts = mapping(given, "stringData")
  const written = Object.fromEntries(Object.keys(texts).map((key) => [key, base64OfText(text(texts, key))]))
  const data = { ...mapping(given, "data"), ...written }
  const type = text(given, "type") === "" ? "Opaque" : text(given, "type")
  return { ...rest, ...(Object.keys(data).length === 0 ? {} : { data }), type }
}

/** Names of pods' accounts, and no more. */
const validateAccount = ({ metadata }: KubernetesObject) => validateObjectMeta(metadata)

export const configMap = plain(core("configmaps", "ConfigMap"), undefined, {
  validate: validateConfigMap,
  validateUpdate: validateConfigMapUpdate
})
export const secret = plain(core("secrets", "Secret"), undefined, {
  defaults: secretDefaults,
  validate: validateSecret,
  validateUpdate: validateSecretUpdate
})
export const serviceAccount = plain(core("serviceaccounts", "ServiceAccount"), undefined, {
  validate: validateAccount,
  validateUpdate: validateAccount
})
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
const DESCRIPTION =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters."

/** The cluster's own certificate, as it is published in every namespace (`pkg/controller/certificates/rootcacertpublisher/publisher.go`). */
export const rootCertificate = (namespace: string): KubernetesObject => ({
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name: "kube-root-ca.crt", namespace, annotations: { "kubernetes.io/description": DESCRIPTION } },
  data: { "ca.crt": CERTIFICATE }
})

/** The account that pods have by default (`pkg/controller/serviceaccount/serviceaccounts_controller.go`). */
export const defaultAccount = (namespace: string): KubernetesObject => ({
  kind: "ServiceAccount",
  apiVersion: "v1",
  metadata: { name: "default", namespace }
})

/** What controllers put into every namespace. */
export const namespaceObjects = (namespace: string): ReadonlyArray<KubernetesObject> => [
  rootCertificate(namespace),
  defaultAccount(namespace)
]
