import { describe, expect, it } from "vitest"
import { computeHash } from "../../../src/decide/controller/computeHash.ts"
import { newRevision } from "../../../src/decide/controller/history/controllerHistory.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { recordedVersions } from "../../recordedVersions.ts"

describe("revisions of workloads", () => {
  it("C-266: have the names that Kubernetes gave them, in every recording of a StatefulSet", () => {
    const names = new Set<string>()
    for (const set of recordedVersions("StatefulSet")) {
      const { observedGeneration, updateRevision } = set["status"] as {
        observedGeneration?: number
        updateRevision?: string
      }
      if (updateRevision === undefined || observedGeneration !== set.metadata.generation) continue
      expect(newRevision(set, 1, 0).metadata.name).toBe(updateRevision)
      names.add(updateRevision)
    }
    expect(names.size).toBeGreaterThan(3)
  })
})

describe("revisions of DaemonSets", () => {
  it("C-266: have the hash that Kubernetes gave them, in every recording of one", () => {
    const made = new Set<string>()
    for (const set of recordedVersions("DaemonSet"))
      made.add(computeHash((set["spec"] as JsonObject)["template"] as JsonObject))
    const recorded = new Set<string>()
    for (const { metadata } of recordedVersions("Pod"))
      if (metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet") === true)
        recorded.add(metadata.labels?.["controller-revision-hash"] ?? "")
    expect(recorded.size).toBeGreaterThan(0)
    expect([...recorded].filter((hash) => !made.has(hash))).toEqual([])
  })
})
