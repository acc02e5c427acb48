/**
 * The simulator against the clock: how much faster than the cluster that it stands for, and how it grows with the number of pods.
 * Baselines: the scenario's own duration; JSON.stringify of the objects that the same run wrote, once each.
 *
 * `npm run bench -- simulate` prints the ratios; a broken limit fails the run.
 */
import { type KubernetesObject, later, type Scenario, SECOND } from "@kubereel/core"
import { expect, test } from "vitest"
import { Cluster } from "../src/Cluster.ts"
import { podManifest, scenario } from "../test/given.ts"

const timed = <A>(run: () => A): { readonly seconds: number; readonly result: A } => {
  const began = performance.now()
  const result = run()
  return { seconds: (performance.now() - began) / 1_000, result }
}

const written = (made: Scenario, objects: ReadonlyArray<object>, seconds: number): ReadonlyArray<KubernetesObject> => {
  const cluster = new Cluster(made)
  cluster.submit({ _tag: "Apply", objects: objects as ReadonlyArray<KubernetesObject> })
  cluster.run(later(made.start, seconds * SECOND), Number.POSITIVE_INFINITY)
  return cluster
    .takeFacts()
    .flatMap((fact) => (fact._tag === "ObjectChanged" ? [fact.object as unknown as KubernetesObject] : []))
}

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

test("a crash loop of 340 s runs at 10,000 times real time or more", () => {
  const given = { runs: { main: [{ exitAfter: "1s", exitCode: 1 }] }, steps: [], until: "340s" }
  const made = scenario(given)
  const once = () => written(made, [podManifest("p", ["main"])], 340)
  for (let warm = 0; warm < 20; warm++) once()
  const seconds = median(Array.from({ length: 15 }, () => timed(once).seconds))
  console.log(`crash-loop: 340 s in ${(seconds * 1_000).toFixed(2)} ms = ${Math.round(340 / seconds)} × real time`)
  expect(340 / seconds).toBeGreaterThanOrEqual(10_000)
})

test.each([
  [1_000, 1],
  [10_000, 10]
])("%i pods are Running within %i s", (count, limit) => {
  const nodes = Array.from({ length: Math.ceil(count / 100) }, (_, index) => ({
    name: `n-${index}`,
    cpu: 64,
    memory: "256Gi",
    pods: 110
  }))
  const made = scenario({ nodes, steps: [], until: "60s" })
  const pods = Array.from({ length: count }, (_, index) => podManifest(`p-${index}`, ["main"]))
  // The scheduler's client binds 50 pods a second after its first hundred, so that the cluster needs minutes.
  const { result, seconds } = timed(() => written(made, pods, 10 + count / 50))
  const running = new Set(
    result
      .filter(({ kind, status }) => kind === "Pod" && (status as { phase?: string }).phase === "Running")
      .map(({ metadata }) => metadata.uid)
  )
  const encode = timed(() => result.reduce((bytes, object) => bytes + JSON.stringify(object).length, 0))
  const each = ((seconds / count) * 1e6).toFixed(0)
  console.log(
    `${count} pods: ${seconds.toFixed(2)} s, ${each} µs a pod, ${(seconds / encode.seconds).toFixed(1)} × JSON.stringify of the ${result.length} versions`
  )
  expect(running.size).toBe(count)
  expect(seconds).toBeLessThanOrEqual(limit)
})
