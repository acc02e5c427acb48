import { decodeScenario } from "@kubereel/core"
import { Result } from "effect"
import { assert, describe, it } from "vitest"
import { watchedResources } from "../../src/play/watched.ts"
import { defaultResources } from "../../src/record/Resource.ts"

const watched = (...objects: ReadonlyArray<object>): ReadonlyArray<string> => {
  const document = {
    apiVersion: "kubereel.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name: "s" },
    spec: { until: "1s", steps: objects.map((apply) => ({ at: "0s", apply })) }
  }
  const resources = watchedResources(Result.getOrThrow(decodeScenario(document)))
  return resources.map(({ name }) => name).slice(defaultResources.length)
}

describe("a run on a real cluster", () => {
  it("shows what every recording shows, and what the scenario's own objects bring along", () => {
    assert.deepStrictEqual(watched(), [])
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "s" }, spec: { ports: [{ port: 80 }] } }
    assert.deepStrictEqual(watched(service), ["services", "endpointslices.discovery.k8s.io"])
  })

  it("shows claims where somebody claims storage", () => {
    const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } }
    const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "c" }, spec }
    assert.deepStrictEqual(watched(claim), ["persistentvolumeclaims"])
  })
})
