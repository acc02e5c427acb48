import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { findNodes, NodeFilter } from "../../../src/decide/scheduler/findNodes.ts"
import {
  type NodeObject,
  nodeInfoOf,
  type PodChanges,
  type PodInfo,
  podInfoOf,
  withChanges
} from "../../../src/decide/scheduler/NodeInfo.ts"
import { rejectionOf } from "../../../src/decide/scheduler/plugins.ts"
import { scoresByPlugin } from "../../../src/decide/scheduler/prioritizeNodes.ts"
import { SchedulerCache } from "../../../src/decide/scheduler/SchedulerCache.ts"
import { schedulePod } from "../../../src/decide/scheduler/schedulePod.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../src/event/KubernetesObject.ts"
import { naiveAffinity, naiveAffinityScores, naiveSpread, naiveSpreadScores, type World } from "./naive.ts"
import { lookup, node } from "./objects.ts"

const ZONE = "topology.kubernetes.io/zone"
const HOST = "kubernetes.io/hostname"

const app = fc.constantFrom("web", "db")
const topologyKey = fc.constantFrom(ZONE, HOST, "rack")
const labelSelector = fc.oneof(
  app.map((value) => ({ matchLabels: { app: value } })),
  fc.constant({ matchExpressions: [{ key: "app", operator: "Exists" }] }),
  fc.constant({ matchExpressions: [{ key: "app", operator: "NotIn", values: ["db"] }] })
)
const term = fc.record(
  {
    topologyKey,
    labelSelector,
    namespaces: fc.constant(["b"]),
    namespaceSelector: fc.constantFrom({}, { matchLabels: { team: "x" } })
  },
  { requiredKeys: ["topologyKey", "labelSelector"] }
)
const terms = fc.record(
  {
    requiredDuringSchedulingIgnoredDuringExecution: fc.array(term, { minLength: 1, maxLength: 2 }),
    preferredDuringSchedulingIgnoredDuringExecution: fc.array(
      fc.record({ weight: fc.integer({ min: 1, max: 100 }), podAffinityTerm: term }),
      { minLength: 1, maxLength: 2 }
    )
  },
  { requiredKeys: [] }
)
const constraint = fc.record(
  {
    topologyKey,
    labelSelector,
    maxSkew: fc.integer({ min: 1, max: 3 }),
    whenUnsatisfiable: fc.constantFrom("DoNotSchedule", "ScheduleAnyway"),
    minDomains: fc.integer({ min: 1, max: 4 }),
    nodeAffinityPolicy: fc.constantFrom("Honor", "Ignore"),
    nodeTaintsPolicy: fc.constantFrom("Honor", "Ignore")
  },
  { requiredKeys: ["topologyKey", "labelSelector", "maxSkew", "whenUnsatisfiable"] }
)
const spec = fc.record(
  {
    affinity: fc.record({ podAffinity: terms, podAntiAffinity: terms }, { requiredKeys: [] }),
    topologySpreadConstraints: fc.array(constraint, { minLength: 1, maxLength: 2 }),
    nodeSelector: fc.constant({ [ZONE]: "z1" }),
    priority: fc.nat(2),
    tolerations: fc.constant([{ operator: "Exists" }])
  },
  { requiredKeys: [] }
)
const podShape = fc.record({ spec, app, namespace: fc.constantFrom("a", "b"), cpu: fc.constantFrom("100m", "900m") })

const nodeParts = fc.record({
  labels: fc.record(
    { [ZONE]: fc.constantFrom("z1", "z2"), rack: fc.constantFrom("r1", "r2", "r3") },
    { requiredKeys: [] }
  ),
  spec: fc.constantFrom(
    {},
    {},
    { taints: [{ key: "k", effect: "NoSchedule" }] },
    { taints: [{ key: "s", effect: "PreferNoSchedule" }] }
  )
})
const name = fc.constantFrom("n1", "n2", "n3", "n4", "n5")

const change = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant("node" as const), name, parts: nodeParts }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), name }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("pod" as const),
      uid: fc.nat(15),
      name,
      shape: fc.nat(3),
      going: fc.boolean()
    })
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("gone" as const), uid: fc.nat(15) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("ask" as const), shape: fc.nat(3) }) }
)
/** Few templates, so that what one pod left is what the next one finds. */
const shapes = fc.array(podShape, { minLength: 4, maxLength: 4 })
const given = fc.array(nodeParts, { minLength: 5, maxLength: 5 })
const changes = fc.array(change, { minLength: 10, maxLength: 50 })

