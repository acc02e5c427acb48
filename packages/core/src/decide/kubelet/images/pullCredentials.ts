/** Which of a pod's pull secrets speak for an image's registry (`pkg/credentialprovider/keyring.go`, `pkg/credentialprovider/secrets`). */
import { textOfBase64 } from "../../../event/base64.ts"
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { sha256Hex } from "../../../event/sha256.ts"
import type { ImageName } from "../../apiserver/parseImageName.ts"
import type { PullCredential } from "./pulledRecords.ts"

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

const objectIn = (value: Json | undefined): JsonObject => (value !== undefined && isJsonObject(value) ? value : {})

/** The `auths` of a secret of one of the two types; anything else speaks for nobody. */
const authsOf = (secret: KubernetesObject): JsonObject => {
  const data = objectIn(secret["data"])
  const read = (key: string): JsonObject => {
    return objectIn(parsed(textOfBase64(String(data[key] ?? "")) ?? ""))
  }
  if (secret["type"] === "kubernetes.io/dockerconfigjson") return objectIn(read(".dockerconfigjson")["auths"])
  return secret["type"] === "kubernetes.io/dockercfg" ? read(".dockercfg") : {}
}

/** The schemeless key of an entry: `/v1/` and `/v2/` mean the host alone. */
const keyOf = (location: string): string =>
  location
    .replace(/^https?:\/\//, "")
    .replace(/^([^/]+)\/v[12]\//, "$1/")
    .replace(/\/$/, "")

/** URLsMatchStr: as many parts of the host, each a glob; the path a prefix. */
const matches = (key: string, image: string): boolean => {
  const [keyHost = "", ...keyPath] = key.split("/")
  const [host = "", ...path] = image.split("/")
  const keyParts = keyHost.split(".")
  const parts = host.split(".")
  if (keyParts.length !== parts.length) return false
  const same = (glob: string, part: string) =>
    new RegExp(
      `^${glob
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replace(/\*/g, ".*")
        .replace(/\?/g, ".")}$`
    ).test(part)
  return keyParts.every((part, i) => same(part, parts[i] ?? "")) && path.join("/").startsWith(keyPath.join("/"))
}

/** In the order in which they would be tried: the more specific location first. */
export const pullCredentials = (
  secrets: ReadonlyArray<KubernetesObject>,
  image: ImageName
): ReadonlyArray<PullCredential> => {
  const repository = `${image.domain}/${image.path}`
  const entries = secrets.flatMap((secret) =>
    Object.entries(authsOf(secret)).map(([location, auth]) => ({ key: keyOf(location), auth, secret }))
  )
  const direct = entries.filter(({ key }) => matches(key, repository))
  const hub = image.domain === "docker.io" ? entries.filter(({ key }) => key === "index.docker.io") : []
  return [...(direct.length > 0 ? direct : hub)]
    .sort((a, b) => (a.key > b.key ? -1 : a.key < b.key ? 1 : 0))
    .map(({ auth, secret: { metadata } }) => ({
      uid: metadata.uid ?? "",
      namespace: metadata.namespace ?? "",
      name: metadata.name,
      hash: sha256Hex(JSON.stringify(auth))
    }))
}
