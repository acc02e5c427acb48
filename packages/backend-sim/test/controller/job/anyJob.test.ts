/** What must hold for every Job, whatever becomes of its pods and whoever changes it meanwhile. */
import {
  type Answer,
  controllerOf,
  hasTrackingFinalizer,
  isJobFinished,
  isPod,
  isPodActive,
  type JobObject,
  type JsonObject,
  type KubernetesObject,
  later,
  type PodObject,
  SECOND,
  toTime
} from "@kubereel/core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const INDEX = "batch.kubernetes.io/job-completion-index"

const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "app:1" }] } }

const onExitCodes = (action: string, values: ReadonlyArray<number>) => ({
  action,
  onExitCodes: { operator: "In", values }
})

const failurePolicy = fc.constantFrom(
  { rules: [onExitCodes("Ignore", [3])] },
  { rules: [onExitCodes("FailJob", [3])] },
  { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }] }
)

const optional = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 })

const plain = fc.record({
  completions: optional(fc.integer({ min: 0, max: 6 })),
  parallelism: fc.integer({ min: 0, max: 4 }),
  backoffLimit: optional(fc.integer({ min: 0, max: 4 })),
  activeDeadlineSeconds: optional(fc.integer({ min: 5, max: 200 })),
  suspend: optional(fc.boolean()),
  podFailurePolicy: optional(failurePolicy)
})

const indexed = fc
  .record({
    completions: fc.integer({ min: 1, max: 5 }),
    backoffLimitPerIndex: optional(fc.integer({ min: 0, max: 2 })),
    successPolicy: optional(fc.constantFrom({ rules: [{ succeededCount: 1 }] }, { rules: [{ succeededIndexes: "0" }] }))
  })
  .map((more) => ({ ...more, completionMode: "Indexed" }))

const spec = fc
  .tuple(plain, fc.option(indexed, { nil: {} }))
  .map(([some, more]): JsonObject => ({ ...some, ...more, template }) as unknown as JsonObject)

/** What happens to the n-th of the pods that there are, or to the Job. */
type Deed =
  | { readonly what: "end"; readonly pod: number; readonly exitCode: number }
  | { readonly what: "ready" | "delete" | "disrupt"; readonly pod: number }
  | { readonly what: "patch"; readonly spec: JsonObject }
  | { readonly what: "lag"; readonly seconds: number }

const which = fc.nat({ max: 5 })
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ what: fc.constant("end" as const), pod: which, exitCode: fc.constantFrom(0, 0, 0, 1, 3) }),
  fc.record({ what: fc.constantFrom("ready" as const, "delete" as const, "disrupt" as const), pod: which }),
  fc.record({
    what: fc.constant("patch" as const),
    spec: fc.oneof(
      fc.record({ parallelism: fc.integer({ min: 0, max: 5 }) }),
      fc.record({ suspend: fc.boolean() }),
      fc.record({ activeDeadlineSeconds: fc.integer({ min: 5, max: 300 }) })
    )
  }),
  fc.record({ what: fc.constant("lag" as const), seconds: fc.integer({ min: 1, max: 15 }) })
)

const deeds = fc.array(fc.record({ after: fc.integer({ min: 0, max: 12_000 }), deed }), { maxLength: 25 })

const podsOf = (cluster: TestControlPlane): ReadonlyArray<PodObject> => cluster.list("Pod").filter(isPod)

const ended = (exitCode: number, at: string): JsonObject => ({
  phase: exitCode === 0 ? "Succeeded" : "Failed",
  containerStatuses: [
    {
      ...{ name: "main", image: "app:1", imageID: "", ready: false, restartCount: 0 },
      state: { terminated: { exitCode, startedAt: at, finishedAt: at, containerID: "c://1" } }
    }
  ]
})

class AnyJob {
  readonly cluster = new TestControlPlane()
  /** What the API server refused that no race explains. */
  readonly refused: Array<string> = []
  /** UIDs that were ever named as ended. */
  readonly named = { succeeded: new Set<string>(), failed: new Set<string>() }
  mostParallel: number

  constructor(given: JsonObject) {
    const { api, store } = this.cluster
    this.mostParallel = Number(given["parallelism"])
    const update = api.update.bind(api)
    api.update = (next: KubernetesObject, subresource: string): Answer => {
      const answer = update(next, subresource)
      if (answer.status >= 400 && answer.status !== 409 && answer.status !== 404)
        this.refused.push(JSON.stringify(answer.body))
      return answer
    }
    store.watch((_, object) => this.#seen(object))
    this.cluster.create({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "j" }, spec: given })
  }