const podOf = (
  uid: string,
  { app, cpu, namespace, spec }: { app: string; cpu: string; namespace: string; spec: object },
  more: JsonObject = {}
): PodObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: uid, uid, namespace, generation: 1, labels: { app }, ...more },
  spec: { containers: [{ name: "main", image: "i", resources: { requests: { cpu } } }], ...spec },
  status: { phase: "Pending" }
})

const namespaces: ReadonlyArray<KubernetesObject> = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "a", labels: { team: "x" } } },
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "b" } }
]
const objects = lookup(...namespaces)

/** All that is known, without any table. */
class Plain {
  readonly nodes = new Map<string, NodeObject>()
  readonly pods = new Map<string, { readonly info: PodInfo; readonly name: string }>()

  get world(): World {
    const nodes = [...this.nodes.values()].map((one) =>
      nodeInfoOf(
        one,
        [...this.pods.values()].filter(({ name }) => name === one.metadata.name).map(({ info }) => info)
      )
    )
    return { nodes, labelsOf: (namespace) => objects.get("Namespace", "", namespace)?.metadata.labels ?? {} }
  }
}

type Step = typeof change extends fc.Arbitrary<infer T> ? T : never
type Shape = typeof podShape extends fc.Arbitrary<infer T> ? T : never
type Parts = typeof nodeParts extends fc.Arbitrary<infer T> ? T : never

/** Carries the steps out, and has `hold` look at whatever is asked. */
const runs = (
  { parts, shapes, steps }: { parts: ReadonlyArray<Parts>; shapes: ReadonlyArray<Shape>; steps: ReadonlyArray<Step> },
  hold: (cache: SchedulerCache, plain: Plain, asked: PodObject) => void
): void => {
  const [cache, plain] = [new SchedulerCache(objects), new Plain()]
  const put = (made: NodeObject): void => {
    cache.putNode(made)
    plain.nodes.set(made.metadata.name, made)
  }
  for (const [index, one] of parts.entries()) put(node(`n${index + 1}`, one))
  const shapeOf = (index: number): Shape => shapes[index] ?? { spec: {}, app: "web", namespace: "a", cpu: "100m" }
  for (const step of steps) {
    if (step.do === "ask") hold(cache, plain, podOf("asked", shapeOf(step.shape)))
    else if (step.do === "node") put(node(step.name, step.parts))
    else if (step.do === "remove") {
      cache.removeNode(step.name)
      plain.nodes.delete(step.name)
    } else if (step.do === "gone") {
      cache.removePod(`p${step.uid}`)
      plain.pods.delete(`p${step.uid}`)
    } else {
      const going = step.going ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}
      const pod = podOf(`p${step.uid}`, shapeOf(step.shape), going)
      cache.putPod(cache.infoOf(pod), step.name)
      plain.pods.set(`p${step.uid}`, { info: podInfoOf(pod), name: step.name })
    }
  }
}

/** What a node would say if one of its pods went, or another like the one that asks came. */
const holdChanges = (filter: NodeFilter, world: World, info: PodInfo): void => {
  for (const one of world.nodes) {
    const cached = filter.cluster.getNode(one.name)
    // One that is being deleted does not count for spreading, but to take it away is as if it had.
    const leaving = [...one.pods.values()].filter(({ class: of }) => !of.terminating)
    const all: ReadonlyArray<PodChanges> = [
      ...leaving.map((pod) => [[pod, -1]] as const),
      [[{ ...info, uid: "more" }, 1]]
    ]
    for (const changes of cached === undefined ? [] : all) {
      const after = withChanges(one, changes)
      const other = { ...world, nodes: world.nodes.map((each) => (each === one ? after : each)) }
      const plainly = rejectionOf(info, after)?.reasons ?? [
        naiveSpread(info, other)(after) ?? naiveAffinity(info, other)(after) ?? ""
      ]
      const said = cached && filter.askAfter(cached, changes)?.reasons
      expect([one.name, ...(said ?? [""])]).toEqual([one.name, ...plainly])
    }
  }
}

