/** L23: of the first instance; a later one can be at first as its forerunner was (K-162). */
import { and, because, implies, once, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"
import { ready } from "../vocabulary/container.ts"

const asksForStartup = when(
  "startup probe",
  ({ role, spec }: ContainerSeen) => spec.startupProbe !== undefined && role !== "init"
)

const startupSucceeded = when("started=true", ({ status }: ContainerSeen) =>
  because(status?.started === true, () => `started=${String(status?.started)}`)
)

export const startupComesBeforeReady = property(
  "L23",
  {
    name: "container/startup-comes-before-ready",
    says: "A container is not ready before its startup probe has succeeded",
    source: "pkg/kubelet/prober/prober_manager.go, UpdatePodStatus",
    each: container
  },
  () => implies(and(ready, asksForStartup), once(startupSucceeded))
)
