/** HorizontalPodAutoscalers as the API server keeps them (`pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go`, `pkg/apis/autoscaling/v2/defaults.go`). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import type { KubernetesRelease } from "../../kubelet/featureGates.ts"
import { entries, mapping } from "../fields.ts"
import { withStatus } from "../RestStrategy.ts"
import {
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerStatus,
  validateHorizontalPodAutoscalerUpdate
} from "./validateHorizontalPodAutoscaler.ts"

/** What an HPA without metrics looks at: the CPU that its pods use, in percent of what they ask for. */
const usualMetrics = [
  { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }
]

const PERIOD = 15

const scaleUp = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [
    { type: "Pods", value: 4, periodSeconds: PERIOD },
    { type: "Percent", value: 100, periodSeconds: PERIOD }
  ]
}

/** How long it waits before it scales down is a flag of the controller manager. */
const scaleDown = { selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: PERIOD }] }

/** copyHPAScalingRules. An empty list of policies stays empty, and is refused. */
const filled = (given: JsonObject, usual: JsonObject): JsonObject => ({
  ...usual,
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
})

/** SetDefaults_HorizontalPodAutoscalerBehavior: who sets one of its rules gets all of them. */
const withBehavior = (spec: JsonObject): JsonObject => {
  const { behavior } = spec
  if (!isJsonObject(behavior)) return spec
  return {
    ...spec,
    behavior: {
      scaleUp: filled(mapping(behavior, "scaleUp"), scaleUp),
      scaleDown: filled(mapping(behavior, "scaleDown"), scaleDown)
    }
  }
}

/** SetDefaults_HorizontalPodAutoscaler. */
const defaults = (given: JsonObject): JsonObject => {
  const spec = mapping(given, "spec")
  const metrics = entries(spec, "metrics")
  const minReplicas = spec["minReplicas"] ?? 1
  return {
    ...given,
    spec: withBehavior({ ...spec, minReplicas, metrics: metrics.length === 0 ? usualMetrics : metrics })
  }
}

const rulesOf = (spec: JsonObject): ReadonlyArray<JsonObject> => {
  const behavior = mapping(spec, "behavior")
  return [mapping(behavior, "scaleDown"), mapping(behavior, "scaleUp")]
}

const hasTolerance = (object: KubernetesObject): boolean =>
  rulesOf(mapping(object, "spec")).some(({ tolerance }) => tolerance !== undefined && tolerance !== null)

const withoutTolerance = ({ tolerance: _, ...rules }: JsonObject): JsonObject => rules

/** dropDisabledFields: a version that knows no tolerances forgets them, unless one was there before. */
const dropDisabled = (given: JsonObject, { gates }: KubernetesRelease, old?: KubernetesObject): JsonObject => {
  const spec = mapping(given, "spec")
  const { behavior } = spec
  const keeps = gates.HPAConfigurableTolerance || (old !== undefined && hasTolerance(old))
  if (keeps || !isJsonObject(behavior)) return given
  const rules = Object.entries(behavior).map(([name, rule]) => [
    name,
    isJsonObject(rule) ? withoutTolerance(rule) : rule
  ])
  return { ...given, spec: { ...spec, behavior: Object.fromEntries(rules) } }
}

export const horizontalPodAutoscaler = withStatus({
  resource: {
    group: "autoscaling",
    version: "v2",
    resource: "horizontalpodautoscalers",
    kind: "HorizontalPodAutoscaler",
    namespaced: true
  },
  defaults,
  dropDisabled,
  hasGeneration: false,
  validate: validateHorizontalPodAutoscaler,
  validateUpdate: validateHorizontalPodAutoscalerUpdate,
  validateStatus: validateHorizontalPodAutoscalerStatus
})
