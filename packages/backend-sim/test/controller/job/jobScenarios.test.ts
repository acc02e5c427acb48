/** Jobs and CronJobs in whole clusters, with kubelets and everything that may be done to them: what holds in every simulation holds there. */
import type { JsonObject } from "@kubereel/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { properties, repeats, traceOf } from "../../properties.ts"

const optional = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 })

const given = (fields: { readonly [field: string]: unknown }): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject

const seconds = (most: number): fc.Arbitrary<string> => fc.integer({ min: 0, max: most }).map((count) => `${count}s`)

const jobSpec = fc
  .record({
    completions: optional(fc.integer({ min: 0, max: 4 })),
    parallelism: optional(fc.integer({ min: 0, max: 3 })),
    backoffLimit: optional(fc.integer({ min: 0, max: 3 })),
    activeDeadlineSeconds: optional(fc.integer({ min: 1, max: 60 })),
    ttlSecondsAfterFinished: optional(fc.integer({ min: 0, max: 20 })),
    suspend: optional(fc.boolean()),
    podReplacementPolicy: optional(fc.constantFrom("Failed", "TerminatingOrFailed")),
    indexed: fc.boolean(),
    restartPolicy: fc.constantFrom("Never", "OnFailure"),
    grace: fc.integer({ min: 0, max: 5 })
  })
  .map(({ completions, grace, indexed, restartPolicy, ...rest }) => {
    const containers = [{ name: "main", image: "app:1" }]
    const template = { spec: { restartPolicy, terminationGracePeriodSeconds: grace, containers } }
    const mode = indexed ? { completionMode: "Indexed", completions: completions ?? 2 } : { completions }
    return given({ ...rest, ...mode, template })
  })

const cronSpec = fc
  .record({
    schedule: fc.constantFrom("* * * * *", "*/2 * * * *", "@every 25s"),
    concurrencyPolicy: optional(fc.constantFrom("Allow", "Forbid", "Replace")),
    startingDeadlineSeconds: optional(fc.constantFrom(5, 60)),
    successfulJobsHistoryLimit: optional(fc.constantFrom(0, 1))
  })
  .chain((fields) => jobSpec.map((spec) => given({ ...fields, jobTemplate: { spec } })))

const run = fc.record({
  exitAfter: seconds(25),
  exitCode: fc.constantFrom(0, 0, 1),
  onTerm: optional(fc.constant("ignore"))
})

const patch = (kind: string, name: string) =>
  fc
    .constantFrom(
      { suspend: true },
      { suspend: false },
      ...(kind === "Job" ? [{ parallelism: 0 }, { parallelism: 4 }] : [])
    )
    .map((spec) => ({ patch: { kind, name, type: "merge", patch: { spec } } }))

const remove = (kind: string, name: string) =>
  optional(fc.constantFrom("Background", "Foreground", "Orphan")).map((propagationPolicy) => ({
    delete: given({ kind, name, propagationPolicy })
  }))

const order = (kind: string, name: string) =>
  fc.record({
    at: fc.integer({ min: 1, max: 120 }),
    what: fc.oneof(
      patch(kind, name),
      patch(kind, name),
      remove(kind, name),
      fc.constantFrom("oldest", "newest", "all").map((pick) => ({ delete: { kind: "Pod", selector: {}, pick } })),
      fc.constantFrom(true, false).map((cordon) => ({ node: { name: "n-1", cordon } })),
      fc.constant({ node: { name: "n-1", kubelet: "restart" } })
    )
  })

const scenarioOf = (
  kind: string,
  spec: JsonObject,
  runs: ReadonlyArray<object>,
  orders: ReadonlyArray<JsonObject>
) => ({
  apiVersion: "kubereel.dev/v1alpha1",
  kind: "Scenario",
  metadata: { name: "any-job" },
  spec: {
    nodes: [{ name: "n-1", cpu: 4, memory: "8Gi", pods: 20 }],
    images: [{ image: "app:1", present: true }],
    programs: [{ match: { pod: "*", container: "*" }, runs: runs.map((one) => given({ ...one })) }],
    steps: [
      { at: "0s", apply: { apiVersion: "batch/v1", kind, metadata: { name: "j" }, spec } },
      ...orders
        .toSorted((a, b) => Number(a["at"]) - Number(b["at"]))
        .map(({ at, what }) => ({ at: `${at}s`, ...(what as JsonObject) }))
    ],
    until: "240s"
  }
})

const documents = (kind: string, spec: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  fc
    .record({
      spec,
      runs: fc.array(run, { minLength: 1, maxLength: 3 }),
      orders: fc.array(order(kind, "j"), { maxLength: 5 })
    })
    .map(({ orders, runs, spec: of }) =>
      scenarioOf(kind, of, runs, orders as unknown as ReadonlyArray<JsonObject>)
    ) as unknown as fc.Arbitrary<JsonObject>

describe.each([
  ["Job", documents("Job", jobSpec)],
  ["CronJob", documents("CronJob", cronSpec)]
] as const)("in any cluster with a %s", (_, document) => {
  it("what holds for every pod holds for its pods", () => {
    fc.assert(
      fc.property(document, (one) => {
        const trace = traceOf(one)
        for (const { broken, sentence } of properties) expect([sentence, broken(trace)]).toEqual([sentence, undefined])
      }),
      { numRuns: 40, seed: 20_260_101 }
    )
  })

  it("the same scenario and seed give the same bytes", () => {
    fc.assert(fc.property(document, fc.nat(1_000), repeats), { numRuns: 8, seed: 20_260_101 })
  })
})
