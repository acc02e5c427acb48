/**
 * L42: restartPolicy Never, and OnFailure after success. Whoever changes a container's image has it started anew whatever its policy
 * (computePodActions: the definition has changed). One that was created and never ran, because the kubelet was restarted
 * meanwhile, is started by another try.
 */
import { allContainersCouldRestart } from "../../decide/kubelet/containerRestart.ts"
import { noStateLoss } from "../language/assumptions.ts"
import { and, because, implies, not, once, or, transition, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

/** Of the pod's policy: containers with a policy of their own follow that, and a rule of one can restart all of them. */
const policy = (name: string) =>
  when(
    `restartPolicy ${name}`,
    ({ pod, role, spec }: ContainerSeen) =>
      role === "app" &&
      pod.spec.restartPolicy === name &&
      spec.restartPolicy === undefined &&
      !allContainersCouldRestart(pod.spec)
  )

const restarted = when("restarted", ({ status }: ContainerSeen) =>
  because(
    (status?.restartCount ?? 0) > 0 && status?.lastState?.waiting === undefined,
    () => `restartCount ${status?.restartCount ?? 0}`
  )
)

const changed = when(
  "image changed",
  ({ before, spec }: ContainerSeen) => before !== undefined && before.spec.image !== spec.image
)

const notAfterSuccess = transition("no restart after exit 0", ({ before, status }: ContainerSeen) => {
  const ended = before?.status?.state?.terminated
  return because(
    ended?.exitCode !== 0 || before?.status?.restartCount === status?.restartCount,
    () => `exit ${String(ended?.exitCode)}, restartCount ${before?.status?.restartCount} → ${status?.restartCount}`
  )
})

export const neverMeansNever = property(
  "L42",
  {
    name: "container/restart-policy-is-kept",
    says: "With restartPolicy Never no container restarts, with OnFailure none after exit code 0",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy",
    each: container,
    assume: [noStateLoss]
  },
  () => or(and(implies(policy("Never"), not(restarted)), implies(policy("OnFailure"), notAfterSuccess)), once(changed))
)
