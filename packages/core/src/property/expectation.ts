/** What a scenario says must be true of a pod when it is over: its last state, and what was reported about it. */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { isJsonObject, type JsonObject } from "../event/Json.ts"
import { asObject, type ContainerStatus, isPod, type PodObject } from "../event/KubernetesObject.ts"
import { occurrences } from "../view/compare/History.ts"

export interface EndExpectation {
  readonly reason?: string
  readonly exitCode?: number
  /** A part of the message. */
  readonly message?: string
}

export interface ContainerExpectation extends EndExpectation {
  readonly state?: "waiting" | "running" | "terminated"
  readonly ready?: boolean
  readonly restartCount?: number
  /** Of the instance before. */
  readonly last?: EndExpectation
}

export interface EventExpectation {
  readonly reason: string
  readonly type?: string
  readonly container?: string
  /** A part of the message. */
  readonly message?: string
  /** 1 if absent, or 0 where `maxCount` is 0. */
  readonly minCount?: number
  readonly maxCount?: number
}

/** Of a pod that is gone: as it was last seen. What is not named may be anything. */
export interface Expectation {
  readonly pod: string
  readonly namespace?: string
  readonly gone?: boolean
  readonly phase?: string
  readonly reason?: string
  readonly conditions?: { readonly [type: string]: string }
  readonly containers?: { readonly [name: string]: ContainerExpectation }
  readonly events?: ReadonlyArray<EventExpectation>
}

interface Seen {
  readonly pod: PodObject
  readonly gone: boolean
}

const differs = (what: string, found: unknown, expected: unknown): ReadonlyArray<string> =>
  expected === undefined || found === expected
    ? []
    : [`${what} is ${found === undefined ? "absent" : String(found)}, expected ${String(expected)}`]

/** Versions of objects in one namespace, and of those that belong to none; `gone`: its last one. */
export const objectsOf = (history: Iterable<ClusterEvent>, namespace: string) =>
  [...history].flatMap((event) => {
    if (event._tag !== "ObjectChanged" || event.change === "BOOKMARK" || event.change === "ERROR") return []
    const object = asObject(event.object)
    const there = object.metadata.namespace ?? ""
    return there === namespace || (there === "" && object.kind !== "Event")
      ? [{ object, gone: event.change === "DELETED" }]
      : []
  })

export type Objects = ReturnType<typeof objectsOf>

/** Its newest life. */
const lastOf = (objects: Objects, name: string): Seen | undefined => {
  const last = objects.findLast(({ object }) => isPod(object) && object.metadata.name === name)
  return last !== undefined && isPod(last.object) ? { pod: last.object, gone: last.gone } : undefined
}

const lacks = (what: string, found: unknown, part: string | undefined): ReadonlyArray<string> =>
  part === undefined || (typeof found === "string" && found.includes(part))
    ? []
    : [`${what} is ${found === undefined ? "absent" : JSON.stringify(found)}, expected ${JSON.stringify(part)} in it`]

const endOf = (what: string, state: JsonObject | undefined, expected: EndExpectation): ReadonlyArray<string> => [
  ...differs(`${what}.reason`, state?.["reason"], expected.reason),
  ...differs(`${what}.exitCode`, state?.["exitCode"], expected.exitCode),
  ...lacks(`${what}.message`, state?.["message"], expected.message)
]

const stateIn = (state: JsonObject | undefined): readonly [string | undefined, JsonObject | undefined] => {
  const [name] = Object.keys(state ?? {})
  const value = name === undefined ? undefined : state?.[name]
  return [name, isJsonObject(value) ? value : undefined]
}

const containerProblems = (
  name: string,
  status: ContainerStatus | undefined,
  expected: ContainerExpectation
): ReadonlyArray<string> => {
  const what = `container ${name}`
  if (status === undefined) return [`${what} has no status`]
  const [state, value] = stateIn(status.state)
  const [, last] = stateIn(status.lastState)
  return [
    ...differs(`${what}.state`, state, expected.state),
    ...endOf(what, value, expected),
    ...differs(`${what}.ready`, status.ready, expected.ready),
    ...differs(`${what}.restartCount`, status.restartCount, expected.restartCount),
    ...(expected.last === undefined ? [] : endOf(`${what}.last`, last, expected.last))
  ]
}

const containersOf = ({ status }: PodObject): ReadonlyArray<ContainerStatus> => [
  ...(status.initContainerStatuses ?? []),
  ...(status.containerStatuses ?? []),
  ...(status.ephemeralContainerStatuses ?? [])
]

export interface Subject {
  readonly kind: string
  readonly name: string
}

const isAbout = (about: JsonObject, { kind, name }: Subject, container: string | undefined) =>
  about["kind"] === kind &&
  about["name"] === name &&
  (container === undefined || String(about["fieldPath"] ?? "").endsWith(`{${container}}`))

export const eventProblems = (
  objects: Objects,
  subject: Subject,
  expected: EventExpectation
): ReadonlyArray<string> => {
  const { container, maxCount, message, minCount = maxCount === 0 ? 0 : 1, reason, type } = expected
  const counts = new Map<string, number>()
  for (const { object } of objects) {
    const about = object["involvedObject"]
    const fits =
      object.kind === "Event" &&
      isJsonObject(about) &&
      isAbout(about, subject, container) &&
      object["reason"] === reason &&
      (type === undefined || object["type"] === type) &&
      (message === undefined || String(object["message"] ?? "").includes(message))
    if (fits) counts.set(object.metadata.name, occurrences(object))
  }
  const found = [...counts.values()].reduce((sum, one) => sum + one, 0)
  const what = `Event ${reason}${container === undefined ? "" : ` of container ${container}`}${message === undefined ? "" : ` with ${JSON.stringify(message)}`}`
  if (found < minCount) return [`${what} was reported ${found} times, expected at least ${minCount}`]
  return maxCount !== undefined && found > maxCount
    ? [`${what} was reported ${found} times, expected at most ${maxCount}`]
    : []
}

const stateProblems = ({ gone, pod }: Seen, expected: Expectation): ReadonlyArray<string> => [
  ...(expected.gone === undefined || expected.gone === gone ? [] : [gone ? "it is gone" : "it is still there"]),
  ...differs("phase", pod.status.phase, expected.phase),
  ...differs("reason", pod.status.reason, expected.reason),
  ...Object.entries(expected.conditions ?? {}).flatMap(([type, status]) =>
    differs(`condition ${type}`, pod.status.conditions?.find((one) => one.type === type)?.status, status)
  ),
  ...Object.entries(expected.containers ?? {}).flatMap(([name, container]) =>
    containerProblems(
      name,
      containersOf(pod).find((one) => one.name === name),
      container
    )
  )
]

/** A sentence for each thing that is not as expected. `namespace`: where none is named. */
export const unmet = (
  history: Iterable<ClusterEvent>,
  expected: Expectation,
  namespace: string
): ReadonlyArray<string> => {
  const objects = objectsOf(history, expected.namespace ?? namespace)
  const seen = lastOf(objects, expected.pod)
  const state = seen === undefined ? ["there never was such a pod"] : stateProblems(seen, expected)
  const events = (expected.events ?? []).flatMap((event) =>
    eventProblems(objects, { kind: "Pod", name: expected.pod }, event)
  )
  return [...state, ...events].map((problem) => `pod ${expected.pod}: ${problem}`)
}
