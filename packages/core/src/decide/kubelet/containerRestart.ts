/** Which containers start again after they have exited (`pkg/api/v1/pod/util.go`; K-071, K-084, K-202). */
import type { ContainerRestartRule, ContainerSpec, PodSpec } from "../../event/KubernetesObject.ts"

/** A sidecar (IsRestartableInitContainer): asked of init containers only. */
export const isRestartableInitContainer = (container: ContainerSpec): boolean => container.restartPolicy === "Always"

/** The first rule that the exit code meets (FindMatchingContainerRestartRule). */
export const findMatchingRestartRule = (container: ContainerSpec, exitCode: number): ContainerRestartRule | undefined =>
  container.restartPolicyRules?.find(({ exitCodes }) => {
    const listed = exitCodes?.values?.includes(exitCode) === true
    return exitCodes?.operator === "In" ? listed : exitCodes?.operator === "NotIn" && !listed
  })

/** Does the end of that container with that exit code restart all containers of the pod? */
export const restartsAllContainers = (container: ContainerSpec, exitCode: number): boolean =>
  findMatchingRestartRule(container, exitCode)?.action === "RestartAllContainers"

const policyRestarts = (policy: string, exitCode: number): boolean =>
  policy === "Always" || (policy === "OnFailure" && exitCode !== 0)

/** Rules count only for a container that has a policy of its own; then that one; else the pod's (ContainerShouldRestart). */
export const containerShouldRestart = (container: ContainerSpec, spec: PodSpec, exitCode: number): boolean => {
  if (container.restartPolicy === undefined) return policyRestarts(spec.restartPolicy ?? "Always", exitCode)
  const action = findMatchingRestartRule(container, exitCode)?.action
  return action === "Restart" || action === "RestartAllContainers" || policyRestarts(container.restartPolicy, exitCode)
}

/** Has some container a rule that restarts all of them? Only then the condition AllContainersRestarting exists (AllContainersCouldRestart). */
export const allContainersCouldRestart = (spec: PodSpec): boolean =>
  [...(spec.initContainers ?? []), ...spec.containers].some((container) =>
    container.restartPolicyRules?.some((rule) => rule.action === "RestartAllContainers")
  )
