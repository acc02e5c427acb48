/** From the document of a scenario to the scenario: defaults filled in, durations in microseconds, manifests looked at. */
import { Result, Schema } from "effect"
import { manifestProblems } from "../decide/apiserver/manifestProblems.ts"
import type { Pressure, PressureResource } from "../decide/kubelet/eviction/pressure.ts"
import { evictionConfig } from "../decide/kubelet/eviction/Threshold.ts"
import { type KubernetesRelease, latestRelease, releaseOf } from "../decide/kubelet/featureGates.ts"
import { shutdownGracePeriods, shutdownProblems } from "../decide/kubelet/nodeshutdown/shutdownGracePeriods.ts"
import { parseDuration } from "../event/duration.ts"
import { type Instant, parseInstant } from "../event/Instant.ts"
import { isJsonObject, type Json } from "../event/Json.ts"
import type { KubernetesObject } from "../event/KubernetesObject.ts"
import { parseQuantity, wholeValue } from "../event/Quantity.ts"
import { checkOf } from "./checkSchema.ts"
import { toProgram } from "./decodeProgram.ts"
import { defaultKubeletConfiguration, type KubeletConfiguration } from "./KubeletConfiguration.ts"
import type { ImageSpec, Intention, NodeSpec, Scenario, Step } from "./Scenario.ts"
import { ScenarioDocument, signals } from "./ScenarioSchema.ts"
import { type ScenarioProblem, scenarioProblems } from "./scenarioProblems.ts"
import { toStorage } from "./storageSchema.ts"

type Spec = ScenarioDocument["spec"]
type Of<List> = NonNullable<List> extends ReadonlyArray<infer Item> ? Item : never
type StepDocument = Of<Spec["steps"]>

/** 2026-01-01T00:00:00Z. */
export const defaultStart = 1_767_225_600_000_000 as Instant

const micros = (text: string): number => parseDuration(text) ?? 0
const optionalMicros = (text: string | undefined): number | undefined => (text === undefined ? undefined : micros(text))

const skewOf = (text: string): number => (text.startsWith("-") ? -micros(text.slice(1)) : micros(text))

const toKubelet = (kubelet: NonNullable<Of<Spec["nodes"]>["kubelet"]>): KubeletConfiguration => {
  const { crashLoopBackOff = {}, maxParallelImagePulls, registryBurst, registryPullQPS } = kubelet
  const usual = defaultKubeletConfiguration
  const period = optionalMicros(crashLoopBackOff.maxContainerRestartPeriod)
  return {
    // Whoever asks for several at once means it (SetDefaults_KubeletConfiguration).
    serializeImagePulls: kubelet.serializeImagePulls ?? (maxParallelImagePulls ?? 1) <= 1,
    maxParallelImagePulls,
    registryPullQPS: registryPullQPS ?? usual.registryPullQPS,
    registryBurst: registryBurst ?? usual.registryBurst,
    maxContainerRestartPeriod: period ?? usual.maxContainerRestartPeriod,
    eviction: Result.getOrElse(evictionConfig(kubelet), () => usual.eviction),
    shutdownGracePeriods: shutdownGracePeriods(kubelet)
  }
}

const toNode = (node: Of<Spec["nodes"]>): NodeSpec => ({
  name: node.name,
  cpu: String(node.cpu ?? 4),
  memory: String(node.memory ?? "8Gi"),
  pods: node.pods ?? 110,
  labels: node.labels ?? {},
  taints: node.taints ?? [],
  profile: node.profile,
  ...(node.clockSkew === undefined ? {} : { clockSkew: skewOf(node.clockSkew) }),
  kubelet: toKubelet(node.kubelet ?? {}),
  ...(node.runtimeHandlers === undefined ? {} : { runtimeHandlers: node.runtimeHandlers }),
  staticPods: (node.staticPods ?? []) as unknown as ReadonlyArray<KubernetesObject>
})

const toImage = (image: Of<Spec["images"]>): ImageSpec => {
  const size = image.size === undefined ? undefined : parseQuantity(String(image.size))
  return {
    image: image.image,
    present: image.present ?? false,
    pull: optionalMicros(image.pull),
    size: size === undefined ? undefined : Number(wholeValue(size)),
    error: image.error,
    user: image.user ?? ""
  }
}

/** The manifests of a step, with where each of them stands: a `List` is its items. */
const manifests = (
  apply: Json,
  path: ScenarioProblem["path"]
): ReadonlyArray<{ readonly path: ScenarioProblem["path"]; readonly object: Json }> => {
  if (Array.isArray(apply)) return apply.flatMap((entry: Json, i) => manifests(entry, [...path, i]))
  if (isJsonObject(apply) && apply["kind"] === "List" && Array.isArray(apply["items"]))
    return manifests(apply["items"], [...path, "items"])
  return [{ path, object: apply }]
}

