/** L26: who is not ready gets no traffic, and goes on. */
import { because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, containerWithEvents } from "../slice/container.ts"
import { killedForProbe } from "../vocabulary/told.ts"

const killedFor = ({ change, name }: ContainerSeen): string | undefined => {
  const killed = killedForProbe(change)
  return killed?.container === name ? killed.probe : undefined
}

const killed = when("killed for a probe", (seen: ContainerSeen) => killedFor(seen) !== undefined)

const mayKill = when("it is a startup or liveness probe that it has", (seen: ContainerSeen) => {
  const probe = killedFor(seen)
  const { livenessProbe, startupProbe } = seen.spec
  const has = probe === "liveness" ? livenessProbe : probe === "startup" ? startupProbe : undefined
  return because(has !== undefined, () => `${seen.name} is killed for its ${probe} probe`)
})

export const readinessDoesNotKill = property(
  "L26",
  {
    name: "container/readiness-does-not-kill",
    says: "A container is killed for its startup probe or its liveness probe, never for its readiness probe",
    source: "pkg/kubelet/kuberuntime/kuberuntime_manager.go, computePodActions",
    each: containerWithEvents,
    needs: "events"
  },
  () => implies(killed, mayKill)
)
