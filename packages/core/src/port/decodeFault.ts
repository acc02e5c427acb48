/** What a Fault says is what a scenario's step says (`faultSchema`, `nodeSchema`, `watchSchema`). */
import { Result } from "effect"
import { type FieldError, invalidParts, required } from "../decide/apiserver/status.ts"
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"
import { decodeScenario } from "./decodeScenario.ts"
import type { Intention } from "./Scenario.ts"
import { fieldPath, problemText } from "./scenarioProblems.ts"

/** The steps that are faults. */
const kinds = ["node", "kill", "fault", "watch"] as const

const STEP = "spec.steps[0]"

/** What is wrong, without the scenario around it. */
const shortened = (text: string): string => text.replaceAll(STEP, "spec")

const standsForEver: FieldError = required(
  "spec.watch.for",
  "a watch that stands still has to go on by itself some time"
)

/** The order that a Fault's spec gives, or what is wrong with it. */
export const decodeFault = (spec: Json | undefined): Result.Result<Intention, ReadonlyArray<FieldError>> => {
  const given = isJsonObject(spec) ? Object.keys(spec) : []
  const kind = kinds.find((one) => one === given[0])
  if (!isJsonObject(spec) || given.length !== 1 || kind === undefined)
    return Result.fail([required("spec", `exactly one of ${kinds.join(", ")}`)])
  const decoded = decodeScenario({
    apiVersion: "kubereel.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name: "fault" },
    spec: { until: "1s", namespace: "default", steps: [{ at: "0s", ...spec }] }
  })
  if (Result.isFailure(decoded))
    return Result.fail(
      decoded.failure.map((problem) => {
        const field = shortened(fieldPath(problem.path))
        return invalidParts(field, shortened(problemText(problem)).replace(`${field}: `, ""))
      })
    )
  const order = decoded.success.steps[0]?.intention as Intention
  const intention = order._tag === "Kill" ? { ...order, namespace: order.namespace ?? "default" } : order
  const stands = intention._tag === "Watch" && intention.for === undefined && intention.lag === undefined
  return stands ? Result.fail([standsForEver]) : Result.succeed(intention)
}

/** What a CustomResourceDefinition would say of Faults. */
export const faultDefinition: JsonObject = {
  name: "v1alpha1",
  served: true,
  storage: true,
  subresources: { status: {} },
  additionalPrinterColumns: [
    { name: "Phase", type: "string", jsonPath: ".status.phase" },
    { name: "Message", type: "string", jsonPath: ".status.message" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" }
  ],
  schema: {
    openAPIV3Schema: {
      type: "object",
      description:
        "What is done to a simulated cluster from outside, as in a step of a scenario. It is healed, as far as it can be, when the object is deleted.",
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { type: "object" },
        spec: {
          type: "object",
          description: `exactly one of ${kinds.join(", ")}`,
          properties: Object.fromEntries(
            kinds.map((kind) => [
              kind,
              {
                type: "object",
                description: `as in spec.steps[].${kind} of a Scenario`,
                "x-kubernetes-preserve-unknown-fields": true
              }
            ])
          )
        },
        status: {
          type: "object",
          properties: {
            phase: { type: "string", description: "Injected, or Refused" },
            message: { type: "string" },
            injectedAt: { type: "string", format: "date-time" }
          }
        }
      }
    }
  }
}
