/**
 * L22: only a running container that has started can be ready. One that was restarted by the sync that killed it for a probe is at
 * first as its forerunner was, until its own startup probe says that it has not started (K-162): that is excused for later instances.
 * So is one that was ready before its startup probe had an answer, as after a restart of its kubelet: the answer takes back `started`
 * first.
 */
import { and, because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"
import { ready, running } from "../vocabulary/container.ts"

/** Of an init container `ready` says that it succeeded. */
const mustRun = when("app container or sidecar", ({ role }: ContainerSeen) => role !== "init")

const startedOrExcused = when("started, or a later instance", ({ before, status }: ContainerSeen) => {
  if (status === undefined) return true
  const wasReady = before?.status?.ready === true && before.status.containerID === status.containerID
  return because(
    status.started !== false || status.restartCount > 0 || wasReady,
    () => `started=${String(status.started)}, restartCount ${status.restartCount}`
  )
})

export const readyMeansRunningAndStarted = property(
  "L22",
  {
    name: "container/ready-means-running-and-started",
    says: "A container that is ready runs and has started",
    source: "pkg/kubelet/prober/prober_manager.go, UpdatePodStatus",
    each: container
  },
  () => implies(and(ready, mustRun), and(running, startedOrExcused))
)
