/**
 * A whole large cluster through its controllers, scheduler and kubelets: pods of Deployments until all are Running, and a roll-out.
 * Baseline: the same with 1,000 pods, in the same process. What happened is taken away as it goes, as a run into a reel does.
 *
 * `npm run bench -- scale` prints seconds (of the clock and of the processor), memory and what a pod costs; a broken limit fails the
 * run. `PODS` and `ROLLED` ask for other numbers than 150,000 and 10,000, `NODE_NAMES=1` binds the pods without the scheduler.
 */
import { type ClusterEvent, type KubernetesObject, later, SECOND } from "@kubereel/core"
import { expect, test } from "vitest"
import { Cluster } from "../src/Cluster.ts"
import { podManifest, scenario } from "../test/given.ts"

const PER_DEPLOYMENT = 1_000
const PER_NODE = 30
/** Virtual seconds between two looks at what happened. */
const SLICE = 10
/** Of the clock: a run that is so far from its limit is given up, and says how far it came. */
const PATIENCE = 600

const bound = process.env["NODE_NAMES"] !== undefined

interface Cost {
  readonly pods: number
  /** Pods that came to where they were to come. */
  readonly reached: number
  readonly seconds: number
  readonly processor: number
  /** Virtual seconds. */
  readonly virtual: number
  readonly facts: number
  /** The most that was seen, in MB. */
  readonly memory: number
}

const told = (name: string, { facts, memory, pods, processor, reached, seconds, virtual }: Cost): void =>
  console.log(
    `${name}: ${reached} of ${pods} pods in ${seconds.toFixed(1)} s (processor ${processor.toFixed(1)} s), ` +
      `${((processor / Math.max(reached, 1)) * 1e6).toFixed(0)} µs a pod, ${memory.toFixed(0)} MB; ${facts} facts in ${virtual} s of the cluster`
  )

const deployments = (pods: number, nodes: number): ReadonlyArray<KubernetesObject> =>
  Array.from({ length: Math.ceil(pods / PER_DEPLOYMENT) }, (_, index) => {
    const labels = { app: `web-${index}` }
    const { spec } = podManifest("p", ["main"])
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: `web-${index}` },
      spec: {
        replicas: Math.min(PER_DEPLOYMENT, pods - index * PER_DEPLOYMENT),
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: bound ? { ...spec, nodeName: `n-${index % nodes}` } : spec }
      }
    } as unknown as KubernetesObject
  })

const clusterFor = (pods: number) => {
  const count = Math.ceil(pods / PER_NODE)
  const nodes = Array.from({ length: count }, (_, index) => ({
    ...{ name: `n-${index}`, cpu: 64, memory: "256Gi" },
    pods: bound ? PER_DEPLOYMENT * Math.ceil(pods / PER_DEPLOYMENT / count) + 100 : 110
  }))
  const made = scenario({ nodes, steps: [], until: "60s" })
  return { cluster: new Cluster(made), start: made.start, objects: deployments(pods, count) }
}

type Simulated = ReturnType<typeof clusterFor>

/** Runs on until `has` found so many pods among the facts. */
const until = ({ cluster, start }: Simulated, pods: number, has: (fact: ClusterEvent) => string | undefined): Cost => {
  const [clock, used] = [performance.now(), process.cpuUsage()]
  const seconds = () => (performance.now() - clock) / 1_000
  const from = (cluster.now - start) / SECOND
  const reached = new Set<string>()
  let [facts, memory, now] = [0, 0, from]
  while (reached.size < pods && seconds() < PATIENCE) {
    now += SLICE
    cluster.run(later(start, now * SECOND), Number.POSITIVE_INFINITY)
    for (const fact of cluster.takeFacts()) {
      facts++
      const uid = has(fact)
      if (uid !== undefined) reached.add(uid)
    }
    memory = Math.max(memory, process.memoryUsage().rss / 1e6)
  }
  const { system, user } = process.cpuUsage(used)
  const processor = (system + user) / 1e6
  return { pods, reached: reached.size, seconds: seconds(), processor, virtual: now - from, facts, memory }
}

const running = (fact: ClusterEvent, marked = false): string | undefined => {
  if (fact._tag !== "ObjectChanged" || fact.object.kind !== "Pod") return undefined
  const { metadata, status } = fact.object as unknown as KubernetesObject
  const ready = (status as { readonly phase?: string }).phase === "Running" && fact.change === "MODIFIED"
  return ready && (!marked || metadata.annotations?.["rolled"] !== undefined) ? metadata.uid : undefined
}

const applied = (pods: number): { readonly simulated: Simulated; readonly cost: Cost } => {
  const simulated = clusterFor(pods)
  simulated.cluster.submit({ _tag: "Apply", objects: simulated.objects })
  return { simulated, cost: until(simulated, pods, (fact) => running(fact)) }
}

test("150,000 pods of Deployments are Running within 60 s and 4 GB; a pod costs at most 1.5 times what it does among 1,000", () => {
  for (let warm = 0; warm < 2; warm++) applied(1_000)
  const small = applied(1_000).cost
  told("1,000 pods", small)
  const pods = Number(process.env["PODS"] ?? 150_000)
  const large = applied(pods).cost
  told(`${pods} pods`, large)
  const ratio = large.processor / large.reached / (small.processor / small.reached)
  console.log(`a pod among ${pods} costs ${ratio.toFixed(2)} times one among 1,000`)
  expect(large.reached).toBe(pods)
  expect(large.seconds).toBeLessThanOrEqual(60)
  expect(large.memory).toBeLessThanOrEqual(4_096)
  expect(ratio).toBeLessThanOrEqual(1.5)
})

test("10,000 pods are rolled out at no more than three times what it takes to make them", () => {
  const pods = Number(process.env["ROLLED"] ?? 10_000)
  const { cost, simulated } = applied(pods)
  told(`${pods} pods`, cost)
  const patch = { spec: { template: { metadata: { annotations: { rolled: "1" } } } } }
  const patched = {
    ...{ _tag: "Patch" as const, kind: "Deployment", namespace: undefined, subresource: undefined },
    ...{ type: "merge" as const, patch }
  }
  for (const { metadata } of simulated.objects) simulated.cluster.submit({ ...patched, name: metadata.name })
  const rolled = until(simulated, pods, (fact) => running(fact, true))
  told("rolled out", rolled)
  expect(rolled.reached).toBe(pods)
  expect(rolled.processor).toBeLessThanOrEqual(3 * cost.processor)
})