type PressureDocument = NonNullable<NonNullable<StepDocument["node"]>["pressure"]>

const resources: ReadonlyArray<PressureResource> = ["memory", "disk", "pids"]

const pressureOf = (pressure: PressureDocument | undefined): ReadonlyArray<Pressure> | undefined => {
  if (pressure === undefined) return undefined
  if (typeof pressure === "boolean") return pressure ? [{ resource: "memory", available: undefined }] : []
  if (typeof pressure === "string") return [{ resource: pressure, available: undefined }]
  if (Array.isArray(pressure)) {
    return (pressure as ReadonlyArray<PressureResource>).map((resource) => ({ resource, available: undefined }))
  }
  const left = pressure as { readonly [resource in PressureResource]?: string | number }
  return resources.flatMap((resource) => {
    const quantity = left[resource] === undefined ? undefined : parseQuantity(String(left[resource]))
    return quantity === undefined ? [] : [{ resource, available: Number(wholeValue(quantity)) }]
  })
}

type FaultDocument = NonNullable<StepDocument["fault"]>
type NodeDocument = NonNullable<StepDocument["node"]>

const toNodeStep = (node: NodeDocument): Intention => {
  const { add, cordon, kubelet, name, network, power, pressure, remove } = node
  const staticPods = node.staticPods as unknown as ReadonlyArray<KubernetesObject> | undefined
  return {
    ...{ _tag: "Node", name, kubelet, cordon, power, network, pressure: pressureOf(pressure), staticPods },
    ...(add === undefined ? {} : { add: toNode({ name, ...add }) }),
    ...(remove === undefined ? {} : { remove })
  }
}

const toDrain = (drain: NonNullable<StepDocument["drain"]>): Intention => ({
  _tag: "Drain",
  node: drain.node,
  force: drain.force ?? false,
  ignoreDaemonSets: drain.ignoreDaemonSets ?? false,
  deleteEmptyDirData: drain.deleteEmptyDirData ?? false,
  gracePeriodSeconds: drain.gracePeriodSeconds,
  timeout: optionalMicros(drain.timeout),
  podSelector: drain.podSelector,
  disableEviction: drain.disableEviction ?? false,
  skipWaitForDeleteTimeout: drain.skipWaitForDeleteTimeout ?? 0
})

/** containerd's own words for a CNI plugin without a configuration. */
const NO_CNI = "Network plugin returns error: cni plugin not initialized"

const toFault = ({ call, node, pod = "*", ...fault }: FaultDocument): Intention => ({
  _tag: "Fault",
  node,
  call,
  pod,
  message: fault.message ?? (call === "NetworkReady" ? NO_CNI : ""),
  for: optionalMicros(fault.for)
})

const toWatch = ({ kinds, lag, node, of, ...watch }: NonNullable<StepDocument["watch"]>): Intention => ({
  ...{ _tag: "Watch", of, node, kinds },
  lag: optionalMicros(lag),
  for: optionalMicros(watch.for)
})

/** The schema has seen to it that a step is exactly one of these, or what `toIntention` has looked for before. */
const orderOf = ({ drain, evict, exec, fault, node, patch, scale, watch }: StepDocument): Intention => {
  if (patch !== undefined) {
    const { fieldManager, force, kind, name, namespace, subresource, type = "strategic" } = patch
    return {
      ...{ _tag: "Patch", kind, namespace, name, subresource, type, patch: patch.patch as Json },
      ...(fieldManager === undefined ? {} : { fieldManager }),
      ...(force === undefined ? {} : { force })
    }
  }
  if (scale !== undefined) return { _tag: "Scale", ...scale, namespace: scale.namespace }
  if (evict !== undefined) {
    const { gracePeriodSeconds, namespace, pod } = evict
    return { _tag: "Evict", namespace, pod, gracePeriodSeconds }
  }
  if (exec !== undefined) {
    const { command, container, namespace, pod } = exec
    return { _tag: "Exec", namespace, pod, container, command: typeof command === "string" ? [command] : command }
  }
  if (drain !== undefined) return toDrain(drain)
  if (watch !== undefined) return toWatch(watch)
  return node === undefined ? toFault(fault as FaultDocument) : toNodeStep(node)
}

