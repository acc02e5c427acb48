/** The class of service, from requests and limits. */
import { describe, expect, it } from "vitest"
import { qosClass } from "../../../src/decide/apiserver/qosClass.ts"
import type { PodSpec, ResourceRequirements } from "../../../src/event/KubernetesObject.ts"

const spec = (...resources: ReadonlyArray<ResourceRequirements>): PodSpec => ({
  containers: resources.map((each, i) => ({ name: `c${i}`, image: "i", resources: each }))
})
const both = { cpu: "1", memory: "1Gi" }

describe("qosClass (C-024, S-024, X-05)", () => {
  it.each<readonly [string, PodSpec, string]>([
    ["nothing asked for", spec({}), "BestEffort"],
    ["nothing of anything", spec({ requests: { cpu: "0" }, limits: { memory: "0" } }), "BestEffort"],
    ["other resources only", spec({ requests: { "ephemeral-storage": "1Gi" } }), "BestEffort"],
    ["a request", spec({ requests: { cpu: "1m" } }), "Burstable"],
    ["equal requests and limits of both", spec({ requests: both, limits: both }), "Guaranteed"],
    ["the same in other words", spec({ requests: { cpu: "1000m", memory: "1024Mi" }, limits: both }), "Guaranteed"],
    ["limits of the CPU only", spec({ requests: { cpu: "1" }, limits: { cpu: "1" } }), "Burstable"],
    ["one container without", spec({ requests: both, limits: both }, {}), "Burstable"],
    ["less than the limit", spec({ requests: { cpu: "500m", memory: "1Gi" }, limits: both }), "Burstable"],
    [
      "an init container without",
      { ...spec({ requests: both, limits: both }), initContainers: [{ name: "i", image: "i" }] },
      "Burstable"
    ],
    ["resources of the pod as a whole", { ...spec({}), resources: { requests: both, limits: both } }, "Guaranteed"]
  ])("%s", (_, given, expected) => {
    expect(qosClass(given)).toBe(expected)
  })
})
