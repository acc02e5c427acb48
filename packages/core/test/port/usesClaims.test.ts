import { Result } from "effect"
import { describe, expect, it } from "vitest"
import type { JsonObject } from "../../src/event/Json.ts"
import { decodeScenario } from "../../src/port/decodeScenario.ts"
import { usesClaims } from "../../src/port/usesClaims.ts"

const asked = (spec: JsonObject): boolean =>
  usesClaims(
    Result.getOrThrow(
      decodeScenario({
        apiVersion: "kubereel.dev/v1alpha1",
        kind: "Scenario",
        metadata: { name: "s" },
        spec: { until: "1s", ...spec }
      })
    )
  )
const applied = (object: JsonObject): boolean => asked({ steps: [{ at: "0s", apply: object }] })

const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } }
const template = (volumes: ReadonlyArray<JsonObject>): JsonObject => ({
  metadata: { labels: { app: "a" } },
  spec: { containers: [{ name: "main", image: "i" }], volumes: [...volumes] }
})
const workload = (kind: string, more: JsonObject, volumes: ReadonlyArray<JsonObject> = []): JsonObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "w" },
  spec: { selector: { matchLabels: { app: "a" } }, template: template(volumes), ...more }
})

describe("storage is claimed", () => {
  it("where a driver is declared, or a claim is applied", () => {
    expect(asked({})).toBe(false)
    expect(asked({ storage: [{ driver: "d.example.com" }] })).toBe(true)
    expect(applied({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "c" }, spec: claim })).toBe(
      true
    )
  })

  it("where pods bring claims along", () => {
    const volumeClaimTemplates = [{ metadata: { name: "d" }, spec: claim }]
    expect(applied(workload("StatefulSet", { serviceName: "w", volumeClaimTemplates }))).toBe(true)
    expect(applied(workload("StatefulSet", { serviceName: "w" }))).toBe(false)
    const ephemeral = { name: "d", ephemeral: { volumeClaimTemplate: { spec: claim } } }
    expect(applied(workload("Deployment", {}, [ephemeral]))).toBe(true)
    expect(applied(workload("Deployment", {}, [{ name: "d", emptyDir: {} }]))).toBe(false)
  })
})
