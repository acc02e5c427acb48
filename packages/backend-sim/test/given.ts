/** Scenarios in a few words, and what their simulation showed. */
import {
  type ClusterEvent,
  decodeScenario,
  type Instant,
  isPod,
  type KubernetesObject,
  later,
  type PodObject,
  parseDuration,
  type Scenario,
  SECOND
} from "@kubereel/core"
import { Result } from "effect"
import { Cluster, type ClusterOptions } from "../src/Cluster.ts"

interface Run {
  readonly exitAfter?: string
  readonly exitCode?: number
  readonly memory?: ReadonlyArray<{ readonly at: string; readonly usage: string | number }>
  readonly cpu?: Run["memory"]
  readonly writes?: ReadonlyArray<{ readonly at: string; readonly volume: string; readonly size: string | number }>
  readonly startError?: string
  readonly oom?: boolean
  readonly onTerm?: "ignore" | { readonly exitAfter: string; readonly exitCode: number }
  readonly terminationMessage?: string
  readonly execs?: ReadonlyArray<object>
  readonly http?: ReadonlyArray<object>
  readonly log?: ReadonlyArray<object>
}

/** A pod with one container a name, each doing what its run says. */
export const podManifest = (name: string, containers: ReadonlyArray<string>, spec: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { ...spec, containers: containers.map((container) => ({ name: container, image: "busybox:1" })) }
})

/** The ReplicaSet `web` of pods like `podManifest`'s; `more`: fields of its own spec. */
export const replicaSetManifest = (replicas: number, spec: object = {}, more: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name: "web" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: podManifest("p", ["main"], spec).spec },
    ...more
  }
})

export interface Given {
  readonly runs?: { readonly [container: string]: ReadonlyArray<Run> }
  readonly steps: ReadonlyArray<object>
  readonly until: string
  readonly nodes?: ReadonlyArray<object>
  readonly images?: ReadonlyArray<object>
  readonly kubernetes?: string
  readonly storage?: ReadonlyArray<object>
}

export const scenario = (given: Given): Scenario => {
  const decoded = decodeScenario({
    apiVersion: "kubereel.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name: "test" },
    spec: {
      description: "made by a test",
      nodes: given.nodes ?? [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "rig" }],
      images: given.images ?? [{ image: "*", present: true }],
      programs: Object.entries(given.runs ?? {}).map(([container, runs]) => ({ match: { container }, runs })),
      steps: given.steps,
      until: given.until,
      ...(given.storage === undefined ? {} : { storage: given.storage }),
      ...(given.kubernetes === undefined ? {} : { kubernetes: given.kubernetes })
    }
  })
  if (Result.isFailure(decoded)) throw new Error(JSON.stringify(decoded.failure))
  return decoded.success
}

/** Everything that was seen, steps played by hand so that the cluster itself is at hand, too. */
export const simulate = (
  given: Given,
  seed = 0,
  options: Omit<ClusterOptions, "seed"> = {}
): ReadonlyArray<ClusterEvent> => {
  const made = scenario(given)
  const cluster = new Cluster(made, { ...options, seed })
  const facts: Array<ClusterEvent> = []
  const runTo = (at: Instant) => {
    cluster.run(at, Number.POSITIVE_INFINITY)
    facts.push(...cluster.takeFacts())
  }
  for (const step of made.steps) {
    runTo(later(made.start, step.at))
    cluster.submit(step.intention)
  }
  runTo(later(made.start, parseDuration(given.until) ?? 0))
  return facts
}

const objects = (facts: ReadonlyArray<ClusterEvent>) =>
  facts.flatMap((fact) =>
    fact._tag === "ObjectChanged"
      ? [
          {
            seconds: ((fact.observed ?? 0) - start) / SECOND,
            change: fact.change,
            object: fact.object as unknown as KubernetesObject
          }
        ]
      : []
  )

const start = scenario({ steps: [], until: "1s" }).start

export interface PodMoment {
  readonly seconds: number
  readonly change: string
  readonly pod: PodObject
}

export const podMoments = (facts: ReadonlyArray<ClusterEvent>, name = "p"): ReadonlyArray<PodMoment> =>
  objects(facts).flatMap(({ change, object, seconds }) =>
    isPod(object) && object.metadata.name === name ? [{ seconds, change, pod: object }] : []
  )

/** `reason xN` of every Event about a pod, in the order of their first occurrence, with the last count. */
export const podEvents = (facts: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> => {
  const last = new Map<string, KubernetesObject>()
  for (const { object } of objects(facts))
    if (object.kind === "Event" && (object["involvedObject"] as { kind?: string } | undefined)?.kind !== "Node")
      last.set(object.metadata.name, object)
  return [...last.values()].map((event) => `${event.reason} x${event.count ?? 1}`)
}

/** `reason: message` of every Event about a pod, in the order of their first occurrence, with its last count. */
export const podMessages = (facts: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> => {
  const last = new Map<string, KubernetesObject>()
  for (const { object } of objects(facts)) if (object.kind === "Event") last.set(object.metadata.name, object)
  return [...last.values()].map((event) => `${event.reason} x${event.count ?? 1}: ${event.message}`)
}

/** Why the container waits at each version that says so, repetitions left out. */
export const waitingReasons = (moments: ReadonlyArray<PodMoment>, name = "main"): ReadonlyArray<string> =>
  moments
    .map(({ pod }) => pod.status.containerStatuses?.find((status) => status.name === name)?.state?.waiting?.["reason"])
    .filter((reason): reason is string => typeof reason === "string")
    .filter((reason, i, all) => reason !== all[i - 1])

/** `second reason container message` of every time that an Event was written; what is usual is left out of the message. */
export const timedEvents = (facts: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  objects(facts).flatMap(({ object, seconds }) => {
    if (object.kind !== "Event") return []
    const { involvedObject, message, reason } = object as unknown as {
      readonly [field: string]: string | undefined
    } & { readonly involvedObject: { readonly fieldPath?: string } }
    const container = /\{(.*)\}/.exec(involvedObject.fieldPath ?? "")?.[1]
    const usual = message === "Container started" || message === "Container created"
    return [
      [Math.floor(seconds), reason, container, usual ? undefined : message]
        .filter((part) => part !== undefined)
        .join(" ")
    ]
  })

/** The first moment at which something holds. */
export const when = (moments: ReadonlyArray<PodMoment>, holds: (pod: PodObject) => boolean): PodMoment => {
  const found = moments.find(({ pod }) => holds(pod))
  if (found === undefined) throw new Error("it never happened")
  return found
}

export const containerState = (pod: PodObject, name = "main"): string => {
  const state = pod.status.containerStatuses?.find((status) => status.name === name)?.state ?? {}
  return Object.keys(state)[0] ?? "none"
}
