/** What a pod is to its Job (`pkg/controller/job/job_controller.go`, `tracking_utils.go`; C-303). */
import { JOB_TRACKING_FINALIZER, type JobObject } from "../../../event/BatchObjects.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"

/** The Job controller of Kubernetes itself; a Job may name another one. */
const JOB_CONTROLLER = "kubernetes.io/job-controller"

export const hasTrackingFinalizer = ({ metadata }: KubernetesObject): boolean =>
  metadata.finalizers?.includes(JOB_TRACKING_FINALIZER) === true

/** managedByExternalController: somebody else looks after it. */
export const isManagedElsewhere = ({ spec }: JobObject): boolean =>
  spec.managedBy !== undefined && spec.managedBy !== JOB_CONTROLLER

export const isSuspended = ({ spec }: JobObject): boolean => spec.suspend === true

/** onlyReplaceFailedPods: pods that are being deleted are waited for. */
export const replacesOnlyFailedPods = ({ spec }: JobObject): boolean =>
  spec.podReplacementPolicy === "Failed" || spec.podFailurePolicy !== undefined

/** A pod that is deleted before it ended counts as failed at once, unless only failed ones are replaced. */
export const isPodFailed = ({ metadata, status }: PodObject, job: JobObject): boolean =>
  status.phase === "Failed" ||
  (!replacesOnlyFailedPods(job) && metadata.deletionTimestamp !== undefined && status.phase !== "Succeeded")
