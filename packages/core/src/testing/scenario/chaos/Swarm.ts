/**
 * What a scenario is rich in: drawn anew for each one, beside what is shrunk (swarm testing, Groce et al. 2012).
 *
 * Deep states are reached where something happens often and what would undo it does not happen at all; if everything happens at
 * equal rates they are reached hardly ever.
 */
import fc from "fast-check"
import { genes } from "./genes.ts"

/** What people and controllers do; the first of them is what the simplest choice does. */
export const actions = [
  ...["kill", "killSandbox", "exec", "label", "image", "gate", "finalizer", "deadline", "resize", "debug"],
  ...["stalePatch", "scale", "rollout", "template", "pause", "suspend", "apply"]
] as const

/** What is undone by its own end. */
export const faults = [
  ...["kubeletRestart", "kubeletStop", "reboot", "shutdown", "cut", "cutOut", "cutIn", "zoneCut", "swizzle"],
  ...["memoryPressure", "diskPressure", "pidPressure", "cordon", "taintNoSchedule", "taintNoExecute"],
  ...["noSandbox", "noContainer", "noNetwork", "silentRuntime", "staticPod", "newNode"],
  ...["deafKubelet", "lateKubelet", "lateScheduler", "lateControllers", "lateController", "deafController"]
] as const

/** They destroy what others need to get deep: off together in three scenarios of five. */
export const suppressors = {
  actions: ["delete", "deleteWithGrace", "forceDelete", "again", "evict", "scaleToZero", "deleteOne", "deleteAll"],
  more: ["deleteWorkload", "drain"],
  faults: ["powerOff", "nodeLost", "nodeDeleted", "outOfService"]
} as const

/** What pods may have beside containers that run. */
export const features = [
  ...["init", "sidecars", "probes", "hooks", "crashes", "slowEnds", "rules", "images", "limits", "gates"],
  ...["finalizers", "tolerations", "priorities", "hostNetwork", "deadlines", "volumes", "budgets", "wild"]
] as const

export type ActionKind =
  | (typeof actions)[number]
  | (typeof suppressors.actions)[number]
  | (typeof suppressors.more)[number]
export type FaultKind = (typeof faults)[number] | (typeof suppressors.faults)[number]
export type Feature = (typeof features)[number]

export const actionKinds: ReadonlyArray<ActionKind> = [...actions, ...suppressors.actions, ...suppressors.more]
export const faultKinds: ReadonlyArray<FaultKind> = [...faults, ...suppressors.faults]

/** A kind for each number below the sum of all weights. */
export interface Weighted<Kind> {
  readonly kinds: ReadonlyArray<Kind>
  readonly upTo: ReadonlyArray<number>
}

export interface Swarm {
  readonly actions: Weighted<ActionKind>
  readonly faults: Weighted<FaultKind>
  readonly features: ReadonlySet<Feature>
  readonly counts: Counts
}

/** How much there is of everything. */
export interface Counts {
  readonly nodes: number
  readonly pods: number
  readonly workloads: number
  readonly actions: number
  readonly faults: number
  /** Seconds in which things happen; after them everything is healed and left alone. */
  readonly chaos: number
  /** Seconds that are left for coming to rest. */
  readonly rest: number
}

export type Size = "small" | "standard" | "any"

const isSuppressor = (kind: string): boolean =>
  [...suppressors.actions, ...suppressors.more, ...suppressors.faults].some((one) => one === kind)

const isSuppressorOf = new Map([...actionKinds, ...faultKinds].map((kind) => [kind as string, isSuppressor(kind)]))

/** Half of the kinds do not occur; the others with weights from 1 to 100. Never none. */
const weighted = <Kind extends string>(kinds: ReadonlyArray<Kind>, of: ReadonlyArray<number>, calm: boolean) => {
  const kept: Array<Kind> = []
  const upTo: Array<number> = []
  let sum = 0
  for (const [i, kind] of kinds.entries()) {
    const gene = of[i] ?? 0
    if (gene % 2 === 0 || (calm && isSuppressorOf.get(kind) === true)) continue
    sum += 1 + ((gene >> 1) % 100)
    kept.push(kind)
    upTo.push(sum)
  }
  return kept.length > 0 ? { kinds: kept, upTo } : { kinds: kinds.slice(0, 1), upTo: [1] }
}

/** The kind that a number stands for; 0 for the first. */
export const kindOf = <Kind>({ kinds, upTo }: Weighted<Kind>, gene: number): Kind => {
  const place = gene % (upTo.at(-1) ?? 1)
  return kinds[upTo.findIndex((end) => place < end)] as Kind
}

/** The kind that a number stands for, then the others in their order. */
export function* kindsFrom<Kind>(of: Weighted<Kind>, gene: number): Generator<Kind> {
  const first = of.kinds.indexOf(kindOf(of, gene))
  for (let i = 0; i < of.kinds.length; i++) yield of.kinds[(first + i) % of.kinds.length] as Kind
}

const objectCounts = [1, 1, 2, 3, 3, 5, 8, 13, 21, 40]
const chaosSeconds = [10, 30, 60, 120, 300, 620, 1_200, 2_400, 6_000]

const countsOf = (
  size: Size,
  [objects = 0, split = 0, nodes = 0, steps = 0, faulty = 0, span = 0]: ReadonlyArray<number>
): Counts => {
  if (size === "small") {
    const pods = 1 + (objects % 2)
    return {
      nodes: 1 + (nodes % 2),
      pods,
      workloads: split % 2,
      actions: 1 + (steps % 6),
      faults: faulty % 3,
      chaos: 60,
      rest: 120
    }
  }
  const all = size === "standard" ? 1 + (objects % 4) : (objectCounts[objects % objectCounts.length] ?? 1)
  const workloads = Math.min(4, split % (all + 1))
  const [chaos, rest] =
    size === "standard" ? [2_400, 1_200] : [chaosSeconds[span % chaosSeconds.length] ?? 60, 600 + (span % 2) * 600]
  const steps60 = size === "standard" ? 60 : 1 + (steps % 120)
  const faults = Math.min(faulty % 16, Math.floor(steps60 / 4))
  return {
    ...{ nodes: 1 + (nodes % 5), pods: all - workloads, workloads, faults, chaos, rest },
    actions: Math.max(1, steps60 - all - 2 * faults)
  }
}

/** Half of the features; the parts that know every field are slow to draw and often refused. */
const isOn = (feature: Feature, gene: number): boolean => (feature === "wild" ? gene % 20 === 19 : gene % 2 === 1)

/** What is rich and what is missing, for scenarios of that size. */
export const anySwarm = (size: Size): fc.Arbitrary<Swarm> =>
  fc.tuple(genes(actionKinds.length), genes(faultKinds.length), genes(features.length), genes(7)).map(
    ([ofActions, ofFaults, ofFeatures, [calm = 0, ...ofCounts]]): Swarm => ({
      actions: weighted(actionKinds, ofActions, calm % 5 < 3),
      faults: weighted(faultKinds, ofFaults, calm % 5 < 3),
      features: new Set(features.filter((one, i) => isOn(one, ofFeatures[i] ?? 0))),
      counts: countsOf(size, ofCounts)
    })
  )
