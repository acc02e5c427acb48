/**
 * Sixteen Jobs as a real control plane of Kubernetes 1.36.3 ran them, without nodes: `realJobs.json` holds every status that its watch
 * showed (times as T, UIDs counted) and every Event. Here the same is done to the same Jobs, by the clock of the recording.
 */
import { readFileSync } from "node:fs"
import { isPod, type JsonObject, type KubernetesObject, later, type PodObject, SECOND, toTime } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

interface Recorded {
  readonly manifests: ReadonlyArray<JsonObject>
  readonly jobs: {
    readonly [job: string]: { readonly statuses: ReadonlyArray<JsonObject>; readonly events: ReadonlyArray<string> }
  }
}

const recorded: { readonly ends: Recorded; readonly changes: Recorded } = JSON.parse(
  readFileSync(`${import.meta.dirname}/realJobs.json`, "utf8")
)

/** The recorder looked at the pods every second or two, and let those end that were five seconds old. */
const AGE = 6 * SECOND

const INDEX = "batch.kubernetes.io/job-completion-index"

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
}

const comparable = (status: JsonObject): JsonObject => {
  const { failed, succeeded } = (status["uncountedTerminatedPods"] ?? {}) as { readonly [list: string]: unknown }
  const size = (list: unknown): number => (Array.isArray(list) ? list.length : 0)
  return {
    ...status,
    conditions: ((status["conditions"] ?? []) as unknown as ReadonlyArray<Condition>).map((one) => [
      ...[one.type, one.status, one.reason]
    ]),
    ...Object.fromEntries(["startTime", "completionTime"].filter((time) => status[time]).map((time) => [time, "T"])),
    ...(status["uncountedTerminatedPods"] === undefined
      ? {}
      : {
          uncountedTerminatedPods: {
            ...(size(succeeded) > 0 ? { succeeded: size(succeeded) } : {}),
            ...(size(failed) > 0 ? { failed: size(failed) } : {})
          }
        })
  }
}

class Replayed extends TestControlPlane {
  readonly statuses = new Map<string, Array<JsonObject>>()
  readonly counted = new Map<string, Map<string, number>>()

  constructor(manifests: ReadonlyArray<JsonObject>) {
    super()
    this.store.watch((_, object) => this.#seen(object))
    for (const manifest of manifests) this.create(manifest)
  }

  #seen(object: KubernetesObject): void {
    if (object.kind === "Event") return this.#seenEvent(object)
    if (object.kind !== "Job") return
    const { name } = object.metadata
    const known = this.statuses.get(name) ?? []
    const next = comparable((object["status"] ?? {}) as JsonObject)
    if (JSON.stringify(known.at(-1)) !== JSON.stringify(next)) known.push(next)
    this.statuses.set(name, known)
  }

  #seenEvent(event: KubernetesObject): void {
    const { kind, name } = event["involvedObject"] as { readonly kind: string; readonly name: string }
    if (kind !== "Job") return
    const text = `${event["reason"]}: ${event["message"]}`
    const known = this.counted.get(name) ?? new Map<string, number>()
    known.set(text, Number(event["count"]))
    this.counted.set(name, known)
  }

  /** Every version of every Event, names of pods aside. */
  eventsOf(job: string): ReadonlyArray<string> {
    return [...(this.counted.get(job) ?? [])]
      .flatMap(([text, count]) => Array.from({ length: count }, (_, i) => (i === 0 ? text : `${text} x${i + 1}`)))
      .map((text) => text.replace(/-[a-z0-9]{5}\b/g, "-X"))
      .sort()
  }
}

const ended = (exitCode: number, at: string): JsonObject => ({
  phase: exitCode === 0 ? "Succeeded" : "Failed",
  containerStatuses: [
    {
      ...{ name: "main", image: "a:1", imageID: "", ready: false, restartCount: 0 },
      state: { terminated: { exitCode, startedAt: at, finishedAt: at, containerID: "c://1" } }
    }
  ]
})

