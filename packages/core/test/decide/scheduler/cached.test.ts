import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { findNodes, NodeFilter } from "../../../src/decide/scheduler/findNodes.ts"
import { type NodeObject, nodeInfoOf, type PodInfo, podInfoOf } from "../../../src/decide/scheduler/NodeInfo.ts"
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
  { weight: 2, arbitrary: fc.record({ do: fc.constant("node" as const), name, parts: nodeParts }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), name }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("pod" as const),
      uid: fc.nat(15),
      name,
      shape: podShape,
      going: fc.boolean()
    })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("gone" as const), uid: fc.nat(15) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("ask" as const), shape: podShape }) }
)

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

const apply = (
  cache: SchedulerCache,
  plain: Plain,
  step: Exclude<typeof change extends fc.Arbitrary<infer T> ? T : never, { do: "ask" }>
): void => {
  switch (step.do) {
    case "node": {
      const made = node(step.name, step.parts)
      cache.putNode(made)
      plain.nodes.set(step.name, made)
      return
    }
    case "remove":
      cache.removeNode(step.name)
      plain.nodes.delete(step.name)
      return
    case "pod": {
      const going = step.going ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}
      const pod = podOf(`p${step.uid}`, step.shape, going)
      cache.putPod(cache.infoOf(pod), step.name)
      plain.pods.set(`p${step.uid}`, { info: podInfoOf(pod), name: step.name })
      return
    }
    case "gone":
      cache.removePod(`p${step.uid}`)
      plain.pods.delete(`p${step.uid}`)
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

describe("what the scheduler remembers", () => {
  it("C-225, C-227: says of every node what a look at all pods says, and gives it the same scores, in whatever order things came", () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 10, maxLength: 60 }), (steps) => {
        const [cache, plain] = [new SchedulerCache(objects), new Plain()]
        for (const step of steps) {
          if (step.do !== "ask") {
            apply(cache, plain, step)
            continue
          }
          const asked = podOf("asked", step.shape)
          holdFilters(cache, plain, asked)
          holdScores(cache, plain, asked)
        }
      }),
      { numRuns: 150 }
    )
  })

  it("decides as one that knows nothing before each pod: the same node, the same words, the same victims", () => {
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 10, maxLength: 60 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (steps, tieBreak) => {
          const [cache, plain] = [new SchedulerCache(objects), new Plain()]
          for (const step of steps) {
            if (step.do !== "ask") {
              apply(cache, plain, step)
              continue
            }
            const asked = podOf("asked", step.shape)
            const ordered = cache.nodes.flatMap(({ name }) => plain.world.nodes.find((one) => one.name === name) ?? [])
            const fresh = SchedulerCache.of(ordered, objects)
            expect(fresh.nodes.map(({ name }) => name)).toEqual(cache.nodes.map(({ name }) => name))
            const options = { start: 0, tieBreak }
            const [mine, plainly] = [
              schedulePod(cache.infoOf(asked), cache, options),
              schedulePod(podInfoOf(asked), fresh, options)
            ]
            const told = (result: typeof mine) =>
              result._tag === "Suggested"
                ? result
                : {
                    ...result,
                    nomination:
                      result.nomination._tag === "Nominated"
                        ? [
                            result.nomination.candidate.node,
                            new Set(result.nomination.candidate.victims.map(({ uid }) => uid))
                          ]
                        : result.nomination
                  }
            expect(told(mine)).toEqual(told(plainly))
          }
        }
      ),
      { numRuns: 150 }
    )
  })
})
