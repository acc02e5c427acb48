/** From genes to the document of a scenario: a phase in which things happen, then everything is healed and comes to rest. */
import type { JsonObject } from "../../../event/Json.ts"
import { equipment } from "../anyNeighbour.ts"
import type { AnyPod } from "../anyPod.ts"
import { imagesOf } from "../images.ts"
import { actionOf } from "./actionOf.ts"
import { knownSeconds, near, someMillis, text, textOfSeconds } from "./boundaries.ts"
import { type BarePod, Cast, type Group } from "./Cast.ts"
import { emptying, faultOf, type Terrain, type TimedVerb } from "./faultOf.ts"
import { present } from "./fields.ts"
import { Draw, type Genes } from "./genes.ts"
import { healing } from "./healing.ts"
import { finalizer, type PodGenes, podOf, priorityClasses, programsOf } from "./podOf.ts"
import { kindOf, kindsFrom, type Swarm } from "./Swarm.ts"
import { workloadOf } from "./workloadOf.ts"

/** What a document is made of. */
export interface Plan {
  readonly pods: ReadonlyArray<PodGenes>
  readonly workloads: ReadonlyArray<PodGenes>
  readonly nodes: ReadonlyArray<Genes>
  readonly actions: ReadonlyArray<Genes>
  readonly faults: ReadonlyArray<Genes>
  /** Images, settings of the scenario. */
  readonly rest: Genes
  readonly wild: Wild | undefined
}

/** Parts of the arbitraries that know every field of a manifest. */
export interface Wild {
  readonly pod: AnyPod | undefined
  readonly workload: JsonObject | undefined
  readonly beside: ReadonlyArray<JsonObject>
}

/** A moment of the first phase: at once, anywhere, or near what counts in Kubernetes. */
const momentOf = (draw: Draw, chaos: number): number => {
  switch (draw.below(4)) {
    case 0:
      return Math.min(chaos, someMillis(draw, []))
    case 1:
      return near(draw, knownSeconds) % chaos
    default:
      return draw.below(Math.max(1, chaos / 100)) * 100
  }
}

const zone = "topology.kubernetes.io/zone"
const zones = ["a", "b", "c"] as const

const nodeOf = (genes: Genes, i: number): JsonObject => {
  const draw = new Draw(genes)
  return present({
    name: `n-${i + 1}`,
    cpu: draw.of([4, 4, 2, 1]),
    memory: draw.of([undefined, undefined, "2Gi"]),
    labels: { [zone]: zones[i % zones.length] },
    clockSkew: draw.rarely(8) ? draw.of(["2s", "-1s", "-1m", "90s"]) : undefined,
    profile: draw.of([undefined, undefined, undefined, "zero", "slow-disk"])
  })
}

const created = (draw: Draw, chaos: number): number => (draw.below(5) < 3 ? 0 : Math.floor(momentOf(draw, chaos) / 2))

const barePods = ({ pods }: Plan, { counts, features }: Swarm): ReadonlyArray<BarePod> =>
  pods.map((genes, i) => {
    const shape = podOf(genes, "none", features)
    const name = `p${i}`
    const finalizers = shape.finalizers ? [finalizer] : undefined
    const labels = Object.keys(shape.labels).length === 0 ? undefined : shape.labels
    return {
      ...{ name, shape },
      manifest: { apiVersion: "v1", kind: "Pod", metadata: present({ name, labels, finalizers }), spec: shape.spec },
      from: created(new Draw(genes.own.slice(-4)), counts.chaos * 1_000),
      until: Number.POSITIVE_INFINITY,
      finalizer: shape.finalizers,
      deadline: Number(shape.spec["activeDeadlineSeconds"] ?? Number.MAX_SAFE_INTEGER)
    }
  })

const groups = ({ workloads }: Plan, { counts, features }: Swarm): ReadonlyArray<Group> =>
  workloads.map((genes, i) => {
    const name = `w${i}`
    const workload = workloadOf(genes, name, features)
    const from = created(new Draw(genes.own.slice(-4)), counts.chaos * 1_000)
    return { ...workload, name, from, until: Number.POSITIVE_INFINITY, scaledTo: workload.replicas }
  })

/** Numbers, so that equal moments keep their order. */
const inTime = (steps: ReadonlyArray<TimedVerb>): ReadonlyArray<TimedVerb> => steps.toSorted((a, b) => a.at - b.at)

const creations = (pods: ReadonlyArray<BarePod>, all: ReadonlyArray<Group>): ReadonlyArray<TimedVerb> => [
  ...pods.map(({ from, manifest }) => ({ at: from, verb: { apply: manifest } })),
  ...all.map(({ budget, from, manifest }) => ({
    at: from,
    verb: { apply: budget === undefined ? manifest : [budget, manifest] }
  }))
]

interface Emptied {
  readonly at: number
  readonly node: string
}