const holdFilters = (cache: SchedulerCache, plain: Plain, asked: PodObject): void => {
  const { world } = plain
  const info = podInfoOf(asked)
  const [spread, affinity] = [naiveSpread(info, world), naiveAffinity(info, world)]
  const filter = new NodeFilter(cache.infoOf(asked), cache)
  for (const one of world.nodes) {
    const cached = cache.getNode(one.name)
    if (cached === undefined) throw new Error(`no ${one.name}`)
    const plainly = rejectionOf(info, one)?.reasons ?? [spread(one) ?? affinity(one) ?? ""]
    expect([one.name, ...(filter.ask(cached)?.reasons ?? [""])]).toEqual([one.name, ...plainly])
  }
  holdChanges(filter, world, info)
}

/** From 0 to 100, as the rule does it. */
const spreadOut = (scores: ReadonlyArray<number | undefined>): ReadonlyArray<number> => {
  const known = scores.filter((score) => score !== undefined)
  const [least, most] = [Math.min(...known), Math.max(0, ...known)]
  return scores.map((score) =>
    score === undefined ? 0 : most === 0 ? 100 : Math.trunc((100 * (most + least - score)) / most)
  )
}

const span = (scores: ReadonlyArray<number>): ReadonlyArray<number> => {
  const [least, most] = [Math.min(...scores), Math.max(...scores)]
  return scores.map((score) => (most === least ? 0 : Math.trunc(100 * ((score - least) / (most - least)))))
}

const holdScores = (cache: SchedulerCache, plain: Plain, asked: PodObject): void => {
  const pod = cache.infoOf(asked)
  const { feasible } = findNodes(new NodeFilter(pod, cache), cache.nodes, 0)
  if (feasible.length < 2) return
  const given = new Map(
    scoresByPlugin({ pod, cluster: cache, nodes: feasible, view: cache.views.of(pod) }).map((one) => [
      one.plugin,
      [...one.scores]
    ])
  )
  const { world } = plain
  const infos = feasible.flatMap(({ name }) => world.nodes.find((one) => one.name === name) ?? [])
  const all = naiveAffinityScores(podInfoOf(asked), world)
  const affinity = infos.map((one) => all[world.nodes.indexOf(one)] ?? 0)
  expect(given.get("InterPodAffinity") ?? infos.map(() => 0)).toEqual(span(affinity))
  const spread = naiveSpreadScores(podInfoOf(asked), world, infos)
  if (given.has("PodTopologySpread")) expect(given.get("PodTopologySpread")).toEqual(spreadOut(spread))
}

const told = (result: ReturnType<typeof schedulePod>): unknown =>
  result._tag === "Unschedulable" && result.nomination._tag === "Nominated"
    ? {
        ...result,
        nomination: [
          result.nomination.candidate.node,
          new Set(result.nomination.candidate.victims.map(({ uid }) => uid))
        ]
      }
    : result

describe("what the scheduler remembers", () => {
  it("C-225, C-227: says of every node what a look at all pods says, and gives it the same scores, in whatever order things came", () => {
    fc.assert(
      fc.property(fc.record({ parts: given, shapes, steps: changes }), (story) => {
        runs(story, (cache, plain, asked) => {
          holdFilters(cache, plain, asked)
          holdScores(cache, plain, asked)
        })
      }),
      { numRuns: 150 }
    )
  })

  it("decides as one that knows nothing before each pod: the same node, the same words, the same victims", () => {
    fc.assert(
      fc.property(
        fc.record({ parts: given, shapes, steps: changes }),
        fc.integer({ min: 0, max: 99 }),
        (story, draw) => {
          runs(story, (cache, plain, asked) => {
            const { nodes } = plain.world
            const ordered = cache.nodes.flatMap(({ name }) => nodes.find((one) => one.name === name) ?? [])
            const fresh = SchedulerCache.of(ordered, objects)
            const options = { start: 0, tieBreak: draw / 100 }
            const mine = schedulePod(cache.infoOf(asked), cache, options)
            // A fresh look takes the zones in another order.
            if (fresh.nodes.some(({ name }, index) => name !== cache.nodes[index]?.name)) return
            expect(told(mine)).toEqual(told(schedulePod(podInfoOf(asked), fresh, options)))
          })
        }
      ),
      { numRuns: 150 }
    )
  })
})
