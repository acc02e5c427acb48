/** What the API server refuses of Secrets (`pkg/apis/core/validation/validation.go`, ValidateSecret…). */
import { textOfBase64 } from "../../../event/base64.ts"
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { mapping, text } from "../fields.ts"
import { goJsonError } from "../goJsonError.ts"
import { type FieldError, invalid, required, tooLong } from "../status.ts"
import { IMMUTABLE } from "../validateMetadataUpdate.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"
import { bytesOf, keyErrors, MAX_SIZE, sealedErrors } from "./validateConfigMap.ts"

const ACCOUNT = "kubernetes.io/service-account.name"

const missing = (data: JsonObject, ...keys: ReadonlyArray<string>): ReadonlyArray<FieldError> =>
  keys.filter((key) => !Object.hasOwn(data, key)).map((key) => required(`data[${key}]`))

/** A registry's passwords are a JSON object; what is wrong with it is said without showing it. */
const registryErrors = (data: JsonObject, key: string): ReadonlyArray<FieldError> => {
  if (!Object.hasOwn(data, key)) return [required(`data[${key}]`)]
  const why = goJsonError(textOfBase64(text(data, key)))
  return why === undefined ? [] : [invalid(`data[${key}]`, "<secret contents redacted>", why)]
}

/** What a Secret of this type has to have. */
const typeErrors = (secret: KubernetesObject, data: JsonObject): ReadonlyArray<FieldError> => {
  switch (text(secret, "type")) {
    case "kubernetes.io/service-account-token":
      return text(mapping(secret.metadata as JsonObject, "annotations"), ACCOUNT) === ""
        ? [required(`metadata.annotations[${ACCOUNT}]`)]
        : []
    case "kubernetes.io/dockercfg":
      return registryErrors(data, ".dockercfg")
    case "kubernetes.io/dockerconfigjson":
      return registryErrors(data, ".dockerconfigjson")
    case "kubernetes.io/basic-auth": {
      const none = missing(data, "username", "password")
      return none.length === 2 ? none : []
    }
    case "kubernetes.io/ssh-auth":
      return text(data, "ssh-privatekey") === "" ? [required("data[ssh-privatekey]")] : []
    case "kubernetes.io/tls":
      return missing(data, "tls.crt", "tls.key")
    default:
      return []
  }
}

export const validateSecret = (secret: KubernetesObject): ReadonlyArray<FieldError> => {
  const data = isJsonObject(secret["data"]) ? secret["data"] : {}
  const size = Object.keys(data).reduce((sum, key) => sum + bytesOf(text(data, key)), 0)
  return [
    ...validateObjectMeta(secret.metadata),
    ...Object.keys(data).flatMap((key) => keyErrors(data, key, "data")),
    ...(size > MAX_SIZE ? [tooLong("data", MAX_SIZE)] : []),
    ...typeErrors(secret, data)
  ]
}

export const validateSecretUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => [
  ...(text(next, "type") === text(old, "type") ? [] : [invalid("type", text(next, "type"), IMMUTABLE)]),
  ...sealedErrors(next, old, ["data"]),
  ...validateSecret(next)
]