const actionsOf = (
  { actions }: Plan,
  { actions: weights, counts }: Swarm,
  cast: Cast,
  emptied: ReadonlyArray<Emptied>
): ReadonlyArray<TimedVerb> => {
  const chaos = counts.chaos * 1_000
  const drawn = actions.map(([kind = 0, ref = 0, ...more], number) => {
    const draw = new Draw(more)
    return { at: momentOf(draw, chaos), kinds: kindsFrom(weights, kind), ref: ref % 64, draw, number }
  })
  let known = 0
  return drawn
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ at, draw, kinds, number, ref }) => {
      for (let next = emptied[known]; next !== undefined && next.at <= at; next = emptied[++known])
        cast.emptied(next.node, next.at)
      const verb = actionOf(kinds, ref, { at, draw, cast, number })
      return verb === undefined ? [] : [{ at, verb }]
    })
}

const faultsOf = (plan: Plan, { counts, faults: weights }: Swarm, nodes: ReadonlyArray<JsonObject>) => {
  const chaos = counts.chaos * 1_000
  const names = nodes.map(({ name }) => String(name))
  const terrain: Omit<Terrain, "spare"> = {
    nodes: names,
    zoneOf: (name) => zones[names.indexOf(name) % zones.length] ?? "a",
    machine: { cpu: 4, labels: { [zone]: "a" } },
    staticPod: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "static" },
      spec: { containers: [{ name: "c0", image: "there:1" }] }
    }
  }
  const emptied: Array<Emptied> = []
  const steps = plan.faults.flatMap(([gene = 0, ref = 0, ...more], i) => {
    const kind = kindOf(weights, gene)
    const draw = new Draw(more)
    const from = momentOf(draw, chaos)
    const to = Math.min(chaos, from + Math.max(200, someMillis(draw, [40, 50, 300, 5, 10])))
    const name = names[(ref % 64) % names.length] ?? "n-1"
    const spare = `n-${names.length + 1 + i}`
    if (emptying.has(kind)) emptied.push({ at: from, node: name })
    return faultOf(kind, name, { draw, when: { from, to }, terrain: { ...terrain, spare } })
  })
  return { steps, emptied: emptied.toSorted((a, b) => a.at - b.at) }
}

/** Programs of static pods: their names end with their node's. */
const staticPrograms: ReadonlyArray<JsonObject> = [
  { match: { pod: "static-*" }, runs: [{ onTerm: { exitAfter: "50ms" } }] }
]

const wrongDigest: JsonObject = { image: "there@sha256:*", error: "NotFound" }
const newImage: JsonObject = { image: "there:2", present: true }

const programs = (
  pods: ReadonlyArray<BarePod>,
  all: ReadonlyArray<Group>,
  { wild }: Plan
): ReadonlyArray<JsonObject> => [
  ...pods.flatMap(({ name, shape }) => programsOf(name, shape)),
  ...all.flatMap(({ name, shape }) => programsOf(`${name}-*`, shape)),
  ...(wild?.pod?.programs ?? []),
  ...staticPrograms,
  { runs: [{ onTerm: { exitAfter: "50ms" } }] }
]

const prepared = (swarm: Swarm, { wild }: Plan): ReadonlyArray<TimedVerb> => {
  const classes = equipment.filter(
    ({ metadata }) => wild !== undefined || priorityClasses.some((name) => name === (metadata as JsonObject)["name"])
  )
  const first = swarm.features.has("priorities") || wild !== undefined ? classes : []
  const more =
    wild === undefined ? [] : [...wild.beside, wild.pod?.manifest, wild.workload].filter((one) => one !== undefined)
  return first.length + more.length === 0 ? [] : [{ at: 0, verb: { apply: [...first, ...more] } }]
}

export const documentOf = (swarm: Swarm, plan: Plan): JsonObject => {
  const { chaos, rest } = swarm.counts
  const nodes = plan.nodes.map(nodeOf)
  const [pods, all] = [barePods(plan, swarm), groups(plan, swarm)]
  const cast = new Cast(
    pods,
    all,
    nodes.map(({ name }) => String(name))
  )
  const start = [...prepared(swarm, plan), ...inTime(creations(pods, all))]
  const faults = faultsOf(plan, swarm, nodes)
  const happens = [...start, ...faults.steps, ...actionsOf(plan, swarm, cast, faults.emptied)]
  const steps = inTime([...happens, ...healing(happens, cast, chaos * 1_000)])
  const draw = new Draw(plan.rest)
  const pull = text(someMillis(draw, [2, 5, 10]))
  return {
    apiVersion: "kubereel.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name: "any" },
    spec: {
      nodes,
      images: [...imagesOf(pull, text(someMillis(draw, [30, 60, 120], 120))), wrongDigest, newImage],
      programs: programs(pods, all, plan),
      steps: steps.map(({ at, verb }) => ({ at: text(at), ...verb })),
      until: textOfSeconds(chaos + rest)
    }
  }
}
