/** Random pods with probes, in random circumstances; and what their simulation shows. */
import { type ClusterEvent, decodeScenario, later, parseDuration, type Scenario } from "@kubereel/core"
import { Result } from "effect"
import fc from "fast-check"
import { Cluster, type ClusterOptions } from "../../../src/Cluster.ts"

/** Answers change at round and at odd moments, so that ticks meet other things and miss them. */
const moment = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map((s) => `${s}s`),
  fc.integer({ min: 0, max: 30_000 }).map((ms) => `${ms}ms`)
)
const takes = fc.constantFrom("0s", "0s", "50ms", "900ms", "1s", "2500ms")

const probe = fc
  .record(
    {
      handler: fc.constantFrom(
        { exec: { command: ["check"] } },
        { exec: { command: ["other"] } },
        { httpGet: { port: 80, path: "/ok" } },
        { tcpSocket: { port: 81 } },
        { grpc: { port: 82 } }
      ),
      periodSeconds: fc.constantFrom(1, 2, 3, 10),
      timeoutSeconds: fc.constantFrom(1, 2),
      failureThreshold: fc.constantFrom(1, 2, 3, 30),
      initialDelaySeconds: fc.constantFrom(0, 0, 2, 7)
    },
    { requiredKeys: ["handler", "periodSeconds", "failureThreshold"] }
  )
  .map(({ handler, ...rest }) => ({ ...handler, ...rest }))

const windows = <A extends object>(entry: fc.Arbitrary<A>) =>
  fc.array(
    fc
      .record({ from: moment, until: fc.option(moment, { nil: undefined }), entry })
      .map(({ entry: made, from, until }) => ({ ...made, from, ...(until === undefined ? {} : { until }) })),
    { maxLength: 3 }
  )

const run = fc.record(
  {
    exitAfter: moment,
    exitCode: fc.constantFrom(0, 1),
    onTerm: fc.constantFrom("ignore" as const, { exitAfter: "1s", exitCode: 0 }, { exitAfter: "0s", exitCode: 3 }),
    execs: windows(fc.record({ command: fc.constant(["check"]), exitCode: fc.constantFrom(0, 0, 1), takes })),
    http: windows(
      fc.record({ port: fc.constant(80), path: fc.constant("/ok"), status: fc.constantFrom(200, 302, 500), takes })
    ),
    tcp: windows(fc.record({ port: fc.constant(81) })),
    grpc: windows(fc.record({ port: fc.constant(82), status: fc.constantFrom("SERVING", "NOT_SERVING"), takes }))
  },
  { requiredKeys: ["onTerm", "execs"] }
)

const containerOf = (name: string) =>
  fc
    .record({ livenessProbe: probe, readinessProbe: probe, startupProbe: probe }, { requiredKeys: [] })
    .map((probes) => ({ name, image: "busybox:1", ...probes }))

const pod = fc.record({
  restartPolicy: fc.constantFrom("Always", "Always", "OnFailure", "Never"),
  terminationGracePeriodSeconds: fc.constantFrom(0, 2, 5),
  containers: fc.oneof(fc.tuple(containerOf("a")), fc.tuple(containerOf("a"), containerOf("b")))
})

const disturbance = fc.record({
  at: moment,
  pod: fc.integer({ min: 0, max: 2 }),
  what: fc.constantFrom("delete", "kill", "sandbox")
})

const orders = {
  delete: (name: string) => ({ delete: { kind: "Pod", name } }),
  kill: (name: string) => ({ kill: { pod: name, container: "a", signal: 9 } }),
  sandbox: (name: string) => ({ kill: { pod: name, container: "(sandbox)", signal: 9 } })
}

const decoded = (spec: object): Scenario => {
  const result = decodeScenario({
    apiVersion: "kubereel.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name: "test" },
    spec
  })
  if (Result.isFailure(result)) throw new Error(JSON.stringify(result.failure))
  return result.success
}

/** A node, and up to three pods that are killed and deleted at odd moments. */
export const probedPods: fc.Arbitrary<Scenario> = fc
  .record({
    profile: fc.constantFrom("rig", "zero"),
    pods: fc.array(pod, { minLength: 1, maxLength: 3 }),
    a: fc.array(run, { minLength: 1, maxLength: 2 }),
    b: fc.array(run, { minLength: 1, maxLength: 1 }),
    disturbances: fc.array(disturbance, { maxLength: 2 })
  })
  .map(({ a, b, disturbances, pods, profile }) => {
    const applied = pods.map((spec, i) => ({
      at: `${i * 700}ms`,
      apply: { apiVersion: "v1", kind: "Pod", metadata: { name: `p${i}` }, spec }
    }))
    const disturbed = disturbances
      .filter((one) => one.pod < pods.length)
      .map(({ at, pod: i, what }) => ({ at: `${(parseDuration(at) ?? 0) + 3_000_000}us`, ...orders[what](`p${i}`) }))
    return decoded({
      description: "random probes",
      nodes: [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile }],
      images: [{ image: "*", present: true }],
      programs: [
        { match: { container: "a" }, runs: a },
        { match: { container: "b" }, runs: b }
      ],
      steps: [...applied, ...disturbed].sort((x, y) => (parseDuration(x.at) ?? 0) - (parseDuration(y.at) ?? 0)),
      until: "90s"
    })
  })

/** Every fact of the scenario's simulation, and how often probes were looked at. */
export const play = (scenario: Scenario, seed: number, options: Omit<ClusterOptions, "seed"> = {}) => {
  const cluster = new Cluster(scenario, { ...options, seed })
  const facts: Array<ClusterEvent> = []
  for (const { at, intention } of scenario.steps) {
    cluster.run(later(scenario.start, at), Number.POSITIVE_INFINITY)
    cluster.submit(intention)
  }
  cluster.run(later(scenario.start, scenario.until), Number.POSITIVE_INFINITY)
  facts.push(...cluster.takeFacts())
  return { facts: facts.map((fact) => JSON.stringify(fact)), visits: cluster.probeVisits }
}
