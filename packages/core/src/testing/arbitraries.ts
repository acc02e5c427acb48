/** Histories for property tests: any events at all, and lives of pods as clusters tell them. */
import fc from "fast-check"
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { type Instant, SECOND, toTime } from "../event/Instant.ts"
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"
import type { PodObject } from "../event/KubernetesObject.ts"
import type { ContainerKind, ContainerState, PodEvent } from "../event/PodEvent.ts"
import { applyChanges } from "../state/changes.ts"
import { evolve } from "../state/evolve.ts"
import type { Pod } from "../state/Pod.ts"
import { parsePod } from "../state/parsePod.ts"
import { renderPod } from "../view/render.ts"

const maybe = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: undefined })
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json)
const label = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("a", "b", "app", "x/y") },
  { weight: 1, arbitrary: fc.constant("__proto__") }
)
const jsonObject: fc.Arbitrary<JsonObject> = fc.dictionary(label, json, { maxKeys: 3 })
const moment = fc
  .integer({ min: 0, max: 4_000 })
  .map((seconds) => toTime(((1_767_225_600 + seconds) * SECOND) as Instant))
const someTime = fc.oneof({ weight: 6, arbitrary: moment }, { weight: 1, arbitrary: fc.constant(null) })
const id = fc.integer({ min: 1, max: 4 }).map((n) => `containerd://${n}`)
const small = fc.integer({ min: 0, max: 4 })
const reason = fc.constantFrom("Error", "Completed", "CrashLoopBackOff", "ContainerCreating", "", "OOMKilled")
const kind = fc.constantFrom<Array<ContainerKind>>("regular", "regular", "init", "ephemeral")
const container = { kind, container: fc.constantFrom("main", "side", "constructor") }
const conditionType = fc.constantFrom("Ready", "ContainersReady", "Initialized", "PodScheduled", "example.com/gate")

/** Fields whose value is `undefined` are left out, as in every event. */
const fields = <T extends object, K extends keyof T = never>(
  required: { [P in K]: fc.Arbitrary<T[P]> },
  optional: { [P in Exclude<keyof T, K>]: fc.Arbitrary<T[P]> }
) =>
  fc.record({ ...required, ...optional } as { [P in keyof T]: fc.Arbitrary<T[P]> }, {
    requiredKeys: Object.keys(required) as never
  }) as fc.Arbitrary<T>

type Of<Tag extends PodEvent["_tag"]> = Extract<PodEvent, { readonly _tag: Tag }>
/** Event fields hold JSON whose type Schema writes down in its own way. */
const opaque = jsonObject as fc.Arbitrary<never>
const opaques = fc.array(jsonObject, { maxLength: 2 }) as fc.Arbitrary<never>
const tag = <Tag extends string>(name: Tag) => fc.constant(name)

const waiting = { reason, message: fc.string() }
const death = {
  exitCode: fc.constantFrom(0, 1, 137),
  startedAt: someTime,
  finishedAt: someTime
}
const deathDetails = { signal: small, reason, message: fc.string(), containerID: id }

export const containerState: fc.Arbitrary<ContainerState> = fc.oneof(
  fields({ _tag: tag("Waiting") }, waiting),
  fields({ _tag: tag("Running"), startedAt: someTime }, {}),
  fields({ _tag: tag("Terminated"), ...death }, deathDetails),
  fields({ _tag: tag("NoState") }, {})
) as fc.Arbitrary<ContainerState>

const path = fc.array(fc.oneof(fc.constantFrom("metadata", "spec", "status", "labels", "containers", "kind"), small), {
  maxLength: 4
})
const overlay = fc.array(fields({ path }, { value: json as fc.Arbitrary<never> }), { maxLength: 3 })

