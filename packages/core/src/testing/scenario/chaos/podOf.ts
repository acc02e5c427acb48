/** Pods of every shape, bare, static or of a workload's template, each with the programs of its containers. */
import type { JsonObject } from "../../../event/Json.ts"
import { near } from "./boundaries.ts"
import { containerOf, type Made } from "./containerOf.ts"
import { present } from "./fields.ts"
import { Draw, type Genes } from "./genes.ts"
import type { Surroundings } from "./programOf.ts"
import type { Feature } from "./Swarm.ts"

export interface PodGenes {
  readonly own: Genes
  /** The first is always an app container. */
  readonly containers: ReadonlyArray<Genes>
}

export interface PodShape {
  /** Beside those of a template. */
  readonly labels: JsonObject
  readonly finalizers: boolean
  readonly spec: JsonObject
  /** By the name of the container. */
  readonly runs: ReadonlyMap<string, ReadonlyArray<JsonObject>>
  readonly images: ReadonlyArray<string>
}

/** Who the pod is of: that decides what its manifest may have. */
export type Owner = "none" | "node" | "workload" | "job"

const most = { app: 3, init: 3, sidecar: 2 } as const

/** The containers in their order, no kind more often than a pod of ours has it. */
const rolesOf = (genes: ReadonlyArray<Genes>, features: ReadonlySet<Feature>): ReadonlyArray<Surroundings["role"]> => {
  const left = {
    ...most,
    init: features.has("init") ? most.init : 0,
    sidecar: features.has("sidecars") ? most.sidecar : 0
  }
  return genes.map(([gene = 0], i) => {
    const role = i === 0 ? "app" : (["app", "init", "sidecar"] as const)[gene % 3]
    const kept = role !== undefined && left[role] > 0 ? role : "app"
    left[kept]--
    return kept
  })
}

const prefixes = { app: "c", init: "i", sidecar: "s" } as const

const tolerations = [
  [{ key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 10 }],
  [
    { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 0 },
    { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 0 }
  ],
  [{ key: "example.com/chaos", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 }]
] as const

/** A workload whose pods tolerate a node under pressure makes them as fast as the node refuses them: true, and of no use here. */
const everything = [{ operator: "Exists" }] as const

export const gateType = "example.com/gate"
export const schedulingGate = "example.com/wait"
export const finalizer = "example.com/hold"
export const priorityClasses = ["high", "low"] as const

const volumes = [{ name: "scratch", emptyDir: {} }] as const

/** What only a pod of its own can have, and what only one that the scheduler places. */
const placement = (draw: Draw, owner: Owner, features: ReadonlySet<Feature>): JsonObject => {
  if (owner === "node") return {}
  return {
    tolerations:
      features.has("tolerations") && draw.rarely(2)
        ? draw.of(owner === "none" ? [...tolerations, everything] : tolerations)
        : undefined,
    priorityClassName: features.has("priorities") && draw.rarely(2) ? draw.of(priorityClasses) : undefined,
    schedulingGates: features.has("gates") && draw.rarely(6) ? [{ name: schedulingGate }] : undefined,
    readinessGates: features.has("gates") && draw.rarely(3) ? [{ conditionType: gateType }] : undefined
  }
}

const specOf = (
  draw: Draw,
  owner: Owner,
  features: ReadonlySet<Feature>
): JsonObject & { readonly terminationGracePeriodSeconds?: number } => {
  const grace = draw.of([undefined, 1, 0, 30, 5, 600])
  const policy = draw.of(owner === "job" ? ["Never", "OnFailure"] : ["Always", "OnFailure", "Never"])
  const canEnd = owner === "none" || owner === "job"
  const deadline = features.has("deadlines") && canEnd && draw.rarely(4)
  return {
    restartPolicy: owner === "workload" ? undefined : policy,
    ...(grace === undefined ? {} : { terminationGracePeriodSeconds: grace }),
    activeDeadlineSeconds: deadline ? Math.max(1, Math.floor(near(draw, [10, 30, 60, 300]) / 1_000)) : undefined,
    hostNetwork: features.has("hostNetwork") && draw.rarely(5) ? true : undefined,
    ...placement(draw, owner, features)
  }
}

const withVolume = (made: ReadonlyArray<Made>): ReadonlyArray<Made> =>
  made.map(({ container, runs }) => ({
    container: { ...container, volumeMounts: [{ name: "scratch", mountPath: "/scratch" }] },
    runs
  }))

/** A pod of that owner, without its name. */
export const podOf = ({ containers, own }: PodGenes, owner: Owner, features: ReadonlySet<Feature>): PodShape => {
  const draw = new Draw(own)
  const { terminationGracePeriodSeconds, ...spec } = specOf(draw, owner, features)
  const grace = terminationGracePeriodSeconds ?? 30
  const numbers = { app: 0, init: 0, sidecar: 0 }
  const around = { features, grace, seconds: grace === 0 ? [2] : [grace], ends: owner === "job" }
  const roles = rolesOf(containers, features)
  const parts = containers.map((genes, i): Made => {
    const role = roles[i] ?? "app"
    const [, ...rest] = genes
    return containerOf(new Draw(rest), `${prefixes[role]}${numbers[role]++}`, { ...around, role })
  })
  const mounted = features.has("volumes") && draw.rarely(3)
  const made = mounted ? withVolume(parts) : parts
  const inits = made.filter((_, i) => roles[i] !== "app").map(({ container }) => container)
  return {
    labels: owner === "none" && draw.rarely(3) ? { app: "bare" } : {},
    finalizers: owner === "none" && features.has("finalizers") && draw.rarely(2),
    spec: present({
      ...spec,
      terminationGracePeriodSeconds,
      volumes: mounted ? volumes : undefined,
      initContainers: inits.length === 0 ? undefined : inits,
      containers: made.filter((_, i) => roles[i] === "app").map(({ container }) => container)
    }),
    runs: new Map(made.map(({ container, runs }) => [String(container["name"]), runs])),
    images: made.map(({ container }) => String(container["image"]))
  }
}

/** Of all pods with names like that glob. */
export const programsOf = (pod: string, { runs }: PodShape): ReadonlyArray<JsonObject> =>
  [...runs].map(([container, of]) => ({ match: { pod, container }, runs: of }))
