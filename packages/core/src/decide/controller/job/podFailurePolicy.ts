/** What a Job's policy makes of a failed pod (`pkg/controller/job/pod_failure_policy.go`; C-305). */
import type {
  PodFailurePolicy,
  PodFailurePolicyOnExitCodes,
  PodFailurePolicyRule
} from "../../../event/BatchObjects.ts"
import type { ContainerStatus, PodCondition, PodObject } from "../../../event/KubernetesObject.ts"

export interface PolicyMatch {
  /** Why the whole Job fails, if the rule says so. */
  readonly failsJob: string | undefined
  /** Does the failure count towards the back-off limits? */
  readonly counts: boolean
  /** Of the rule that matched. */
  readonly action: string | undefined
}

const unmatched: PolicyMatch = { failsJob: undefined, counts: true, action: undefined }

const exitCodeOf = ({ state }: ContainerStatus): number | undefined =>
  state?.terminated === undefined ? undefined : Number(state.terminated["exitCode"] ?? 0)

const meets = (exitCode: number, { operator, values = [] }: PodFailurePolicyOnExitCodes): boolean =>
  operator === "In" ? values.includes(exitCode) : operator === "NotIn" && !values.includes(exitCode)

/** The first container that ended so; exit code 0 is never meant. */
const containerWithExitCode = (
  { status }: PodObject,
  requirement: PodFailurePolicyOnExitCodes
): ContainerStatus | undefined =>
  [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find((one) => {
    const exitCode = exitCodeOf(one)
    const named = requirement.containerName === undefined || requirement.containerName === one.name
    return named && exitCode !== undefined && exitCode !== 0 && meets(exitCode, requirement)
  })

const matchingCondition = (
  { status }: PodObject,
  patterns: ReadonlyArray<{ readonly type: string; readonly status: string }>
): PodCondition | undefined =>
  status.conditions?.find((condition) =>
    patterns.some((pattern) => pattern.type === condition.type && pattern.status === condition.status)
  )

/** What is said of the pod if the rule is about it. */
const matched = (rule: PodFailurePolicyRule, pod: PodObject): string | undefined => {
  const of = `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`
  if (rule.onExitCodes !== undefined) {
    const container = containerWithExitCode(pod, rule.onExitCodes)
    return container && `Container ${container.name} for pod ${of} failed with exit code ${exitCodeOf(container)}`
  }
  const condition = matchingCondition(pod, rule.onPodConditions ?? [])
  return condition && `Pod ${of} has condition ${condition.type}`
}

/** The first rule that matches decides; without one the failure counts. */
export const matchPodFailurePolicy = (policy: PodFailurePolicy | undefined, pod: PodObject): PolicyMatch => {
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const words = matched(rule, pod)
    if (words === undefined) continue
    const { action } = rule
    return {
      failsJob: action === "FailJob" ? `${words} matching ${action} rule at index ${index}` : undefined,
      counts: action !== "Ignore",
      action
    }
  }
  return unmatched
}