  get job(): JobObject {
    return this.cluster.get("Job", "j") as JobObject
  }

  #seen(object: KubernetesObject): void {
    if (object.kind === "Pod") return this.#checkActive()
    if (object.kind !== "Job") return
    const { failed = [], succeeded = [] } = (object as JobObject).status.uncountedTerminatedPods ?? {}
    for (const uid of succeeded) this.named.succeeded.add(uid)
    for (const uid of failed) this.named.failed.add(uid)
  }

  /** Never more than may run at the same time, and never two of one index. */
  #checkActive(): void {
    const active = podsOf(this.cluster).filter((pod) => isPodActive(pod) && controllerOf(pod) !== undefined)
    const indexes = active.flatMap(({ metadata }) => metadata.annotations?.[INDEX] ?? [])
    if (active.length > this.mostParallel) this.refused.push(`${active.length} pods are active`)
    if (new Set(indexes).size < indexes.length) this.refused.push(`two pods have one index: ${indexes.join(" ")}`)
  }

  do(what: Deed): void {
    const { cluster } = this
    if (what.what === "lag")
      return cluster.informers.makeStale({ until: later(cluster.engine.now, what.seconds * SECOND), lag: undefined }, [
        "Pod"
      ])
    if (what.what === "patch") {
      if (isJobFinished(this.job)) return
      this.mostParallel = Math.max(this.mostParallel, Number(what.spec["parallelism"] ?? 0))
      return void cluster.patch("Job", "j", { spec: what.spec })
    }
    const pod = podsOf(cluster).filter(isPodActive)[what.pod]
    if (pod === undefined) return
    const { name } = pod.metadata
    if (what.what === "delete") return cluster.delete("Pod", name)
    if (what.what === "ready") return cluster.makeReady(name)
    const at = toTime(cluster.engine.now)
    const disrupted = [
      { type: "DisruptionTarget", status: "True", lastTransitionTime: at, reason: "PreemptionByScheduler" }
    ]
    const status = what.what === "end" ? ended(what.exitCode, at) : { ...ended(1, at), conditions: disrupted }
    cluster.patch("Pod", name, { status }, "status")
  }
}

const play = (given: JsonObject, script: ReadonlyArray<{ readonly after: number; readonly deed: Deed }>): AnyJob => {
  const any = new AnyJob(given)
  any.cluster.run(2)
  for (const { after, deed: what } of script) {
    any.cluster.run(after / 1_000)
    any.do(what)
  }
  any.cluster.run(900)
  return any
}

describe("every Job", () => {
  it("C-307, C-308, C-312: counts each pod once, runs no more than it may, and writes no status that is refused", () => {
    fc.assert(
      fc.property(spec, deeds, (given, script) => {
        const any = play(given, script)
        const { job, named } = any
        expect(any.refused).toEqual([])
        for (const uid of named.succeeded) expect(named.failed.has(uid)).toBe(false)
        const { active = 0, failed = 0, ready = 0, succeeded = 0, uncountedTerminatedPods = {} } = job.status
        expect(failed).toBe(named.failed.size)
        if (job.spec.completionMode !== "Indexed") expect(succeeded).toBe(named.succeeded.size)
        expect(uncountedTerminatedPods).toEqual({})
        const pods = podsOf(any.cluster)
        expect(active).toBe(pods.filter(isPodActive).length)
        expect(ready).toBeLessThanOrEqual(active)
        if (isJobFinished(job)) {
          expect(active).toBe(0)
          expect(pods.filter(hasTrackingFinalizer)).toEqual([])
        }
      }),
      { numRuns: 150 }
    )
  })

  it("happens the same way again", () => {
    fc.assert(
      fc.property(spec, deeds, (given, script) => {
        const [first, second] = [play(given, script), play(given, script)]
        expect(second.cluster.log).toEqual(first.cluster.log)
        expect(second.job).toEqual(first.job)
      }),
      { numRuns: 20 }
    )
  })

  it("goes with its pods when it is deleted, at any time", () => {
    fc.assert(
      fc.property(spec, deeds, fc.constantFrom("Background", "Foreground"), (given, script, propagationPolicy) => {
        const any = play(given, script)
        any.cluster.delete("Job", "j", { propagationPolicy })
        any.cluster.run(60)
        expect([...any.cluster.list("Job"), ...any.cluster.list("Pod")]).toEqual([])
      }),
      { numRuns: 30 }
    )
  })
})
