/**
 * Probes that are skipped over, against probes that are carried out tick by tick: how many visits of a worker an hour of steady pods
 * costs, and that nobody can tell the difference from what happened.
 *
 * `npm run bench -- probes` prints the ratios; a broken limit fails the run. `PODS=100000` asks for another number of pods.
 */
import { type KubernetesObject, later, SECOND, sha256Hex } from "@kubereel/core"
import { expect, test } from "vitest"
import { Cluster } from "../src/Cluster.ts"
import { podManifest, scenario } from "../test/given.ts"

const HOUR = 3_600
const PER_NODE = 100

const probes = {
  startupProbe: { exec: { command: ["up"] }, periodSeconds: 2, failureThreshold: 30 },
  readinessProbe: { httpGet: { port: 8080, path: "/ready" } },
  livenessProbe: { tcpSocket: { port: 8080 } }
}

const probed = (index: number): KubernetesObject => {
  const { spec, ...pod } = podManifest(`p-${index}`, ["main"])
  const containers = spec.containers.map((container) => ({ ...container, ...probes }))
  const nodeName = `n-${Math.floor(index / PER_NODE)}`
  return { ...pod, spec: { ...spec, containers, nodeName } } as unknown as KubernetesObject
}

/** One hour of so many pods: how often a probe was looked at, the hash of everything that happened, and the seconds that it took. */
const hour = (pods: number, everyProbeTick: boolean) => {
  const nodes = Array.from({ length: Math.ceil(pods / PER_NODE) }, (_, index) => ({
    name: `n-${index}`,
    cpu: 64,
    memory: "256Gi",
    pods: 110
  }))
  const run = {
    onTerm: "ignore" as const,
    execs: [{ command: ["up"], exitCode: 1, until: "5s" }],
    http: [
      { port: 8080, path: "/ready", from: "4s", until: "1800s" },
      { port: 8080, path: "/ready", status: 503, from: "1800s", until: "1830s" },
      { port: 8080, path: "/ready", from: "1830s" }
    ]
  }
  const made = scenario({ nodes, runs: { main: [run] }, steps: [], until: `${HOUR}s` })
  const cluster = new Cluster(made, { everyProbeTick })
  const began = performance.now()
  cluster.submit({ _tag: "Apply", objects: Array.from({ length: pods }, (_, index) => probed(index)) })
  let trace = ""
  for (let second = 1; second <= HOUR; second++) {
    cluster.run(later(made.start, second * SECOND), Number.POSITIVE_INFINITY)
    const facts = cluster.takeFacts()
    if (facts.length > 0) trace = sha256Hex(trace + facts.map((fact) => JSON.stringify(fact)).join("\n"))
  }
  return { visits: cluster.probeVisits, trace, seconds: (performance.now() - began) / 1_000 }
}

test("an hour of steady pods with three probes each costs 30 times fewer visits, and leaves the same trace", () => {
  const pods = Number(process.env["PODS"] ?? 300)
  const skipped = hour(pods, false)
  const ticked = hour(pods, true)
  const ratio = ticked.visits / skipped.visits
  console.log(
    `probes: ${pods} pods with 3 probes, 1 h: ${skipped.visits} visits instead of ${ticked.visits}, ${ratio.toFixed(1)} times fewer; ` +
      `${skipped.seconds.toFixed(1)} s instead of ${ticked.seconds.toFixed(1)} s`
  )
  expect(skipped.trace).toBe(ticked.trace)
  expect(ratio).toBeGreaterThanOrEqual(30)
})
