/** The API server's rules against every recording of a real Kubernetes: first versions, bindings, deletions, status writes. */
import { readdirSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { beforeDelete, podDeletion } from "../../../src/decide/apiserver/beforeDelete.ts"
import { bindPod } from "../../../src/decide/apiserver/bindPod.ts"
import { type CreationNames, createPod } from "../../../src/decide/apiserver/createPod.ts"
import { updatePodStatus } from "../../../src/decide/apiserver/updatePod.ts"
import { type Instant, parseInstant } from "../../../src/event/Instant.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { jsonEqual } from "../../../src/event/Json.ts"
import type { PodObject } from "../../../src/event/KubernetesObject.ts"
import { decodeScenario } from "../../../src/port/decodeScenario.ts"

const root = `${import.meta.dirname}/../../../../..`
const recordings = readdirSync(`${root}/recordings`).filter((file) => file.endsWith(".jsonl.gz"))

interface Line {
  readonly observedAt: string
  readonly type: string
  readonly object: PodObject
}

const linesOf = (file: string, kind: string): ReadonlyArray<Line> =>
  gunzipSync(readFileSync(`${root}/recordings/${file}`))
    .toString()
    .split("\n")
    .filter((line) => line.includes(`"kind":"${kind}"`) || line.includes(`"kind": "${kind}"`))
    .map((line) => JSON.parse(line))
    .filter(({ object }) => object?.kind === kind)

const podLines = (file: string): ReadonlyArray<Line> => linesOf(file, "Pod")

/** By name: as they were first seen. */
const nodeLabelsOf = (file: string) =>
  new Map(
    linesOf(file, "Node")
      .toReversed()
      .map(({ object: { metadata } }) => [metadata.name, metadata.labels])
  )

const withoutManagedFields = (pod: PodObject): PodObject => {
  const { managedFields: _, ...metadata } = pod.metadata
  return { ...pod, metadata } as PodObject
}

const namesOf = (pod: PodObject): CreationNames => {
  const volume = (pod.spec.volumes ?? [])
    .map(({ name }) => String(name))
    .find((name) => name.startsWith("kube-api-access-"))
  return {
    namespace: pod.metadata.namespace ?? "",
    uid: pod.metadata.uid ?? "",
    resourceVersion: pod.metadata.resourceVersion ?? "",
    now: parseInstant(pod.metadata.creationTimestamp ?? "") as Instant,
    suffix: volume?.slice("kube-api-access-".length) ?? ""
  }
}

const manifestsOf = (scenario: string): ReadonlyArray<JsonObject> => {
  const decoded = decodeScenario(parse(readFileSync(`${root}/scenarios/${scenario}.yaml`, "utf8")))
  if (Result.isFailure(decoded)) return []
  return decoded.success.steps.flatMap(({ intention }) => (intention._tag === "Apply" ? intention.objects : []))
}

const classesOf = (objects: ReadonlyArray<JsonObject>) =>
  Object.fromEntries(
    objects
      .filter(({ kind }) => kind === "PriorityClass")
      .map((object) => [
        (object["metadata"] as JsonObject)["name"],
        {
          value: Number(object["value"]),
          preemptionPolicy: String(object["preemptionPolicy"] ?? "PreemptLowerPriority")
        }
      ])
  )

describe("the API server's rules and the recordings", () => {
  it("make of each applied manifest the Pod that Kubernetes stored, to the order of its fields (K-233, C-008…C-014)", () => {
    let compared = 0
    for (const file of recordings) {
      const manifests = manifestsOf(file.split(".")[0] ?? "")
      const added = podLines(file).filter(({ type }) => type === "ADDED")
      const priorityClasses = classesOf(manifests)
      for (const manifest of manifests.filter(({ kind }) => kind === "Pod")) {
        const name = (manifest["metadata"] as JsonObject)["name"]
        const recorded = added.find(({ object }) => object.metadata.name === name)
        if (recorded === undefined) continue
        compared++
        const stored = createPod(manifest, { ...namesOf(recorded.object), priorityClasses })
        expect(
          Result.isSuccess(stored) ? JSON.stringify(stored.success, null, 1) : stored.failure,
          `${file} ${String(name)}`
        ).toEqual(JSON.stringify(withoutManagedFields(recorded.object), null, 1))
      }
    }
    expect(compared).toBeGreaterThan(230)
  })

  it("find nothing to add to a Pod that Kubernetes has stored, whoever created it", () => {
    let compared = 0
    for (const file of recordings) {
      const priorityClasses = classesOf(manifestsOf(file.split(".")[0] ?? ""))
      for (const { object, type } of podLines(file)) {
        if (type !== "ADDED" || object.metadata.generation !== 1 || object.status.startTime !== undefined) continue
        // What their keys were merged into may not be said twice: stored, they are no manifests any more.
        if (JSON.stringify(object.spec).includes('"matchLabelKeys"')) continue
        compared++
        const bare = withoutManagedFields(object)
        const again = createPod(bare, { ...namesOf(object), priorityClasses })
        expect(JSON.stringify(Result.isSuccess(again) ? again.success : again.failure), file).toBe(JSON.stringify(bare))
      }
    }
    expect(compared).toBeGreaterThan(400)
  })

  it("explain every first and every later deletion that was seen (K-240, K-241, C-130…C-135)", () => {
    let seen = 0
    for (const file of recordings) {
      const before = new Map<string, PodObject>()
      for (const { object, observedAt, type } of podLines(file)) {
        const old = before.get(object.metadata.uid ?? "")
        before.set(object.metadata.uid ?? "", object)
        const { deletionGracePeriodSeconds: grace, deletionTimestamp } = object.metadata
        if (
          old === undefined ||
          type !== "MODIFIED" ||
          (deletionTimestamp === old.metadata.deletionTimestamp && grace === old.metadata.deletionGracePeriodSeconds)
        )
          continue
        seen++
        // The request's own option is not in a recording: the stored period is one that gives the same result, whole seconds.
        const first = old.metadata.deletionTimestamp === undefined
        const end = parseInstant(deletionTimestamp ?? "") ?? 0
        const now = (end - (first ? (grace ?? 0) * 1_000_000 : 0)) as Instant
        expect(Math.abs((parseInstant(observedAt) ?? 0) - now), `${file} ${observedAt}`).toBeLessThan(2_000_000)
        const decided = beforeDelete(old, { gracePeriodSeconds: grace }, now, podDeletion)
        const update = Result.isSuccess(decided) ? decided.success.update : undefined
        expect(update?.metadata, `${file} ${observedAt}`).toMatchObject({
          deletionTimestamp,
          deletionGracePeriodSeconds: grace,
          generation: object.metadata.generation
        })
      }
    }
    expect(seen).toBeGreaterThan(300)
  })

  it("bind as Kubernetes did, the topology labels of the node included (C-019, C-121)", () => {
    let bound = 0
    for (const file of recordings) {
      const before = new Map<string, PodObject>()
      const nodeLabels = nodeLabelsOf(file)
      for (const { object, type } of podLines(file)) {
        const old = before.get(object.metadata.uid ?? "")
        before.set(object.metadata.uid ?? "", object)
        if (
          old === undefined ||
          type !== "MODIFIED" ||
          old.spec.nodeName !== undefined ||
          object.spec.nodeName === undefined
        )
          continue
        bound++
        const time =
          object.status.conditions?.find((condition) => condition.type === "PodScheduled")?.lastTransitionTime ?? ""
        const { nodeName } = object.spec
        const at = parseInstant(time) as Instant
        const decided = bindPod(withoutManagedFields(old), nodeName, at, nodeLabels.get(nodeName))
        const expected = withoutManagedFields(object)
        const made = Result.isSuccess(decided)
          ? {
              ...decided.success,
              metadata: { ...decided.success.metadata, resourceVersion: object.metadata.resourceVersion }
            }
          : decided.failure
        expect(made, file).toEqual(expected)
      }
    }
    expect(bound).toBeGreaterThan(280)
  })

  it("leave every status as it was written, field by field in Kubernetes' order (C-026, C-036)", () => {
    let written = 0
    for (const file of recordings) {
      const before = new Map<string, PodObject>()
      for (const { object, type } of podLines(file)) {
        const old = before.get(object.metadata.uid ?? "")
        before.set(object.metadata.uid ?? "", object)
        if (old === undefined || type !== "MODIFIED" || jsonEqual(old.status, object.status)) continue
        // A binding is no status write: it takes the observed generation away.
        if (old.spec.nodeName === undefined && object.spec.nodeName !== undefined) continue
        written++
        expect(JSON.stringify(updatePodStatus(old, object.status).status), file).toBe(JSON.stringify(object.status))
      }
    }
    expect(written).toBeGreaterThan(1_000)
  })
})
