/** The pods that a Job makes (`pkg/controller/job/job_controller.go`, manageJob; `indexed_job_utils.go`; C-300). */
import { JOB_TRACKING_FINALIZER, type JobObject, type PodTemplateSpec } from "../../../event/BatchObjects.ts"
import type { ContainerSpec, KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { podOfTemplate } from "../podOfTemplate.ts"
import {
  COMPLETION_INDEX,
  hasBackoffLimitPerIndex,
  INDEX_FAILURES,
  INDEX_IGNORED_FAILURES,
  nextFailureCounts
} from "./indexedJob.ts"

const ENVIRONMENT = "JOB_COMPLETION_INDEX"

/** The API server adds five characters to a generated name, and cuts what is longer than this before. */
const MAX_GENERATED_NAME = 58

const withEnvironment = (container: ContainerSpec): ContainerSpec => {
  const env = container.env ?? []
  if (env.some(({ name }) => name === ENVIRONMENT)) return container
  const fieldPath = `metadata.labels['${COMPLETION_INDEX}']`
  return { ...container, env: [...env, { name: ENVIRONMENT, valueFrom: { fieldRef: { fieldPath } } }] }
}

const withFinalizer = (finalizers: ReadonlyArray<string>): ReadonlyArray<string> =>
  finalizers.includes(JOB_TRACKING_FINALIZER) ? finalizers : [...finalizers, JOB_TRACKING_FINALIZER]

/** The base is cut so that the index stays readable. */
const generateName = (job: string, index: number): string => {
  const suffix = `-${index}-`
  return `${job}${suffix}`.length > MAX_GENERATED_NAME
    ? `${job.slice(0, MAX_GENERATED_NAME - suffix.length)}${suffix}`
    : `${job}${suffix}`
}

const failureCounts = (job: JobObject, replaced: PodObject | undefined): { readonly [annotation: string]: string } => {
  if (!hasBackoffLimitPerIndex(job)) return {}
  const { failures, ignored } = nextFailureCounts(job, replaced)
  return { [INDEX_FAILURES]: `${failures}`, ...(ignored > 0 ? { [INDEX_IGNORED_FAILURES]: `${ignored}` } : {}) }
}

const indexed = (job: JobObject, index: number, replaced: PodObject | undefined): PodTemplateSpec => {
  const { metadata = {}, spec } = job.spec.template
  const own = { [COMPLETION_INDEX]: `${index}` }
  return {
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...own },
      annotations: { ...metadata.annotations, ...own, ...failureCounts(job, replaced) }
    },
    spec: {
      ...spec,
      ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withEnvironment) }),
      containers: spec.containers.map(withEnvironment),
      hostname: `${job.metadata.name}-${index}`
    }
  }
}

/** `index`: of an indexed Job; `replaced`: the failed pod of that index before it. */
export const podOfJob = (
  job: JobObject,
  index: number | undefined,
  replaced: PodObject | undefined
): KubernetesObject => {
  const template = index === undefined ? job.spec.template : indexed(job, index, replaced)
  const finalizers = withFinalizer(template.metadata?.finalizers ?? [])
  const pod = podOfTemplate({ ...template, metadata: { ...template.metadata, finalizers } }, job)
  if (index === undefined) return pod
  return { ...pod, metadata: { ...pod.metadata, generateName: generateName(job.metadata.name, index) } }
}
