/** The labels by which a Job knows its pods (`k8s.io/api/batch/v1/types.go`; C-299): each under its old name and its own. */

export const JOB_NAME_LABELS = ["job-name", "batch.kubernetes.io/job-name"] as const
export const CONTROLLER_UID_LABELS = ["controller-uid", "batch.kubernetes.io/controller-uid"] as const