const toIntention = (step: StepDocument): Intention => {
  if (step.apply !== undefined) {
    return { _tag: "Apply", objects: manifests(step.apply as Json, []).map(({ object }) => object as KubernetesObject) }
  }
  if (step.delete !== undefined) {
    const { gracePeriodSeconds, kind, name, namespace, pick, propagationPolicy, selector } = step.delete
    return {
      _tag: "Delete",
      kind,
      namespace,
      name,
      selector,
      pick: pick ?? "all",
      gracePeriodSeconds,
      propagationPolicy
    }
  }
  if (step.kill !== undefined) {
    const { container, namespace, pod, signal = 9 } = step.kill
    return { _tag: "Kill", namespace, pod, container, signal: typeof signal === "number" ? signal : signals[signal] }
  }
  return orderOf(step)
}

const toStep = (step: StepDocument): Step => ({ at: micros(step.at), intention: toIntention(step) })

/** What a scenario without `nodes` runs on. */
const oneNode: NodeSpec = toNode({ name: "node-1" })

const toScenario = ({ metadata, spec }: ScenarioDocument): Scenario => ({
  name: metadata.name,
  description: spec.description ?? "",
  source: spec.source,
  namespace: spec.namespace ?? metadata.name,
  nodes: spec.nodes?.map(toNode) ?? [oneNode],
  images: spec.images?.map(toImage) ?? [],
  programs: spec.programs?.map(toProgram) ?? [],
  ...(spec.storage === undefined ? {} : { storage: spec.storage.map(toStorage) }),
  steps: (spec.steps ?? []).map(toStep).sort((a, b) => a.at - b.at),
  checks: (spec.checks ?? []).map(checkOf),
  until: micros(spec.until),
  seed: spec.seed ?? 0,
  kubernetes: spec.kubernetes,
  start: (spec.start === undefined ? undefined : parseInstant(spec.start)) ?? defaultStart
})

const applyProblems = (apply: Json, at: ScenarioProblem["path"]): ReadonlyArray<ScenarioProblem> =>
  manifests(apply, at).flatMap(({ object, path }) =>
    manifestProblems(object).map((problem) => ({ ...problem, path: [...path, ...problem.path] }))
  )

const stepProblems = ({ apply, node }: StepDocument, index: number): ReadonlyArray<ScenarioProblem> => [
  ...(apply === undefined ? [] : applyProblems(apply as Json, ["spec", "steps", index, "apply"])),
  ...applyProblems((node?.staticPods ?? []) as Json, ["spec", "steps", index, "node", "staticPods"]),
  ...applyProblems((node?.add?.staticPods ?? []) as Json, ["spec", "steps", index, "node", "add", "staticPods"])
]

/** Settings with which a kubelet of that version would not start. */
const nodeProblems =
  ({ gates, version }: KubernetesRelease) =>
  ({ kubelet = {}, staticPods = [] }: Of<Spec["nodes"]>, index: number): ReadonlyArray<ScenarioProblem> => {
    const path = ["spec", "nodes", index, "kubelet"]
    const eviction = evictionConfig(kubelet)
    const problem = `a kubelet ${version} refuses it: its feature gate KubeletCrashLoopBackOffMax is off`
    const capped = kubelet.crashLoopBackOff !== undefined && !gates.KubeletCrashLoopBackOffMax
    return [
      ...(Result.isSuccess(eviction) ? [] : [{ path, problem: eviction.failure }]),
      ...shutdownProblems(kubelet).map((one) => ({ path, problem: one })),
      ...applyProblems(staticPods as Json, ["spec", "nodes", index, "staticPods"]),
      ...(capped ? [{ path: [...path, "crashLoopBackOff"], problem }] : [])
    ]
  }

const decode = Schema.decodeUnknownResult(ScenarioDocument, { errors: "all", onExcessProperty: "error" })

/**
 * Reads a scenario from its document (what a YAML parser gives).
 *
 * Every problem is named, not only the first. An unknown field is a problem, also inside a manifest of a kind that we know.
 */
export const decodeScenario = (document: unknown): Result.Result<Scenario, ReadonlyArray<ScenarioProblem>> => {
  const decoded = decode(document)
  if (Result.isFailure(decoded)) return Result.fail(scenarioProblems(document, decoded.failure.issue))
  const { kubernetes, nodes = [], steps = [] } = decoded.success.spec
  const release = (kubernetes === undefined ? undefined : releaseOf(kubernetes)) ?? latestRelease
  const problems = [...nodes.flatMap(nodeProblems(release)), ...steps.flatMap(stepProblems)]
  return problems.length > 0 ? Result.fail(problems) : Result.succeed(toScenario(decoded.success))
}
