/** L32: sidecars aside. */
import { noStateLoss } from "../language/assumptions.ts"
import { because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { roleOf } from "../slice/container.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { statusIn } from "../vocabulary/initContainers.ts"

/** Those that run at the same time as the first init container that does, it first. */
const runningWithInit = ({ pod: { spec, status } }: PodSeen): ReadonlyArray<string> => {
  if (spec.initContainers === undefined) return []
  const inits = spec.initContainers.flatMap((init) => {
    if (roleOf(init) === "sidecar") return []
    return statusIn(status.initContainerStatuses, init.name)?.state?.running === undefined ? [] : [init.name]
  })
  if (inits.length === 0) return []
  const apps = status.containerStatuses?.filter(({ state }) => state?.running !== undefined) ?? []
  return [...inits, ...apps.map(({ name }) => name)]
}

const anInitRuns = when("an init container runs", (seen: PodSeen) => runningWithInit(seen).length > 0)

const alone = when("it runs alone", (seen: PodSeen) => {
  const running = runningWithInit(seen)
  return because(running.length === 1, () => `${running.join(", ")} run`)
})

export const oneInitContainerAtATime = property(
  "L32",
  {
    name: "pod/one-init-container-at-a-time",
    says: "Init containers run one at a time, and none runs while an app container does",
    source: "kubernetes.io/docs/concepts/workloads/pods/init-containers/#understanding-init-containers",
    each: pod,
    assume: [noStateLoss]
  },
  () => implies(anInitRuns, alone)
)
