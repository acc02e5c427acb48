import { globSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { notSimulated } from "../../../src/decide/apiserver/notSimulated.ts"
import { isNode, isTerminal, type NodeObject, nodeInfoOf, podInfoOf } from "../../../src/decide/scheduler/NodeInfo.ts"
import { schedulingFailed } from "../../../src/decide/scheduler/podScheduled.ts"
import { SchedulerCache } from "../../../src/decide/scheduler/SchedulerCache.ts"
import { schedulePod } from "../../../src/decide/scheduler/schedulePod.ts"
import { MILLISECOND, parseInstant } from "../../../src/event/Instant.ts"
import { asObject, isPod, type JsonObject, type KubernetesObject, type PodObject } from "../../../src/index.ts"
import { linesOf } from "../../view/recordings.ts"

const names = globSync("*.jsonl.gz", { cwd: `${import.meta.dirname}/../../../../../recordings` })
  .map((file) => file.replace(".jsonl.gz", ""))
  .sort()

interface Attempt {
  readonly event: KubernetesObject
  readonly pod: PodObject
  readonly nodes: ReadonlyArray<NodeObject>
  readonly bound: ReadonlyArray<PodObject>
}

/** A pod is taken to be on its node from the decision on; its binding is seen so much later at the most. */
const ASSUMED = 50 * MILLISECOND

type Seen = readonly [type: unknown, object: KubernetesObject, at: number]

/** As they were known when it decided, which is before its Event is seen: a watch of Nodes may be behind that of Pods. */
const nodesAt = (objects: ReadonlyArray<Seen>, decided: number): ReadonlyArray<NodeObject> => {
  const nodes = new Map<string, NodeObject>()
  for (const [, object, at] of objects) if (isNode(object) && at <= decided) nodes.set(object.metadata.name, object)
  return [...nodes.values()]
}

/** Every FailedScheduling of a recording, with the cluster as the scheduler saw it then: the pod in the version that the Event names. */
const attempts = (name: string): ReadonlyArray<Attempt> => {
  const objects = linesOf(name).flatMap((line) =>
    line["object"] === undefined
      ? []
      : [[line["type"], asObject(line["object"]), parseInstant(String(line["observedAt"])) ?? 0] as const]
  )
  const pods = new Map<string, PodObject>()
  const failures: Array<Attempt> = []
  for (const [type, object, seen] of objects) {
    if (isPod(object))
      type === "DELETED" ? pods.delete(object.metadata.uid ?? "") : pods.set(object.metadata.uid ?? "", object)
    if (object["reason"] !== "FailedScheduling" || type !== "ADDED") continue
    const { uid, resourceVersion } = object["involvedObject"] as JsonObject
    const pod = objects
      .map(([, other]) => other)
      .find(({ metadata }) => metadata.uid === uid && metadata.resourceVersion === resourceVersion)
    if (pod === undefined || !isPod(pod)) throw new Error(`${name}: no version ${resourceVersion} of the pod`)
    const soon = objects.flatMap(([, other, at]) => (isPod(other) && Math.abs(at - seen) < ASSUMED ? [other] : []))
    const bound = [...pods.values(), ...soon].filter(
      (other) => other.spec.nodeName !== undefined && !isTerminal(other) && other.metadata.uid !== uid
    )
    failures.push({
      event: object,
      pod,
      nodes: nodesAt(objects, parseInstant(String(object["eventTime"])) ?? seen),
      bound
    })
  }
  return failures
}

const outOfScope = (pod: PodObject): boolean =>
  notSimulated(pod).some((path) => /persistentVolumeClaim|schedulerName|resourceClaims/.test(path))

const verdict = ({ pod, nodes, bound }: Attempt) => {
  const infos = nodes.map((node) =>
    nodeInfoOf(
      node,
      bound.filter(({ spec }) => spec.nodeName === node.metadata.name).map((one) => podInfoOf(one))
    )
  )
  return schedulePod(podInfoOf(pod), SchedulerCache.of(infos), { start: 0, tieBreak: 0 })
}

describe("what a real 1.36.3 scheduler said", () => {
  const all = names.flatMap((name) => attempts(name).map((attempt) => [name, attempt] as const))
  const inScope = all.filter(([, { pod }]) => !outOfScope(pod))

  it("is there in the recordings", () => {
    expect(inScope.length).toBeGreaterThanOrEqual(21)
    expect(new Set(all.filter(([, { pod }]) => outOfScope(pod)).map(([name]) => name.replace(/\.\d$/, "")))).toEqual(
      new Set()
    )
  })

  it.each(inScope)("of %s is said word for word", (_, attempt) => {
    expect(verdict(attempt)).toMatchObject({ _tag: "Unschedulable", message: attempt.event["message"] })
  })

  it.each(inScope.filter(([name]) => !name.startsWith("preemption")))(
    "of %s stands in the pod's condition too",
    (name, attempt) => {
      const result = verdict(attempt)
      const at = parseInstant(String(attempt.event["eventTime"]))
      if (result._tag !== "Unschedulable" || at === undefined) throw new Error("expected a failure with a time")
      const condition = schedulingFailed(attempt.pod, at, { reason: "Unschedulable", message: result.message })
      const versions = linesOf(name)
        .flatMap((line) => (line["object"] === undefined ? [] : [asObject(line["object"])]))
        .filter(isPod)
        .filter(({ metadata }) => metadata.uid === attempt.pod.metadata.uid)
      const after =
        versions[
          versions.findIndex(({ metadata }) => metadata.resourceVersion === attempt.pod.metadata.resourceVersion) + 1
        ]
      if (attempt.pod.status.conditions === undefined) expect([condition]).toEqual(after?.status.conditions)
      else expect(condition).toBeUndefined()
    }
  )
})
