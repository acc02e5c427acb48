/** Slices of workloads: what makes pods, with the pods that it has made. */
import { isPod, type KubernetesObject, type PodObject } from "../../event/KubernetesObject.ts"
import type { Seen, SliceKind, Touched } from "./Slice.ts"
import type { Change, World } from "./World.ts"

/** A workload at one moment. */
export class WorkloadSeen implements Seen {
  readonly object: KubernetesObject
  readonly change: Change
  readonly world: World
  readonly isDeleted: boolean
  /** The moment before; of that one none is known. The workload is as it was where something of it changed. */
  readonly before: WorkloadSeen | undefined
  readonly nodeName = undefined
  readonly podUid = undefined

  constructor(object: KubernetesObject, before: KubernetesObject | undefined, change: Change, world: World) {
    this.object = object
    this.change = change
    this.world = world
    this.isDeleted = change.isDeleted && change.object === object
    this.before = before === undefined ? undefined : new WorkloadSeen(before, undefined, change, world)
  }

  /** What it controls itself: the ReplicaSets of a Deployment, the pods of others. */
  get controlled(): ReadonlyArray<KubernetesObject> {
    return this.world.controlledBy(this.object.metadata.uid ?? "")
  }

  /** Its pods as they are now, a Deployment's through its ReplicaSets. */
  get pods(): ReadonlyArray<PodObject> {
    const { controlled } = this
    if (this.object.kind !== "Deployment") return controlled.filter(isPod)
    return controlled.flatMap(({ metadata }) => this.world.controlledBy(metadata.uid ?? "").filter(isPod))
  }
}

const resources: { readonly [kind: string]: string } = {
  Deployment: "deployments.apps",
  ReplicaSet: "replicasets.apps",
  StatefulSet: "statefulsets.apps",
  DaemonSet: "daemonsets.apps",
  Job: "jobs.batch",
  ReplicationController: "replicationcontrollers"
}

const controllerOf = ({ metadata }: KubernetesObject, world: World): KubernetesObject | undefined => {
  const reference = metadata.ownerReferences?.find(({ controller }) => controller === true)
  return reference === undefined ? undefined : world.object(reference.uid)
}

/** What made it, and what made that. */
const makersOf = (object: KubernetesObject, world: World): ReadonlyArray<KubernetesObject> => {
  if (object.kind !== "Pod" && object.kind !== "ReplicaSet") return []
  const maker = controllerOf(object, world)
  if (maker === undefined) return []
  const above = maker.kind === "ReplicaSet" ? controllerOf(maker, world) : undefined
  return above === undefined ? [maker] : [maker, above]
}

const workloadsOf = (kinds: ReadonlyArray<string>, name: string): SliceKind<WorkloadSeen> => ({
  name,
  sees: [
    "pods",
    ...(kinds.includes("Deployment") ? ["replicasets.apps"] : []),
    ...kinds.map((kind) => resources[kind] ?? kind)
  ],
  touch: (change, world): ReadonlyArray<Touched<WorkloadSeen>> => {
    const { before, fact, isDeleted, joins, life, object } = change
    if (fact !== undefined) return []
    const touched: Array<Touched<WorkloadSeen>> = []
    if (kinds.includes(object.kind)) {
      const view = new WorkloadSeen(object, before, change, world)
      touched.push({ key: life, view, begins: joins === "begins", ends: isDeleted })
    }
    for (const maker of makersOf(object, world)) {
      if (!kinds.includes(maker.kind)) continue
      const view = new WorkloadSeen(maker, maker, change, world)
      touched.push({ key: maker.metadata.uid ?? "", view, begins: false, ends: false })
    }
    return touched
  }
})

const known = new Map<string, SliceKind<WorkloadSeen>>()

/** Each workload with its pods; `workload.of("Deployment")`: of one kind. */
export const workload: SliceKind<WorkloadSeen> & { readonly of: (kind: string) => SliceKind<WorkloadSeen> } = {
  ...workloadsOf(Object.keys(resources), "workload"),
  of: (kind) => {
    const one = known.get(kind) ?? workloadsOf([kind], `${kind} with pods`)
    known.set(kind, one)
    return one
  }
}
