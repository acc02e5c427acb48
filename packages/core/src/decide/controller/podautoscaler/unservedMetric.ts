/**
 * Why a metric has no value that no kubelet knows (`k8s.io/metrics/pkg/client`, `pkg/controller/podautoscaler/horizontal.go`): who
 * serves it would be an adapter, and there is none.
 */

import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import { entries, mapping, text } from "../../apiserver/fields.ts"
import type { MetricSpec } from "./HorizontalPodAutoscaler.ts"
import type { MetricFailure } from "./metricStatus.ts"

const CUSTOM =
  "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered"

const requirementText = (requirement: JsonObject): string => {
  const { values } = requirement
  const listed = Array.isArray(values) ? values.join(" ") : ""
  return `LabelSelectorRequirement{Key:${text(requirement, "key")},Operator:${text(requirement, "operator")},Values:[${listed}],},`
}

/** As Go prints it (`generated.pb.go`, LabelSelector.String). */
const selectorText = (selector: Json | undefined): string => {
  if (!isJsonObject(selector)) return "nil"
  const labels = mapping(selector, "matchLabels")
  const pairs = Object.keys(labels)
    .sort()
    .map((label) => `${label}: ${text(labels, label)},`)
  const requirements = entries(selector, "matchExpressions").map(requirementText)
  return `&LabelSelector{MatchLabels:map[string]string{${pairs.join("")}},MatchExpressions:[]LabelSelectorRequirement{${requirements.join("")}},}`
}

const ofPods = (metric: string): MetricFailure => {
  const why = `unable to get metric ${metric}: ${CUSTOM}`
  return { reason: "FailedGetPodsMetric", why, whole: `failed to get pods metric value: ${why}` }
}

const ofObject = ({ describedObject, metric, target }: NonNullable<MetricSpec["object"]>, namespace: string) => {
  const { kind, name } = describedObject
  const told = `unable to get metric ${metric.name}: ${CUSTOM} on ${kind} ${namespace}/${name}`
  // The Event says why; what is summed up says once more of which metric.
  const failed = target.type === "AverageValue" ? `failed to get ${metric.name} object metric: ${told}` : told
  return { reason: "FailedGetObjectMetric", why: told, whole: `failed to get object metric value: ${failed}` }
}

const ofExternal = ({ metric, target }: NonNullable<MetricSpec["external"]>, namespace: string): MetricFailure => {
  const api = `the server could not find the requested resource (get ${metric.name}.external.metrics.k8s.io)`
  const asked = `${namespace}/${metric.name}/${selectorText(metric.selector)}`
  const told = `unable to get external metric ${asked}: unable to fetch metrics from external metrics API: ${api}`
  const failed =
    target.averageValue === undefined
      ? `failed to get external metric ${metric.name}: ${told}`
      : `failed to get ${metric.name} external metric: ${told}`
  const whole = `failed to get ${metric.name} external metric value: ${failed}`
  return { reason: "FailedGetExternalMetric", why: told, whole }
}

export const unservedMetric = ({ external, object, pods, type }: MetricSpec, namespace: string): MetricFailure => {
  if (type === "Object" && object !== undefined) return ofObject(object, namespace)
  if (type === "External" && external !== undefined) return ofExternal(external, namespace)
  return ofPods(pods?.metric.name ?? "")
}