/** One arbitrary for every word of the vocabulary: a new word does not compile without one. */
const words: { readonly [Tag in PodEvent["_tag"]]: fc.Arbitrary<Of<Tag>> } = {
  PodAdded: fc.record({
    _tag: tag("PodAdded"),
    object: fc.oneof(opaque, fc.constant({ kind: "Pod", metadata: { name: "p" } } as never))
  }),
  PodWritten: fields({ _tag: tag("PodWritten") }, { resourceVersion: fc.nat().map(String), generation: small }),
  PodBound: fc.record({ _tag: tag("PodBound"), node: fc.constantFrom("node-1", "node-2") }),
  PodDeletionRequested: fields(
    { _tag: tag("PodDeletionRequested"), deletionTimestamp: moment },
    { gracePeriodSeconds: small }
  ),
  PodPatched: fc.record({ _tag: tag("PodPatched"), changes: overlay as fc.Arbitrary<never> }),
  PodRemoved: fc.record({ _tag: tag("PodRemoved") }),
  PodAccepted: fields({ _tag: tag("PodAccepted") }, { startTime: moment, hostIP: fc.ipV4(), hostIPs: opaques }),
  PodPhaseChanged: fields(
    { _tag: tag("PodPhaseChanged") },
    { phase: fc.constantFrom("Pending", "Running", "Succeeded", "Failed"), reason, message: fc.string() }
  ),
  PodConditionChanged: fields(
    { _tag: tag("PodConditionChanged"), type: conditionType, status: fc.constantFrom("True", "False", "Unknown") },
    { observedGeneration: small, lastProbeTime: someTime, lastTransitionTime: someTime, reason, message: fc.string() }
  ),
  PodConditionRemoved: fc.record({ _tag: tag("PodConditionRemoved"), type: conditionType }),
  PodConditionsOrdered: fc.record({
    _tag: tag("PodConditionsOrdered"),
    types: fc.array(conditionType, { maxLength: 4 })
  }),
  PodGenerationObserved: fields({ _tag: tag("PodGenerationObserved") }, { generation: small }),
  PodIPsAssigned: fields({ _tag: tag("PodIPsAssigned") }, { podIP: fc.ipV4(), podIPs: opaques }),
  PodQOSClassified: fields({ _tag: tag("PodQOSClassified") }, { qosClass: fc.constantFrom("BestEffort", "Burstable") }),
  PodNominated: fields({ _tag: tag("PodNominated") }, { node: fc.constant("node-1") }),
  PodResourcesReported: fields(
    { _tag: tag("PodResourcesReported") },
    { resources: opaque, allocatedResources: opaque }
  ),
  ContainerListed: fc.record({ _tag: tag("ContainerListed"), ...container, status: opaque }),
  ContainerUnlisted: fc.record({ _tag: tag("ContainerUnlisted"), ...container }),
  ContainersOrdered: fc.record({
    _tag: tag("ContainersOrdered"),
    kind,
    containers: fc.array(container.container, { maxLength: 3 })
  }),
  ContainerWaiting: fields({ _tag: tag("ContainerWaiting"), ...container }, waiting),
  ContainerStarted: fields(
    { _tag: tag("ContainerStarted"), ...container, startedAt: someTime, restartCount: small },
    { containerID: id }
  ),
  ContainerDied: fields({ _tag: tag("ContainerDied"), ...container, ...death }, deathDetails),
  ContainerStateCorrected: fc.record({
    _tag: tag("ContainerStateCorrected"),
    ...container,
    state: containerState,
    present: fc.boolean()
  }),
  ContainerLastStateCorrected: fc.record({
    _tag: tag("ContainerLastStateCorrected"),
    ...container,
    lastState: containerState,
    present: fc.boolean()
  }),
  ContainerReadinessChanged: fc.record({ _tag: tag("ContainerReadinessChanged"), ...container, ready: fc.boolean() }),
  ContainerStartupChanged: fields({ _tag: tag("ContainerStartupChanged"), ...container }, { started: fc.boolean() }),
  ContainerRestartsCounted: fc.record({ _tag: tag("ContainerRestartsCounted"), ...container, restartCount: small }),
  ContainerIdentified: fields(
    {
      _tag: tag("ContainerIdentified"),
      ...container,
      image: fc.constant("busybox"),
      imageID: fc.constantFrom("", "sha256:1")
    },
    { containerID: id }
  ),
  ContainerReported: fields(
    { _tag: tag("ContainerReported"), ...container },
    {
      allocatedResources: opaque,
      allocatedResourcesStatus: opaques,
      resources: opaque,
      volumeMounts: opaques,
      user: opaque,
      stopSignal: fc.constant("SIGTERM")
    }
  ),
  PodRest: fc.record({ _tag: tag("PodRest"), overlay: overlay as fc.Arbitrary<never> }),
  SandboxCreated: fc.record({ _tag: tag("SandboxCreated"), sandbox: id, attempt: small }),
  SandboxStopped: fc.record({ _tag: tag("SandboxStopped"), sandbox: id }),
  ProcessStarted: fc.record({ _tag: tag("ProcessStarted"), ...container, containerID: id }),
  ProcessExited: fc.record({ _tag: tag("ProcessExited"), ...container, containerID: id, exitCode: small }),
  SignalSent: fc.record({ _tag: tag("SignalSent"), ...container, containerID: id, signal: small }),
  PodSynced: fc.record({
    _tag: tag("PodSynced"),
    sync: fc.constantFrom("SyncPod", "SyncTerminatingPod", "SyncTerminatedPod")
  }),
  BackOffStarted: fc.record({ _tag: tag("BackOffStarted"), ...container, seconds: small })
}

/** Any word with any content: whether it makes sense is not asked. */
export const anyPodEvent: fc.Arbitrary<PodEvent> = fc.oneof(...Object.values(words)) as fc.Arbitrary<PodEvent>

/** Words that do not end the life of a pod, and leave its identity alone. */
const livingEvent = anyPodEvent.filter(
  ({ _tag }) => !["PodAdded", "PodRemoved", "PodRest", "PodPatched"].includes(_tag)
)

