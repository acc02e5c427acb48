/** Slices of containers: one container of one pod, with all its instances. */
import { isJsonObject } from "../../event/Json.ts"
import type { ContainerSpec, ContainerStatus, PodObject } from "../../event/KubernetesObject.ts"
import { type PodSeen, pod } from "./pod.ts"
import type { Seen, SliceKind, Touched } from "./Slice.ts"
import type { Change } from "./World.ts"

/** `app`: of `spec.containers`; `sidecar`: an init container with restart policy Always. */
export type ContainerRole = "app" | "init" | "sidecar"

/** A container at one moment. */
export class ContainerSeen implements Seen {
  readonly in: PodSeen
  readonly role: ContainerRole
  readonly spec: ContainerSpec
  /** `undefined`: the kubelet has not reported it yet. */
  readonly status: ContainerStatus | undefined
  /** The moment before; of that one none is known. `undefined`: this is the first one. */
  readonly before: ContainerSeen | undefined

  constructor(seen: PodSeen, role: ContainerRole, spec: ContainerSpec) {
    this.in = seen
    this.role = role
    this.spec = spec
    this.status = statusOf(seen.pod, role, spec.name)
    const was = seen.before === undefined ? undefined : specOf(seen.before.pod, role, spec.name)
    this.before = seen.before === undefined || was === undefined ? undefined : new ContainerSeen(seen.before, role, was)
  }

  get name(): string {
    return this.spec.name
  }
  get pod(): PodObject {
    return this.in.pod
  }
  get change() {
    return this.in.change
  }
  get world() {
    return this.in.world
  }
  get nodeName(): string | undefined {
    return this.in.nodeName
  }
  get podUid(): string {
    return this.in.podUid
  }
}

const statusOf = (object: PodObject, role: ContainerRole, name: string): ContainerStatus | undefined => {
  const statuses = role === "app" ? object.status.containerStatuses : object.status.initContainerStatuses
  return statuses?.find((status) => status.name === name)
}

const specOf = (object: PodObject, role: ContainerRole, name: string): ContainerSpec | undefined =>
  (role === "app" ? object.spec.containers : object.spec.initContainers)?.find((spec) => spec.name === name)

export const roleOf = (spec: ContainerSpec): ContainerRole => (spec.restartPolicy === "Always" ? "sidecar" : "init")

/** The containers of a pod that start by themselves: in the order of their start. */
export const containersOf = (
  object: PodObject
): ReadonlyArray<{ readonly role: ContainerRole; readonly spec: ContainerSpec }> => [
  ...(object.spec.initContainers ?? []).map((spec) => ({ role: roleOf(spec), spec })),
  ...object.spec.containers.map((spec) => ({ role: "app" as const, spec }))
]

/** `spec.containers{main}`, in an Event. */
const inBraces = /\{([^}]+)\}$/

/** The only one that the change concerns. */
const namedBy = ({ fact, object }: Change): string | undefined => {
  if (fact !== undefined) return "container" in fact ? fact.container : undefined
  if (object.kind !== "Event") return undefined
  const regarding = isJsonObject(object.involvedObject) ? object.involvedObject : object.regarding
  const path = isJsonObject(regarding) ? regarding.fieldPath : undefined
  return typeof path === "string" ? inBraces.exec(path)?.[1] : undefined
}

const containersIn = ({ begins, ends, key, view }: Touched<PodSeen>): ReadonlyArray<Touched<ContainerSeen>> =>
  containersOf(view.pod).map(({ role, spec }) => ({
    key: `${key}/${spec.name}`,
    view: new ContainerSeen(view, role, spec),
    begins,
    ends
  }))

/** Several kinds of slices look at one moment of a pod one after another: they share what is seen of it. */
let latest: { readonly view: PodSeen; readonly touched: ReadonlyArray<Touched<ContainerSeen>> } | undefined

const touchedIn = (pod: Touched<PodSeen>): ReadonlyArray<Touched<ContainerSeen>> => {
  if (latest?.view === pod.view) return latest.touched
  const touched = containersIn(pod)
  latest = { view: pod.view, touched }
  return touched
}

const containerWith = (each: SliceKind<PodSeen>, name: string): SliceKind<ContainerSeen> => ({
  name,
  sees: each.sees,
  touch: (change, world) => {
    const named = namedBy(change)
    const touched = each.touch(change, world).flatMap(touchedIn)
    return named === undefined ? touched : touched.filter(({ view }) => view.name === named)
  }
})

/** Each container of each pod, ephemeral ones excepted. */
export const container: SliceKind<ContainerSeen> = containerWith(pod, "container")
/** Each container of each pod, also told when the pod's node changes and of Events about the pod. */
export const containerWithNode: SliceKind<ContainerSeen> = containerWith(pod.with("node"), "container with node")
export const containerWithEvents: SliceKind<ContainerSeen> = containerWith(pod.with("events"), "container with events")
