/** Scenarios in a few words. */
import { decodeScenario, type JsonObject, type Scenario } from "@kubereel/core"
import { Result } from "effect"

export const scenario = (name: string, steps: ReadonlyArray<JsonObject>, more: JsonObject = {}): Scenario =>
  Result.getOrThrow(
    decodeScenario({
      apiVersion: "kubereel.dev/v1alpha1",
      kind: "Scenario",
      metadata: { name },
      spec: { steps, until: "20s", ...more }
    })
  )
