/**
 * What containerd's CRI answers when a registry refuses a pull (containerd `internal/cri/server/images/image_pull.go`,
 * `core/remotes/docker/resolver.go`, `core/remotes/docker/authorizer.go`, errdefs' gRPC codes).
 */
import type { ImageName } from "../../apiserver/parseImageName.ts"

/** What a registry can do other than answer with the image. */
export type RegistryFault = "NotFound" | "Unauthorized" | "Unavailable" | "RateLimited"

/** The image's name with its registry, a digest before a tag (ParseDockerRef). */
export const normalizedReference = ({ digest, domain, path, tag }: ImageName): string =>
  digest === "" ? `${domain}/${path}:${tag}` : `${domain}/${path}@${digest}`

/** Docker Hub is served elsewhere; a registry on the node itself is asked without TLS. */
const manifestURL = ({ digest, domain, path, tag }: ImageName): string => {
  const host = domain === "docker.io" ? "registry-1.docker.io" : domain
  const local = /^(?:localhost|127\.|\[::1\])/.test(host)
  return `${local ? "http" : "https"}://${host}/v2/${path}/manifests/${digest === "" ? tag : digest}`
}

const DENIED = "pull access denied, repository does not exist or may require authorization"

/** Docker Hub hands out a token that does not reach the repository; other registries ask for a password. */
const denied = ({ domain }: ImageName): string =>
  domain === "docker.io"
    ? `${DENIED}: server message: insufficient_scope: authorization failed`
    : `${DENIED}: authorization failed: no basic auth credentials`

const status = (name: ImageName, line: string): string =>
  `unexpected status from HEAD request to ${manifestURL(name)}: ${line}`

/** An error class that containerd does not know comes as Unknown. */
const cause = (name: ImageName, fault: RegistryFault): readonly [code: string, text: string] => {
  switch (fault) {
    case "NotFound":
      return ["NotFound", `${normalizedReference(name)}: not found`]
    case "Unauthorized":
      return ["Unknown", denied(name)]
    case "Unavailable":
      return ["Unknown", status(name, "503 Service Unavailable")]
    case "RateLimited":
      return ["Unknown", status(name, "429 Too Many Requests")]
  }
}

/** As the kubelet prints it: pull errors keep the prefix of gRPC (K-131). */
export const registryError = (name: ImageName, fault: RegistryFault): string => {
  const [code, text] = cause(name, fault)
  const image = JSON.stringify(normalizedReference(name))
  return `rpc error: code = ${code} desc = failed to pull and unpack image ${image}: failed to resolve image: ${text}`
}
