/** Whole scenarios: one pod or two on one node, and everything that may be done to them. */
import { Result } from "effect"
import fc from "fast-check"
import { formatDuration, parseDuration } from "../../event/duration.ts"
import type { JsonObject } from "../../event/Json.ts"
import { decodeScenario } from "../../port/decodeScenario.ts"
import type { Scenario } from "../../port/Scenario.ts"
import { problemText } from "../../port/scenarioProblems.ts"
import { type AnyPod, anyPod } from "./anyPod.ts"
import { anyOrder } from "./anyStep.ts"
import { imagesOf } from "./images.ts"
import { duration, list, mapping, oneOf, rarely, sometimes } from "./parts.ts"

export const anyImages = fc
  .record({ pull: duration(3), slow: duration(40, 5) })
  .map(({ pull, slow }): ReadonlyArray<JsonObject> => imagesOf(pull, slow))

const kubelet = mapping({
  serializeImagePulls: rarely(fc.constant(false), 3),
  registryPullQPS: rarely(oneOf(0, 1), 4),
  crashLoopBackOff: rarely(fc.constant({ maxContainerRestartPeriod: "5s" }), 4),
  evictionHard: rarely(
    oneOf({ "memory.available": "200Mi" }, { "memory.available": "100Mi", "pid.available": "10%" }),
    3
  ),
  evictionPressureTransitionPeriod: rarely(duration(60), 3),
  shutdownGracePeriod: rarely(oneOf("1s", "20s"), 2)
})

export const anyNode = mapping({
  name: fc.constant("n-1"),
  cpu: sometimes(oneOf<number | string>(2, "500m")),
  memory: sometimes(oneOf("4Gi", "600Mi")),
  profile: rarely(oneOf("rig", "zero", "slow-disk"), 2),
  kubelet: rarely(kubelet, 4)
})

const start = oneOf("0s", "0s", "1500ms")
const order = fc.record({ at: fc.oneof({ withCrossShrink: true }, duration(25), duration(100)), what: anyOrder })

const documentOf = (parts: {
  readonly node: JsonObject
  readonly images: ReadonlyArray<JsonObject>
  readonly pods: ReadonlyArray<AnyPod & { readonly at: string }>
  readonly orders: ReadonlyArray<{ readonly at: string; readonly what: JsonObject }>
  readonly until: string
  readonly kubernetes: string | undefined
}): JsonObject => {
  const { images: declared, kubernetes, node: on, orders, pods, until } = parts
  const manifest = (name: unknown) => pods.find((one) => (one.manifest["metadata"] as JsonObject)["name"] === name)
  const steps = [
    ...pods.map(({ at, manifest: apply }) => ({ at, apply })),
    ...orders.flatMap(({ at, what }) => {
      if (!("again" in what)) return [{ at, ...what }]
      const again = manifest(what["again"])
      return again === undefined ? [] : [{ at, apply: again.manifest }]
    })
  ]
  // Older kubelets refuse some of a configuration, and do not start.
  const { kubelet: _, ...plain } = on
  const inTime = steps.toSorted((a, b) => (parseDuration(a.at) ?? 0) - (parseDuration(b.at) ?? 0))
  return {
    apiVersion: "kubereel.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name: "any" },
    spec: {
      description: "An arbitrary pod.",
      nodes: [kubernetes === undefined ? on : plain],
      images: declared,
      programs: pods.flatMap(({ programs }) => programs),
      steps: inTime,
      until,
      ...(kubernetes === undefined ? {} : { kubernetes })
    }
  }
}

/** One hour in forty, so that what never ends is seen to cost nothing. */
const until = fc.oneof(
  { withCrossShrink: true },
  { weight: 39, arbitrary: fc.integer({ min: 5, max: 240 }).map((seconds) => formatDuration(seconds * 1_000_000)) },
  { weight: 1, arbitrary: fc.constant("1h") }
)

/**
 * A scenario's document: everything that a kubelet acts upon can be in it, with what the processes do, what becomes of
 * images, and steps of every kind. It is valid as a scenario; what the API server refuses in it is part of the history.
 */
export const anyScenarioDocument: fc.Arbitrary<JsonObject> = fc
  .record({
    node: anyNode,
    images: anyImages,
    p: anyPod("p"),
    q: rarely(anyPod("q"), 5),
    at: start,
    orders: list(order, 6),
    until,
    kubernetes: rarely(oneOf("1.36", "1.34", "1.33", "1.32", "1.31", "1.30", "1.29"), 6)
  })
  .map(({ at, p, q, ...parts }) =>
    documentOf({ ...parts, pods: [{ ...p, at: "0s" }, ...(q === undefined ? [] : [{ ...q, at }])] })
  )

/** The scenario that such a document describes. Throws if it describes none: the arbitrary is wrong then. */
export const scenarioOfDocument = (document: JsonObject): Scenario => {
  const decoded = decodeScenario(document)
  if (Result.isFailure(decoded)) throw new Error(decoded.failure.map(problemText).join("\n"))
  return decoded.success
}

export const anyScenario: fc.Arbitrary<Scenario> = anyScenarioDocument.map(scenarioOfDocument)
