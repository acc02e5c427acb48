/** What the kubelet says about images, in Events and in `state.waiting` (`pkg/kubelet/images/image_manager.go`, `types.go`). */
import { formatDuration } from "../../../event/duration.ts"
import { MILLISECOND, type Micros } from "../../../event/Instant.ts"
import { type KubernetesRelease, latestRelease } from "../featureGates.ts"

/** Why a container does not run: `state.waiting`, and the Event `Error: <reason>`. */
export interface ImageFailure {
  readonly reason:
    | "ErrImagePull"
    | "ImagePullBackOff"
    | "ErrImageNeverPull"
    | "InvalidImageName"
    | "RegistryUnavailable"
    | "SignatureValidationFailed"
  readonly message: string
}

const quoted = (image: string): string => JSON.stringify(image)
const truncated = (duration: Micros): string => formatDuration(duration - (duration % MILLISECOND))

interface Pull {
  /** The runtime's call alone. */
  readonly pull: Micros
  /** With the wait for other pulls. */
  readonly whole: Micros
  /** Bytes. */
  readonly size: number
}

export const imageWords = {
  pulling: (image: string) => `Pulling image ${quoted(image)}`,
  pulled: (image: string, { pull, size, whole }: Pull, { minor }: KubernetesRelease = latestRelease) =>
    `Successfully pulled image ${quoted(image)} in ${truncated(pull)} (${truncated(whole)} including waiting)${minor >= 30 ? `. Image size: ${size} bytes.` : ""}`,
  /** T-10. */
  present: (image: string, { gates }: KubernetesRelease = latestRelease) =>
    `Container image ${quoted(image)} already present on machine${gates.KubeletEnsureSecretPulledImages ? " and can be accessed by the pod" : ""}`,
  failed: (image: string, error: string) => `Failed to pull image ${quoted(image)}: ${error}`,
  backOff: (image: string) => `Back-off pulling image ${quoted(image)}`,
  neverPull: (image: string) => `Container image ${quoted(image)} is not present with pull policy of Never`,
  invalidName: (image: string, problem: string) => `Failed to apply default image tag ${quoted(image)}: ${problem}`
} as const

const prefixed = (error: string, reason: string, image: string, because: string): string | undefined =>
  error.startsWith(reason)
    ? `image pull failed for ${image} because ${because}${error.slice(reason.length)}`
    : undefined

/** evalCRIPullErr: two errors that a runtime may name have reasons of their own. */
export const pullFailure = (image: string, error: string): ImageFailure => {
  const unavailable = prefixed(error, "RegistryUnavailable", image, "the registry is unavailable")
  if (unavailable !== undefined) return { reason: "RegistryUnavailable", message: unavailable }
  const signature = prefixed(error, "SignatureValidationFailed", image, "the signature validation failed")
  if (signature !== undefined) return { reason: "SignatureValidationFailed", message: signature }
  return { reason: "ErrImagePull", message: error }
}

/** T-11: `state.waiting` carries the error of the pull before (since 1.32); the Event does not. */
export const backOffFailure = (
  image: string,
  previous: ImageFailure | undefined,
  { minor }: KubernetesRelease = latestRelease
): ImageFailure => {
  const because = previous === undefined || minor < 32 ? "" : `: ${previous.reason}: ${previous.message}`
  return { reason: "ImagePullBackOff", message: imageWords.backOff(image) + because }
}
