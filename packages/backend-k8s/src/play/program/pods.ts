/** Which pods an object stands for, and which program of the scenario each of their containers has. */
import {
  type ContainerSpec,
  globMatches,
  type ImageSpec,
  isJsonObject,
  type Json,
  type KubernetesObject,
  type PodSpec,
  type Program
} from "@kubereel/core"
import type { Placed } from "./container.ts"

/** Where a pod's spec is, in an object of any kind. */
const templatePaths: ReadonlyArray<ReadonlyArray<string>> = [
  ["spec", "jobTemplate", "spec", "template", "spec"],
  ["spec", "template", "spec"],
  ["spec"]
]

const at = (value: Json | undefined, path: ReadonlyArray<string>): Json | undefined =>
  path.reduce<Json | undefined>((inside, key) => (isJsonObject(inside) ? inside[key] : undefined), value)

const isPodSpec = (value: Json | undefined): value is PodSpec =>
  isJsonObject(value) && Array.isArray(value["containers"])

/** The pod's spec in an object of any kind that has one, and where it is. */
export const podSpecOf = (
  object: KubernetesObject
): { readonly path: ReadonlyArray<string>; readonly spec: PodSpec } | undefined => {
  for (const path of templatePaths) {
    const spec = at(object, path)
    if (isPodSpec(spec)) return { path, spec }
  }
  return undefined
}

export const volumesOf = ({ volumes = [] }: PodSpec): ReadonlySet<string> =>
  new Set(volumes.flatMap(({ name }) => (typeof name === "string" ? [name] : [])))

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

export interface Playing {
  readonly programs: ReadonlyArray<Program>
  readonly images: ReadonlyArray<ImageSpec>
  /** Stands in for images: `--program-image`. */
  readonly image: string | undefined
}

/**
 * The image that a container gets, if not its own: one that the scenario says is there, or whose program a script plays. One
 * that the scenario says cannot be pulled stays.
 */
export const standIn = (
  { image, images }: Playing,
  container: ContainerSpec,
  isScripted: boolean
): string | undefined => {
  const declared = images.find((one) => globMatches(one.image, container.image))
  return (declared === undefined ? isScripted : declared.error === undefined) ? image : undefined
}

export const findProgram = ({ programs }: Playing, pod: string, container: ContainerSpec): Placed | undefined => {
  const index = programs.findIndex(
    ({ match }) =>
      globMatches(match.pod, pod) &&
      globMatches(match.container, container.name) &&
      globMatches(match.image, container.image)
  )
  const program = programs[index]
  return program === undefined ? undefined : { program, field: `spec.programs[${index}]` }
}

/** The manifest says itself what the container's process is. */
export const says = ({ args = [], command = [] }: ContainerSpec): boolean => command.length + args.length > 0
