/** Who owns which field of what a simulated cluster stores: nothing that was not recorded of a real one. */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import {
  decodeScenario,
  FIELD_MANAGER,
  type KubernetesObject,
  later,
  type ManagedFields,
  noManagedFields
} from "@kubereel/core"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { Cluster } from "../../src/Cluster.ts"

const root = new URL("../../../../", import.meta.url)

const simulated = (name: string): ReadonlyArray<KubernetesObject> => {
  const decoded = decodeScenario(parse(readFileSync(new URL(`scenarios/${name}.yaml`, root), "utf8")))
  if (Result.isFailure(decoded)) throw new Error(String(decoded.failure))
  const { start, steps, until } = decoded.success
  const cluster = new Cluster(decoded.success)
  for (const { at, intention } of steps) {
    cluster.run(later(start, at), Number.POSITIVE_INFINITY)
    cluster.submit(intention)
  }
  cluster.run(later(start, until), Number.POSITIVE_INFINITY)
  return cluster
    .takeFacts()
    .flatMap((fact) => (fact._tag === "ObjectChanged" ? [fact.object as unknown as KubernetesObject] : []))
}

const recorded = (name: string): ReadonlyArray<KubernetesObject> =>
  [1, 2, 3].flatMap((run) =>
    gunzipSync(readFileSync(new URL(`recordings/${name}.${run}.jsonl.gz`, root)))
      .toString()
      .split("\n")
      .flatMap((line) => (line === "" ? [] : ((JSON.parse(line) as { object?: KubernetesObject }).object ?? [])))
  )

/** The driver of the recordings named no manager. */
const driver = (manager: string) => (manager === "unknown" ? FIELD_MANAGER : manager)

const plain = (entries: ManagedFields): ReadonlyArray<string> =>
  entries.map(({ time: _, ...entry }) =>
    JSON.stringify({ ...entry, manager: driver(entry.manager) })
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UID")
      .replaceAll(/\d+\.\d+\.\d+\.\d+/g, "ADDRESS")
  )

/** All entries of a kind that there ever were. A Node of a real cluster is older than its recording. */
const entriesOf = (objects: ReadonlyArray<KubernetesObject>): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>()
  for (const { kind, metadata } of objects) {
    if (kind === "Node") continue
    const known = found.get(kind) ?? new Set()
    for (const entry of plain((metadata["managedFields"] ?? noManagedFields) as unknown as ManagedFields))
      known.add(entry)
    found.set(kind, known)
  }
  return found
}

const scenarios = [
  ["always-exit-zero", ["Pod", "Event", "Namespace"]],
  ["budget-drain", ["Pod", "PodDisruptionBudget", "StatefulSet"]],
  ["deployment-scale", ["Pod", "ReplicaSet", "Deployment"]],
  ["daemonset", ["Pod", "DaemonSet"]],
  ["ephemeral-container", ["Pod"]],
  ["job-suspend", ["Pod", "Job"]],
  ["labels-change", ["Pod"]],
  ["node-lost", ["Pod", "Deployment"]],
  ["preemption", ["Pod"]],
  ["rollout-surge", ["Pod", "ReplicaSet", "Deployment", "Event"]],
  ["statefulset", ["Pod", "StatefulSet"]]
] as const

describe("the managed fields of a simulated cluster", () => {
  it.each(scenarios)("C-003, C-029, C-030, C-035, C-399, C-422: of %s are those of recordings", (name, kinds) => {
    const [made, real] = [entriesOf(simulated(name)), entriesOf(recorded(name))]
    for (const kind of kinds) {
      const [mine, theirs] = [made.get(kind) ?? new Set<string>(), real.get(kind) ?? new Set<string>()]
      expect([...mine].filter((entry) => !theirs.has(entry))).toEqual([])
      expect(mine.size).toBeGreaterThan(0)
    }
  })
})
