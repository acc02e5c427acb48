/** Jobs and their pods for tests, as the API server would have them. */
import { Result } from "effect"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import { COMPLETION_INDEX } from "../../../../src/decide/controller/job/indexedJob.ts"
import { type Claimed, type ObservedJob, observeJob } from "../../../../src/decide/controller/job/observeJob.ts"
import { noFailures } from "../../../../src/decide/controller/job/podBackoff.ts"
import { JOB_TRACKING_FINALIZER, type JobObject, type JobStatus } from "../../../../src/event/BatchObjects.ts"
import { type Instant, later, SECOND, toTime } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../../src/event/KubernetesObject.ts"

export const NOW = 1_767_225_600_000_000 as Instant

export const seconds = (by: number): Instant => later(NOW, by * SECOND)

export const identity = { namespace: "n", uid: "job-uid", resourceVersion: "7", now: NOW, nameSuffix: "" }

export const jobManifest = (spec: JsonObject = {}, name = "j"): KubernetesObject => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name },
  spec: {
    template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "app:1" }] } },
    ...spec
  } as JsonObject
})

/** Throws what the API server refuses. */
export const job = (spec: JsonObject = {}, status: JobStatus = {}): JobObject => {
  const made = createObject(jobManifest(spec), identity)
  if (Result.isFailure(made)) throw new Error(made.failure.message)
  return { ...made.success, status: { ...(made.success["status"] as JobStatus), ...status } } as JobObject
}

interface PodOptions {
  readonly index?: number
  readonly phase?: string
  readonly exitCode?: number
  readonly finishedAt?: Instant
  readonly deleted?: boolean
  readonly counted?: boolean
  readonly annotations?: { readonly [key: string]: string }
  readonly metadata?: JsonObject
  readonly status?: JsonObject
  readonly spec?: JsonObject
}

const terminated = (exitCode: number, at: Instant) => [
  { name: "main", ready: false, restartCount: 0, state: { terminated: { exitCode, finishedAt: toTime(at) } } }
]

/** A pod of the Job `j`: `uid-NAME`. */
export const pod = (name: string, options: PodOptions = {}): PodObject => {
  const { counted = false, deleted = false, exitCode, finishedAt = NOW, index, phase = "Running" } = options
  const ended = exitCode ?? (phase === "Failed" ? 1 : phase === "Succeeded" ? 0 : undefined)
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "n",
      uid: `uid-${name}`,
      creationTimestamp: toTime(NOW),
      ...(deleted ? { deletionTimestamp: toTime(NOW), deletionGracePeriodSeconds: 0 } : {}),
      ...(counted ? {} : { finalizers: [JOB_TRACKING_FINALIZER] }),
      annotations: { ...(index === undefined ? {} : { [COMPLETION_INDEX]: `${index}` }), ...options.annotations },
      ...options.metadata
    },
    spec: { containers: [{ name: "main", image: "app:1" }], nodeName: "node", ...options.spec },
    status: {
      phase,
      ...(ended === undefined ? {} : { containerStatuses: terminated(ended, finishedAt) }),
      ...options.status
    }
  } as unknown as PodObject
}

export const observe = (of: JobObject, pods: ReadonlyArray<PodObject>, more: Partial<Claimed> = {}): ObservedJob =>
  observeJob(of, { pods, released: new Set(), backoff: noFailures, ...more })

export const indexed = (completions: number, more: JsonObject = {}): JsonObject => ({
  completionMode: "Indexed",
  completions,
  parallelism: completions,
  ...more
})
