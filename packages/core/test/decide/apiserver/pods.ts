/** Pods to try the API server's rules on. */
import { Result } from "effect"
import { type CreationNames, createPod } from "../../../src/decide/apiserver/createPod.ts"
import type { Status } from "../../../src/decide/apiserver/status.ts"
import { type Instant, parseInstant } from "../../../src/event/Instant.ts"
import type { Json, JsonObject } from "../../../src/event/Json.ts"
import type { PodObject } from "../../../src/event/KubernetesObject.ts"

export const at = (text: string): Instant => parseInstant(`2026-01-01T${text}Z`) as Instant

export const names: CreationNames = {
  namespace: "ns",
  uid: "u-1",
  resourceVersion: "7",
  now: at("00:00:00"),
  suffix: "4xq7p",
  nameSuffix: "bcdfg"
}

export const container = (fields: JsonObject = {}): JsonObject => ({ name: "c", image: "nginx:1.27", ...fields })

export const manifest = (spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", ...metadata },
  spec: { containers: [container()], ...spec }
})

/** The stored Pod; a refusal is a mistake of the test. */
export const stored = (given: Json): PodObject => {
  const created = createPod(given, names)
  if (Result.isFailure(created)) throw new Error(JSON.stringify(created.failure))
  return created.success
}

/** The refusal; a stored Pod is a mistake of the test. */
export const refused = (given: Json): Status => {
  const created = createPod(given, names)
  if (Result.isSuccess(created)) throw new Error("it was stored")
  return created.failure
}
