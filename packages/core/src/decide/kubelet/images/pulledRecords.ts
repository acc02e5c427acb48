/**
 * Who may use an image that this kubelet has pulled (`pkg/kubelet/images/pullmanager/image_pull_manager.go`,
 * MustAttemptImagePull; K-121): gate KubeletEnsureSecretPulledImages with its default policy, NeverVerifyPreloadedImages.
 */

/** A pull secret as the records know it: `hash` stands for what it holds for the image's registry. */
export interface PullCredential {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly hash: string
}

/** With what one repository's image was pulled: `undefined` means without credentials, and then it is everybody's. */
export type PulledRecord = ReadonlyArray<PullCredential> | "everybody"

const isSameSecret = (a: PullCredential, b: PullCredential): boolean =>
  a.uid === b.uid && a.namespace === b.namespace && a.name === b.name

/** Must an image that is present be pulled again for this pod? An image that no kubelet pulled (`undefined`) is everybody's. */
export const mustAttemptImagePull = (record: PulledRecord | undefined, pod: ReadonlyArray<PullCredential>): boolean => {
  if (record === undefined || record === "everybody") return false
  return !pod.some((mine) => record.some((known) => known.hash === mine.hash || isSameSecret(known, mine)))
}

/** The record after a pull with `used`, or after a look that found `used` to do as well. */
export const recordPulled = (record: PulledRecord | undefined, used: PullCredential | undefined): PulledRecord => {
  if (used === undefined || record === "everybody") return "everybody"
  return [...(record ?? []).filter((known) => !isSameSecret(known, used)), used]
}
