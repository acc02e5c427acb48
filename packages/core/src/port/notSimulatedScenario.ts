/** Which parts of a scenario no machinery of the simulator acts upon yet: named in warnings, never ignored in silence. */
import { entries, mapping, text } from "../decide/apiserver/fields.ts"
import { isSimulatedKind, notSimulated } from "../decide/apiserver/notSimulated.ts"
import { GIT_REPO_DISABLED_MINOR, latestRelease, releaseOf } from "../decide/kubelet/featureGates.ts"
import { formatDuration } from "../event/duration.ts"
import { isPod, type KubernetesObject } from "../event/KubernetesObject.ts"
import type { ImageSpec, Intention, Scenario, Step } from "./Scenario.ts"

/** Beside KILL the only signal that no process can ignore. */
const SIGSTOP = 19

/** Is it a kind whose objects a step may delete or patch? */
const isKnown = (kind: string): boolean => kind === "Node" || isSimulatedKind(kind)

const shortForPods = ["pod", "pods", "po"]

/** Who declares no image at all says nothing about registries; who declares some means that there are no others. */
const ofImages = (object: KubernetesObject, images: ReadonlyArray<ImageSpec>): ReadonlyArray<string> => {
  // A manifest may lack what a pod has: the API server refuses it then.
  const spec = isPod(object) ? mapping(object, "spec") : mapping(mapping(mapping(object, "spec"), "template"), "spec")
  if (images.length > 0) return []
  const containers = [...entries(spec, "initContainers"), ...entries(spec, "containers")]
  const used = new Set(containers.map((container) => text(container, "image")))
  return [...used].map((image) => `pulling the image ${image}: without spec.images it is taken as present`)
}

const ofObject = (object: KubernetesObject, images: ReadonlyArray<ImageSpec>): ReadonlyArray<string> => {
  const name = `${object.kind} ${object.metadata.name ?? object.metadata.generateName ?? ""}`
  const parts = notSimulated(object).map((sentence) => sentence.replace("not simulated: ", ""))
  return [...parts, ...ofImages(object, images)].map((part) => `${part} (${name})`)
}

/** A kubelet that has no threshold for processes does not mind how few are left: none has unless it is told to. */
const ofPids = ({ nodes }: Scenario, { at, intention }: Step): ReadonlyArray<string> => {
  if (intention._tag !== "Node" || !intention.pressure?.some(({ resource }) => resource === "pids")) return []
  const node = nodes.find(({ name }) => name === intention.name)
  const watched = node?.kubelet.eviction.thresholds.some(({ signal }) => signal === "pid.available")
  return watched === false
    ? [
        `the step at ${formatDuration(at)}: node.pressure pids, without a threshold for pid.available in spec.nodes[].kubelet`
      ]
    : []
}

const ofIntention = (intention: Intention, images: ReadonlyArray<ImageSpec>): ReadonlyArray<string> => {
  switch (intention._tag) {
    case "Apply":
      return intention.objects.flatMap((object) => ofObject(object, images))
    case "Delete":
      return isKnown(intention.kind) || shortForPods.includes(intention.kind) ? [] : [`delete of a ${intention.kind}`]
    case "Patch":
      return isKnown(intention.kind) ? [] : [`patch of a ${intention.kind}`]
    case "Node":
      return [...(intention.staticPods ?? []), ...(intention.add?.staticPods ?? [])].flatMap((pod) =>
        ofObject(pod, images)
      )
    case "Scale":
      return isKnown(intention.kind) ? [] : [`scale of a ${intention.kind}`]
    case "Kill":
      return intention.signal === SIGSTOP ? ["kill with signal 19: a process that is stopped"] : []
    case "Fault":
    case "Watch":
    case "Drain":
    case "Evict":
    case "Exec":
      return []
  }
}

const ofStep = ({ at, intention }: Step, images: ReadonlyArray<ImageSpec>): ReadonlyArray<string> =>
  ofIntention(intention, images).map((what) =>
    intention._tag === "Apply" ? what : `the step at ${formatDuration(at)}: ${what}`
  )

/** Kubelets of old clone a repository; the simulator mounts nothing of it. */
const ofGitRepos = ({ kubernetes, steps }: Scenario): ReadonlyArray<string> => {
  const { minor } = releaseOf(kubernetes ?? "") ?? latestRelease
  if (minor >= GIT_REPO_DISABLED_MINOR) return []
  return steps
    .flatMap(({ intention }) => (intention._tag === "Apply" ? intention.objects : []))
    .filter((object) => isPod(object) && object.spec.volumes?.some(({ gitRepo }) => gitRepo !== undefined) === true)
    .map(({ metadata }) => `cloning a repository (Pod ${metadata.name ?? metadata.generateName ?? ""})`)
}

/** Names that may be a Service's or a pod's, and addresses that somebody in the cluster may have. */
const isInside = (host: string, namespaces: ReadonlySet<string>): boolean => {
  if (/^[\d.]+$/.test(host)) return /^(10|127)\./.test(host)
  if (host.includes(":")) return host === "::1"
  const labels = host.replace(/\.$/, "").split(".")
  const [last = ""] = labels.slice(-1)
  return (
    labels.length === 1 || last === "svc" || namespaces.has(last) || host.replace(/\.$/, "").endsWith(".cluster.local")
  )
}

/** Whom programs ask who is nobody of the cluster. */
const ofCalls = ({ namespace, programs, steps }: Scenario): ReadonlyArray<string> => {
  const applied = steps.flatMap(({ intention }) => (intention._tag === "Apply" ? intention.objects : []))
  const namespaces = new Set([
    namespace,
    ...applied.flatMap(({ kind, metadata }) => [metadata.namespace ?? "", kind === "Namespace" ? metadata.name : ""])
  ])
  return programs.flatMap(({ runs }, i) =>
    runs.flatMap(({ execs, http, needs }, j) => {
      const calls = [...(needs?.calls ?? []), ...[...http, ...execs].flatMap((one) => one.calls ?? [])]
      const hosts = new Set(calls.map(({ target }) => target.host).filter((host) => !isInside(host, namespaces)))
      return [...hosts].map(
        (host) =>
          `spec.programs[${i}].runs[${j}]: calls to ${host}, which is outside of the cluster: nobody answers there`
      )
    })
  )
}

/** A sentence for each such part, once: `not simulated: the step at 5s: patch`. */
export const notSimulatedScenario = (scenario: Scenario): ReadonlyArray<string> =>
  [
    ...new Set([
      ...ofCalls(scenario),
      ...ofGitRepos(scenario),
      ...scenario.nodes.flatMap(({ staticPods }) => staticPods.flatMap((one) => ofObject(one, scenario.images))),
      ...scenario.steps.flatMap((step) => [...ofStep(step, scenario.images), ...ofPids(scenario, step)])
    ])
  ].map((what) => `not simulated: ${what}`)
