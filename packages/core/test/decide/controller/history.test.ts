import { describe, expect, it } from "vitest"
import { newRevision } from "../../../src/decide/controller/history/controllerHistory.ts"
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
