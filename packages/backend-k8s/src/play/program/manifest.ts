/** A scenario whose containers do on a real node what their programs say: manifests in, manifests out. */
import {
  type ContainerSpec,
  globMatches,
  type Intention,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  type PodSpec,
  type Program,
  type Scenario
} from "@kubereel/core"
import { type Finding, refused, warned } from "../Finding.ts"
import { type Placed, scripted, withVolume } from "./container.ts"

/** Where a pod's spec is, in an object of any kind. */
const templatePaths: ReadonlyArray<ReadonlyArray<string>> = [
  ["spec", "jobTemplate", "spec", "template", "spec"],
  ["spec", "template", "spec"],
  ["spec"]
]

const at = (value: Json | undefined, path: ReadonlyArray<string>): Json | undefined =>
  path.reduce<Json | undefined>((inside, key) => (isJsonObject(inside) ? inside[key] : undefined), value)

const replaced = (value: Json | undefined, [key, ...rest]: ReadonlyArray<string>, by: Json): Json =>
  key === undefined || !isJsonObject(value) ? by : { ...value, [key]: replaced(value[key], rest, by) }

const isPodSpec = (value: Json | undefined): value is PodSpec =>
  isJsonObject(value) && Array.isArray(value["containers"])

const replicasOf = (object: KubernetesObject): number => {
  const replicas = at(object, ["spec", "replicas"])
  return typeof replicas === "number" ? replicas : 1
}

/** What the pods of an object will be called, with zeros for what the control plane makes up. */
export const podNames = (object: KubernetesObject): ReadonlyArray<string> => {
  const { generateName, name } = object.metadata
  const called = name ?? `${generateName ?? ""}00000`
  switch (object.kind) {
    case "Pod":
      return [called]
    case "StatefulSet":
      return Array.from({ length: Math.max(1, replicasOf(object)) }, (_, i) => `${called}-${i}`)
    case "Deployment":
      return [`${called}-0000000000-00000`]
    case "CronJob":
      return [`${called}-00000000-00000`]
    default:
      return [`${called}-00000`]
  }
}

interface Playing {
  readonly programs: ReadonlyArray<Program>
  readonly image: string | undefined
}

const find = ({ programs }: Playing, pod: string, container: ContainerSpec): Placed | undefined => {
  const index = programs.findIndex(
    ({ match }) =>
      globMatches(match.pod, pod) &&
      globMatches(match.container, container.name) &&
      globMatches(match.image, container.image)
  )
  const program = programs[index]
  return program === undefined ? undefined : { program, field: `spec.programs[${index}]` }
}

const says = ({ args = [], command = [] }: ContainerSpec): boolean => command.length + args.length > 0

interface Made<A> {
  readonly made: A
  readonly findings: ReadonlyArray<Finding>
  readonly volume: boolean
}

const ofContainer = (container: ContainerSpec, pods: ReadonlyArray<string>, playing: Playing): Made<ContainerSpec> => {
  const found = pods.map((pod) => find(playing, pod, container))
  const [first] = found
  // What the manifest says of the process is what a real one does.
  if (says(container) || found.every((one) => one === undefined))
    return { made: container, findings: [], volume: false }
  const other = found.findIndex((one) => one?.program !== first?.program)
  if (first === undefined || other >= 0) {
    const field = first?.field ?? found.find((one) => one !== undefined)?.field ?? "spec.programs"
    const problem = `${pods[0]} and ${pods[Math.max(other, 0)]} are made from one template and cannot have different programs`
    return { made: container, findings: [refused(field, problem)], volume: false }
  }
  const { container: made, findings, volume } = scripted(container, first, playing.image)
  return { made, findings, volume }
}

const ofPodSpec = (spec: PodSpec, pods: ReadonlyArray<string>, playing: Playing): Made<PodSpec> => {
  const containers = spec.containers.map((one) => ofContainer(one, pods, playing))
  const inits = (spec.initContainers ?? []).map((one) => ofContainer(one, pods, playing))
  const all = [...containers, ...inits]
  const given = [...spec.containers, ...(spec.initContainers ?? [])]
  const made: PodSpec = all.every((one, i) => one.made === given[i])
    ? spec
    : {
        ...spec,
        containers: containers.map((one) => one.made),
        ...(spec.initContainers === undefined ? {} : { initContainers: inits.map((one) => one.made) })
      }
  const volume = all.some((one) => one.volume)
  return { made: volume ? withVolume(made) : made, findings: all.flatMap(({ findings }) => findings), volume }
}

/** The object as it is sent. */
export const playableObject = (
  object: KubernetesObject,
  playing: Playing
): { readonly object: KubernetesObject; readonly findings: ReadonlyArray<Finding> } => {
  const path = templatePaths.find((candidate) => isPodSpec(at(object, candidate)))
  const spec = path === undefined ? undefined : at(object, path)
  if (path === undefined || !isPodSpec(spec)) return { object, findings: [] }
  const { findings, made } = ofPodSpec(spec, podNames(object), playing)
  return { object: made === spec ? object : (replaced(object, path, made) as KubernetesObject), findings }
}

/** Containers that a patch brings along, with or without a command. */
const containersIn = (patch: Json): ReadonlyArray<JsonObject> => {
  if (Array.isArray(patch)) return patch.flatMap((entry: Json) => containersIn(entry))
  if (!isJsonObject(patch)) return []
  return Object.entries(patch).flatMap(([key, value]) =>
    /^(ephemeralC|initC|c)ontainers$/.test(key) && Array.isArray(value)
      ? value.filter((entry: Json) => isJsonObject(entry))
      : containersIn(value as Json)
  )
}

const ofPatch = (intention: Extract<Intention, { readonly _tag: "Patch" }>, index: number, playing: Playing) =>
  containersIn(intention.patch)
    .filter((container) => typeof container["image"] === "string")
    .map((container) => container as unknown as ContainerSpec)
    .filter((container) => !says(container) && find(playing, intention.name, container) !== undefined)
    .map((container) =>
      refused(`spec.steps[${index}].patch`, `container ${container.name} needs a command: a patch is sent as it stands`)
    )

const unique = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> => [
  ...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()
]

/** The same scenario, with its programs in its manifests. */
export const playableScenario = (
  scenario: Scenario,
  image: string | undefined
): { readonly scenario: Scenario; readonly findings: ReadonlyArray<Finding> } => {
  const playing: Playing = { programs: scenario.programs, image }
  const findings: Array<Finding> = []
  const steps = scenario.steps.map((step, index) => {
    const { intention } = step
    if (intention._tag === "Patch") findings.push(...ofPatch(intention, index, playing))
    if (intention._tag !== "Apply") return step
    const objects = intention.objects.map((object) => {
      const playable = playableObject(object, playing)
      findings.push(...playable.findings)
      return playable.object
    })
    const same = objects.every((object, i) => object === intention.objects[i])
    return same ? step : { ...step, intention: { ...intention, objects } }
  })
  return { scenario: { ...scenario, steps }, findings: unique(findings) }
}

export const programImageUnused = (image: string): Finding =>
  warned("--program-image", `no container needs ${image}: every one of them has a command or no program`)
