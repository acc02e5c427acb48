/** The JSON of a pod is Kubernetes' own, down to the order of its fields. */
import { assert, describe, it } from "vitest"
import { canonical } from "../../src/event/Json.ts"
import { evolve } from "../../src/state/evolve.ts"
import { parsePod } from "../../src/state/parsePod.ts"
import { renderPod, renderStatus } from "../../src/view/render.ts"
import { podVersions, publicFiles, recordingFiles } from "../podVersions.ts"

describe("renderPod", () => {
  it.each(recordingFiles.filter((file) => file.includes(".1.")))(
    "writes the very bytes that the API server sent in %s",
    (file) => {
      for (const object of podVersions(file))
        assert.strictEqual(JSON.stringify(renderPod(parsePod(object))), JSON.stringify(object))
    }
  )

  it("brings back what others recorded", () => {
    for (const object of publicFiles.flatMap(podVersions)) assert.deepStrictEqual(renderPod(parsePod(object)), object)
  })

  const odd = [
    {},
    { kind: "Pod", metadata: null, spec: [], status: "none" },
    { kind: 7, apiVersion: {}, metadata: { name: "p" }, status: null, extra: { __proto__: null } },
    {
      metadata: { name: "p" },
      status: { phase: 1, conditions: [{ type: "Ready" }, { type: "Ready" }], containerStatuses: [null], podIPs: {} }
    },
    {
      status: {
        containerStatuses: [{ name: "a", state: { running: {}, waiting: {} }, restartCount: 0.5 }],
        conditions: []
      }
    },
    JSON.parse('{"metadata":{"name":"p","labels":{"__proto__":"x"}},"__proto__":{"a":1},"status":{"__proto__":null}}')
  ]

  it.each(odd)("brings back %j, which no API server would send", (object) => {
    assert.strictEqual(canonical(renderPod(parsePod(object as never))), canonical(object as never))
  })
})

describe("renderStatus", () => {
  it("is empty where the object has no status", () => {
    assert.deepStrictEqual(renderStatus(parsePod({ kind: "Pod", metadata: { name: "p" } })), {})
  })

  it("lays rest over the words, and passes over what leads nowhere", () => {
    const pod = parsePod({ metadata: { name: "p" }, status: { phase: "Running" } })
    const overlay = [
      { path: ["resize"], value: "Proposed" },
      { path: ["phase"] },
      { path: ["containerStatuses", 3, "name"], value: "x" }
    ]
    assert.deepStrictEqual(renderStatus(evolve(pod, { _tag: "PodRest", overlay })), { resize: "Proposed" } as never)
  })
})
