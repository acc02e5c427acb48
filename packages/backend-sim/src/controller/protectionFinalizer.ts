/** What holds an object back that is in use (`pkg/util/protection`). */
import type { KubernetesObject } from "@kubereel/core"

/** It is to go, and held back. */
export const isDeletionCandidate = ({ metadata }: KubernetesObject, finalizer: string): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(finalizer) === true

export const needsFinalizer = ({ metadata }: KubernetesObject, finalizer: string): boolean =>
  metadata.deletionTimestamp === undefined && metadata.finalizers?.includes(finalizer) !== true

export const withFinalizer = (object: KubernetesObject, finalizer: string, has: boolean): KubernetesObject => {
  const others = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer)
  return { ...object, metadata: { ...object.metadata, finalizers: has ? [...others, finalizer] : others } }
}
