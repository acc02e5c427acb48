/** What others put into a scenario's pods is hidden; what the scenario says itself is no secret. */
import { decodeScenario, type JsonObject, makeRedactor } from "@kubereel/core"
import { Result } from "effect"
import { assert, describe, it } from "vitest"
import { hideForeign } from "../../src/play/hideForeign.ts"

const pod = (env: ReadonlyArray<JsonObject>): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec: { containers: [{ name: "main", image: "a", env }] }
})

const scenario = Result.getOrThrow(
  decodeScenario({
    apiVersion: "kubereel.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name: "s" },
    spec: { until: "1s", steps: [{ at: "0s", apply: pod([{ name: "MODE", value: "careful" }]) }] }
  })
)

describe("hiding", () => {
  it("hides what a webhook put beside the scenario's own (guarantee 18: redaction before write)", () => {
    const hide = hideForeign(scenario, makeRedactor(new Uint8Array(32)))
    const seen = hide(
      pod([
        { name: "MODE", value: "careful" },
        { name: "TOKEN", value: "canary-in-env" }
      ])
    )
    assert.notInclude(JSON.stringify(seen), "canary")
    assert.deepInclude(JSON.parse(JSON.stringify(seen)).spec.containers[0].env[0], { name: "MODE", value: "careful" })
  })

  it("leaves an object alone in which nothing is to be hidden, or if it is told to", () => {
    const plain = pod([])
    assert.strictEqual(hideForeign(scenario, makeRedactor(new Uint8Array(32)))(plain), plain)
    const token = pod([{ name: "TOKEN", value: "x" }])
    assert.strictEqual(hideForeign(scenario, undefined)(token), token)
  })
})