/** How the n-th pod of a Job ended, if it did. */
const fate = (job: string, index: string | undefined, nth: number): { readonly exitCode: number } | undefined => {
  switch (job) {
    case "pi":
      return { exitCode: index === "1" ? 1 : 0 }
    case "ig":
      return { exitCode: nth === 0 ? 1 : 0 }
    case "fj":
      return nth === 0 ? { exitCode: 42 } : undefined
    case "sp":
      return index === "1" ? { exitCode: 0 } : undefined
    case "bo":
      return { exitCode: 1 }
    case "wq":
      return { exitCode: 0 }
    default:
      return undefined
  }
}

/** Pods end some seconds after they were made. */
const ends = (): Replayed => {
  const cluster = new Replayed(recorded.ends.manifests)
  const seen = new Map<string, number>()
  const end = ({ metadata }: PodObject): void => {
    const job = metadata.name.split("-")[0] ?? ""
    const nth = seen.get(job) ?? 0
    const of = fate(job, metadata.annotations?.[INDEX], nth)
    const there = cluster.list("Pod").find(({ metadata: { name } }) => name === metadata.name)
    if (of === undefined || there === undefined || there.metadata.deletionTimestamp !== undefined) return
    seen.set(job, nth + 1)
    const at = toTime(cluster.engine.now)
    const target = { type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler", lastTransitionTime: at }
    const disrupted = job === "ig" && nth === 0 ? { conditions: [target] } : {}
    cluster.patch("Pod", metadata.name, { status: { ...ended(of.exitCode, at), ...disrupted } }, "status")
  }
  cluster.store.watch((change, pod) => {
    if (change !== "ADDED" || !isPod(pod)) return
    cluster.engine.schedule(`test/${pod.metadata.name}`, later(cluster.engine.now, AGE), () => end(pod))
  })
  return cluster.run(110)
}

/** Somebody changes and deletes the Jobs. */
const changes = (): Replayed => {
  const cluster = new Replayed(recorded.changes.manifests)
  cluster.run(5.5)
  cluster.patch("Job", "sc", { spec: { parallelism: 1 } })
  cluster.patch("Job", "su", { spec: { suspend: true } })
  cluster.patch("Job", "ix", { spec: { completions: 2, parallelism: 2 } })
  cluster.delete("Job", "od")
  cluster.delete("Job", "bg", { propagationPolicy: "Background" })
  cluster.delete("Job", "fg", { propagationPolicy: "Foreground" })
  cluster.run(6)
  cluster.patch("Job", "sc", { spec: { parallelism: 2 } })
  cluster.patch("Job", "su", { spec: { suspend: false } })
  cluster.patch("Pod", "ma-orphan", { metadata: { labels: { app: "other" } } })
  cluster.patch("Job", "ix", { spec: { completions: 3, parallelism: 3 } })
  return cluster.run(21)
}

const rule: { readonly [job: string]: string } = {
  pi: "C-302, C-304: indexed, each index may fail once, one fails twice",
  ig: "C-305: a disruption is ignored",
  fj: "C-305: an exit code fails the Job",
  sp: "C-306: one index is enough",
  bo: "C-302, C-304: its pods fail until it may fail no more",
  ad: "C-304: its deadline passes",
  wq: "C-306: a queue of work: no number of completions",
  sc: "C-310: fewer pods at a time, then more",
  od: "C-139: deleted without saying how",
  bg: "deleted in the background",
  fg: "deleted in the foreground",
  su: "C-310: suspended and resumed",
  mb: "somebody else manages it",
  ma: "its own selector: a pod is adopted, and released",
  tt: "C-311: nothing to do, and soon deleted",
  ix: "C-300: fewer completions, then more"
}

describe.each([
  ["ends", recorded.ends, ends],
  ["changes", recorded.changes, changes]
] as const)("real Jobs: %s", (_, { jobs }, replay) => {
  const cluster = replay()

  it.each(Object.keys(jobs).map((job) => [rule[job] ?? job, job]))("%s", (_rule, job) => {
    expect(cluster.statuses.get(job)).toEqual(jobs[job]?.statuses)
    expect(cluster.eventsOf(job)).toEqual(jobs[job]?.events)
  })
})
