/**
 * L30: in every sandbox anew (R7). Of the first start of them alone: what has been initialized stays so, whatever becomes of a
 * sidecar.
 */
import { because, precedes, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import type { PodSeen } from "../slice/pod.ts"
import { sandbox } from "../slice/sandbox.ts"
import { hasBegunInSandbox, notDoneBefore } from "../vocabulary/initContainers.ts"

const beginnerOf = (seen: PodSeen) =>
  seen.pod.spec.initContainers === undefined
    ? undefined
    : seen.pod.status.containerStatuses?.find((status) => hasBegunInSandbox(seen, "containerStatuses", status))

const anAppHasBegun = when("an app container has begun", (seen: PodSeen) => {
  const begun = beginnerOf(seen)
  return because(begun !== undefined, () => (begun === undefined ? "none has" : `${begun.name} has`))
})

const initialized = when("every init container succeeded, every sidecar started", (seen: PodSeen) => {
  if (seen.pod.spec.initContainers === undefined) return true
  const open = notDoneBefore(seen, Number.POSITIVE_INFINITY)
  return because(open === undefined, () => (open === undefined ? "all have" : `${open} has not`))
})

export const appsStartAfterInit = property(
  "L30",
  {
    name: "pod/apps-start-after-init",
    says: "No app container starts before all init containers have succeeded and all sidecars have started",
    source: "pkg/kubelet/kuberuntime/kuberuntime_container.go, computeInitContainerActions",
    each: sandbox
  },
  () => precedes(initialized, anAppHasBegun)
)