const newPod = (name: string, uid: string): PodObject => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: {
    name,
    namespace: "default",
    uid,
    resourceVersion: "1",
    generation: 1,
    creationTimestamp: "2026-01-01T00:00:00Z"
  },
  spec: {
    containers: [
      { name: "main", image: "busybox" },
      { name: "side", image: "busybox" }
    ],
    restartPolicy: "Always"
  },
  status: { phase: "Pending", qosClass: "BestEffort" }
})

const list = (name: string): PodEvent => ({
  _tag: "ContainerListed",
  kind: "regular",
  container: name,
  status: {
    name,
    state: { waiting: { reason: "ContainerCreating" } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: "busybox",
    imageID: "",
    started: false
  }
})

/** Versions of one pod, each a few words further than the one before. */
const livesOf = (name: string, uid: string): fc.Arbitrary<ReadonlyArray<PodObject>> =>
  fc.array(fc.array(livingEvent, { maxLength: 4 }), { minLength: 1, maxLength: 8 }).map((steps) => {
    const first = parsePod(newPod(name, uid))
    const accepted = [list("main"), list("side")].reduce(evolve, first)
    const pods: Array<Pod> = [first, accepted]
    for (const events of steps) pods.push(events.reduce(evolve, pods.at(-1) ?? first))
    return pods.map(renderPod)
  })

export const podLife: fc.Arbitrary<ReadonlyArray<PodObject>> = livesOf("p", "uid-p")

const damage = fc.record({
  picks: fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 6 }),
  key: maybe(label),
  value: maybe(json)
})

/** Puts anything anywhere: what no API server would serve, and what a newer one may. */
const damaged = (
  object: JsonObject,
  { picks, key, value }: { picks: ReadonlyArray<number>; key: string | undefined; value: Json | undefined }
): JsonObject => {
  const path: Array<string | number> = []
  let part: Json | undefined = object
  for (const pick of picks) {
    const steps: ReadonlyArray<string | number> = Array.isArray(part)
      ? [...part.keys()]
      : isJsonObject(part)
        ? Object.keys(part)
        : []
    const step = steps[pick % Math.max(steps.length, 1)]
    if (step === undefined) break
    path.push(step)
    part = (part as { readonly [step: string | number]: Json })[step]
  }
  if (key !== undefined && isJsonObject(part)) path.push(key)
  const result = path.length === 0 ? object : applyChanges(object, [{ path, value }]).value
  return isJsonObject(result) ? result : object
}

/** A pod's object as it may be, or as it should not be. */
export const anyPodObject: fc.Arbitrary<PodObject> = fc
  .tuple(podLife, fc.array(damage, { maxLength: 4 }))
  .map(([versions, damages]) => damages.reduce(damaged, (versions.at(-1) ?? {}) as JsonObject) as PodObject)

const LARGE = 18_446_744_073_709_551_610n

/** What a recorder sees of some pods and other objects, interleaved; resourceVersions are larger than any JavaScript number. */
export const clusterHistory: fc.Arbitrary<ReadonlyArray<ClusterEvent>> = fc
  .tuple(
    fc.tuple(livesOf("a", "uid-a"), livesOf("b", "uid-b"), livesOf("c", "uid-c")),
    fc.array(fc.nat({ max: 9 }), { maxLength: 40 }),
    fc.boolean()
  )
  .map(([lives, picks, ends]) => {
    const queues = lives.map((versions) => [...versions])
    const events: Array<ClusterEvent> = [{ _tag: "RecordingStarted", header: { scenario: "arbitrary" } }]
    const see = (object: JsonObject, change: "ADDED" | "MODIFIED" | "DELETED") => {
      const seq = events.length
      const metadata = { ...(object.metadata as JsonObject), resourceVersion: String(LARGE + BigInt(seq)) }
      const observed = ((1_767_225_600 + Math.floor(seq / 2)) * SECOND) as Instant
      events.push({ _tag: "ObjectChanged", observed, change, object: { ...object, metadata } as never })
    }
    for (const pick of picks) {
      const next = queues[pick % 4]?.shift()
      if (next !== undefined) see(next, next.status.containerStatuses === undefined ? "ADDED" : "MODIFIED")
      else if (pick === 7) events.push({ _tag: "Gap", cause: "closed", detail: "the watch ended" })
      else if (pick === 3)
        see(
          {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "c", namespace: "default", uid: "uid-c0" },
            data: { n: `${events.length}` }
          },
          "MODIFIED"
        )
      else
        events.push({
          _tag: "PodFact",
          pod: { namespace: "default", name: "a", uid: "uid-a" },
          event: { _tag: "PodSynced", sync: "SyncPod" }
        })
    }
    const last = events.findLast((event) => event._tag === "ObjectChanged" && event.object.kind === "Pod")
    if (ends && last?._tag === "ObjectChanged") see(last.object as JsonObject, "DELETED")
    return events
  })
