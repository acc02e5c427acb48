/** A scenario whose containers do on a real node what their programs say: manifests in, manifests out. */
import {
  type ContainerSpec,
  type Intention,
  isJsonObject,
  type Json,
  type KubernetesObject,
  type PodSpec,
  type Scenario
} from "@kubereel/core"
import { type Finding, refused, warned } from "../Finding.ts"
import { type PodProgram, scripted, withVolume } from "./container.ts"
import { type Applied, playablePatch } from "./patch.ts"
import { findProgram, type Playing, podNames, podSpecOf, says, standIn, volumesOf } from "./pods.ts"

const replaced = (value: Json | undefined, [key, ...rest]: ReadonlyArray<string>, by: Json): Json =>
  key === undefined || !isJsonObject(value) ? by : { ...value, [key]: replaced(value[key], rest, by) }

interface Made<A> {
  readonly made: A
  readonly findings: ReadonlyArray<Finding>
  readonly volume: boolean
}

const isProgram = (one: PodProgram | undefined): one is PodProgram => one !== undefined

/** The programs of the pods; `undefined`: their containers are what their image is. */
const programsOf = (
  container: ContainerSpec,
  pods: ReadonlyArray<string>,
  playing: Playing
): readonly [PodProgram, ...ReadonlyArray<PodProgram>] | "some" | undefined => {
  const found = pods.map((pod): PodProgram | undefined => {
    const placed = findProgram(playing, pod, container)
    return placed === undefined ? undefined : { pod, placed }
  })
  const [first, ...others] = found
  if (found.every((one) => one === undefined)) return undefined
  return first !== undefined && others.every(isProgram) ? [first, ...others] : "some"
}

/** What a container has in common with those beside it. */
interface Around {
  readonly pods: ReadonlyArray<string>
  readonly volumes: ReadonlySet<string>
}

const ofContainer = (container: ContainerSpec, { pods, volumes }: Around, playing: Playing): Made<ContainerSpec> => {
  const places = programsOf(container, pods, playing)
  // What the manifest says of the process is what a real one does.
  if (says(container) || places === undefined) {
    const image = standIn(playing, container, false)
    return { made: image === undefined ? container : { ...container, image }, findings: [], volume: false }
  }
  if (places === "some") {
    const problem = `container ${container.name} has a program in some of ${pods.join(", ")} only, and one template makes them all`
    return { made: container, findings: [refused("spec.programs", problem)], volume: false }
  }
  const {
    container: made,
    findings,
    volume
  } = scripted(container, places, { image: standIn(playing, container, true), volumes })
  return { made, findings, volume }
}

const ofPodSpec = (spec: PodSpec, pods: ReadonlyArray<string>, playing: Playing): Made<PodSpec> => {
  const around: Around = { pods, volumes: volumesOf(spec) }
  const containers = spec.containers.map((one) => ofContainer(one, around, playing))
  const inits = (spec.initContainers ?? []).map((one) => ofContainer(one, around, playing))
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
const playableObject = (
  object: KubernetesObject,
  playing: Playing,
  pods = podNames(object)
): { readonly object: KubernetesObject; readonly findings: ReadonlyArray<Finding> } => {
  const template = podSpecOf(object)
  if (template === undefined) return { object, findings: [] }
  const { path, spec } = template
  const { findings, made } = ofPodSpec(spec, pods, playing)
  return { object: made === spec ? object : (replaced(object, path, made) as KubernetesObject), findings }
}

const unique = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> => [
  ...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()
]

interface Played<A> {
  readonly made: A
  readonly findings: ReadonlyArray<Finding>
}

const playableObjects = (
  objects: ReadonlyArray<KubernetesObject>,
  playing: Playing,
  podsOf = podNames
): Played<ReadonlyArray<KubernetesObject>> => {
  const played = objects.map((object) => playableObject(object, playing, podsOf(object)))
  const same = played.every(({ object }, i) => object === objects[i])
  return { made: same ? objects : played.map(({ object }) => object), findings: played.flatMap((one) => one.findings) }
}

/** A node's own pods are called after it. */
const onNode = (node: string) => (object: KubernetesObject) => podNames(object).map((pod) => `${pod}-${node}`)

const playableIntention = (intention: Intention, field: string, playing: Applied): Played<Intention> => {
  switch (intention._tag) {
    case "Apply": {
      const { findings, made: objects } = playableObjects(intention.objects, playing)
      return { made: objects === intention.objects ? intention : { ...intention, objects }, findings }
    }
    case "Patch":
      return playablePatch(intention, field, playing)
    case "Node": {
      const { findings, made } = playableObjects(intention.staticPods ?? [], playing, onNode(intention.name))
      return { made: intention.staticPods === undefined ? intention : { ...intention, staticPods: made }, findings }
    }
    default:
      return { made: intention, findings: [] }
  }
}

/** The same scenario, with its programs in its manifests. */
export const playableScenario = (
  scenario: Scenario,
  image: string | undefined
): { readonly scenario: Scenario; readonly findings: ReadonlyArray<Finding> } => {
  const programs: Playing = { programs: scenario.programs, images: scenario.images, image }
  const applied = scenario.steps
    .flatMap(({ intention }) => (intention._tag === "Apply" ? intention.objects : []))
    .map((given) => ({ given, sent: playableObject(given, programs, podNames(given)).object }))
  const playing: Applied = { ...programs, applied }
  const findings: Array<Finding> = []
  const nodes = scenario.nodes.map((node) => {
    const { findings: said, made: staticPods } = playableObjects(node.staticPods, playing, onNode(node.name))
    findings.push(...said)
    return { ...node, staticPods }
  })
  const steps = scenario.steps.map((step, index) => {
    const { findings: said, made: intention } = playableIntention(step.intention, `spec.steps[${index}].patch`, playing)
    findings.push(...said)
    return intention === step.intention ? step : { ...step, intention }
  })
  return { scenario: { ...scenario, nodes, steps }, findings: unique(findings) }
}

export const programImageUnused = (image: string): Finding =>
  warned(
    "--program-image",
    `no container needs ${image}: every one of them has a command or no program, and an image of which the scenario says nothing`
  )
