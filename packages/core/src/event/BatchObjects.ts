/** Jobs and CronJobs as JSON with their defaults, typed as far as our rules look into them (`k8s.io/api/batch/v1/types.go`). */
import type { JsonObject } from "./Json.ts"
import type { KubernetesObject, PodSpec } from "./KubernetesObject.ts"

/** Who is made to wait by it: pods of Jobs are not gone before they are counted. */
export const JOB_TRACKING_FINALIZER = "batch.kubernetes.io/job-tracking"

export interface JobCondition extends JsonObject {
  readonly type: string
  readonly status: string
  readonly lastProbeTime?: string | null
  readonly lastTransitionTime?: string | null
  readonly reason?: string
  readonly message?: string
}

export interface PodTemplateSpec extends JsonObject {
  readonly metadata?: {
    readonly labels?: { readonly [key: string]: string }
    readonly annotations?: { readonly [key: string]: string }
    readonly finalizers?: ReadonlyArray<string>
  }
  readonly spec: PodSpec
}

export interface PodFailurePolicyOnExitCodes extends JsonObject {
  /** Of any container if absent. */
  readonly containerName?: string
  readonly operator: string
  readonly values?: ReadonlyArray<number>
}

export interface PodFailurePolicyRule extends JsonObject {
  /** `FailJob`, `FailIndex`, `Ignore` or `Count`. */
  readonly action: string
  readonly onExitCodes?: PodFailurePolicyOnExitCodes
  readonly onPodConditions?: ReadonlyArray<{ readonly type: string; readonly status: string }>
}

export interface PodFailurePolicy extends JsonObject {
  readonly rules: ReadonlyArray<PodFailurePolicyRule>
}

export interface SuccessPolicyRule extends JsonObject {
  readonly succeededIndexes?: string
  readonly succeededCount?: number
}

export interface SuccessPolicy extends JsonObject {
  readonly rules: ReadonlyArray<SuccessPolicyRule>
}

export interface JobSpec extends JsonObject {
  readonly parallelism: number
  /** Absent: the Job is complete when one pod has succeeded and none runs any more. */
  readonly completions?: number
  readonly activeDeadlineSeconds?: number
  readonly podFailurePolicy?: PodFailurePolicy
  readonly successPolicy?: SuccessPolicy
  readonly backoffLimit: number
  readonly backoffLimitPerIndex?: number
  readonly maxFailedIndexes?: number
  readonly selector?: JsonObject
  readonly manualSelector?: boolean
  readonly template: PodTemplateSpec
  readonly ttlSecondsAfterFinished?: number
  readonly completionMode?: string
  readonly suspend?: boolean
  readonly podReplacementPolicy?: string
  readonly managedBy?: string
}

/** UIDs of pods that have ended and still carry the finalizer, or just lost it. */
export interface UncountedTerminatedPods extends JsonObject {
  readonly succeeded?: ReadonlyArray<string>
  readonly failed?: ReadonlyArray<string>
}

export interface JobStatus extends JsonObject {
  readonly conditions?: ReadonlyArray<JobCondition>
  readonly startTime?: string
  readonly completionTime?: string
  readonly active?: number
  readonly succeeded?: number
  readonly failed?: number
  readonly terminating?: number
  readonly completedIndexes?: string
  readonly failedIndexes?: string
  readonly uncountedTerminatedPods?: UncountedTerminatedPods
  readonly ready?: number
}

export interface JobObject extends KubernetesObject {
  readonly kind: "Job"
  readonly spec: JobSpec
  readonly status: JobStatus
}

export const isJob = (object: KubernetesObject): object is JobObject => object.kind === "Job"

export interface JobReference extends JsonObject {
  readonly kind: string
  readonly namespace?: string
  readonly name: string
  readonly uid: string
  readonly apiVersion: string
  readonly resourceVersion?: string
}

export interface CronJobSpec extends JsonObject {
  readonly schedule: string
  readonly timeZone?: string
  readonly startingDeadlineSeconds?: number
  /** `Allow`, `Forbid` or `Replace`. */
  readonly concurrencyPolicy: string
  readonly suspend?: boolean
  readonly jobTemplate: {
    readonly metadata?: {
      readonly labels?: { readonly [key: string]: string }
      readonly annotations?: { readonly [key: string]: string }
    }
    readonly spec: JsonObject
  }
  readonly successfulJobsHistoryLimit?: number
  readonly failedJobsHistoryLimit?: number
}

export interface CronJobStatus extends JsonObject {
  readonly active?: ReadonlyArray<JobReference>
  readonly lastScheduleTime?: string
  readonly lastSuccessfulTime?: string
}

export interface CronJobObject extends KubernetesObject {
  readonly kind: "CronJob"
  readonly spec: CronJobSpec
  readonly status: CronJobStatus
}

export const isCronJob = (object: KubernetesObject): object is CronJobObject => object.kind === "CronJob"
