/** What the API server refuses of DaemonSets (`pkg/apis/apps/validation/validation.go`, ValidateDaemonSet…). */
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { type Labels, selects } from "../../client/labelSelector.ts"
import { integer, mapping, text } from "../fields.ts"
import { internalJson } from "../internalJson.ts"
import { amountOf, notMoreThan100Percent, positiveIntOrPercent } from "../intOrPercent.ts"
import { type FieldError, invalid, notSupported, required } from "../status.ts"
import { labelSelectorErrors } from "../validateLabelSelector.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"
import { validatePodTemplate } from "../validatePodTemplate.ts"
import { isEmptySelector, lastingPods, nonNegative, sameSelector, shownSelector } from "./validateReplicaSet.ts"

const AT = "spec.updateStrategy.rollingUpdate"

const rollingErrors = (rolling: JsonObject): ReadonlyArray<FieldError> => {
  const { maxSurge, maxUnavailable } = rolling
  const [down, more] = [amountOf(maxUnavailable) !== 0, amountOf(maxSurge) !== 0]
  return [
    ...positiveIntOrPercent(maxUnavailable, `${AT}.maxUnavailable`),
    ...positiveIntOrPercent(maxSurge, `${AT}.maxSurge`),
    ...notMoreThan100Percent(maxUnavailable, `${AT}.maxUnavailable`),
    ...notMoreThan100Percent(maxSurge, `${AT}.maxSurge`),
    ...(down && more
      ? [invalid(`${AT}.maxSurge`, maxSurge ?? 0, "may not be set when maxUnavailable is non-zero")]
      : []),
    ...(down || more ? [] : [required(`${AT}.maxUnavailable`, "cannot be 0 when maxSurge is 0")])
  ]
}

const strategyErrors = (strategy: JsonObject): ReadonlyArray<FieldError> => {
  const type = text(strategy, "type")
  if (type === "OnDelete") return []
  if (type !== "RollingUpdate") {
    const shown = internalJson("DaemonSetUpdateStrategy", strategy)
    return [notSupported("spec.updateStrategy", shown, ["RollingUpdate", "OnDelete"])]
  }
  const { rollingUpdate } = strategy
  return isJsonObject(rollingUpdate) ? rollingErrors(rollingUpdate) : [required(AT)]
}

const selectorErrors = (selector: Json | undefined, template: JsonObject): ReadonlyArray<FieldError> => {
  const wrong = labelSelectorErrors(selector, "spec.selector")
  const { labels = null } = mapping(template, "metadata")
  const all = isJsonObject(selector) && isEmptySelector(selector)
  const matches = wrong.length > 0 || all || (isJsonObject(selector) && selects(selector, (labels ?? {}) as Labels))
  return [
    ...wrong,
    ...(matches
      ? []
      : [invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")]),
    ...(all ? [invalid("spec.selector", shownSelector(selector), "empty selector is invalid for daemonset")] : [])
  ]
}

const specErrors = (object: KubernetesObject): ReadonlyArray<FieldError> => {
  const spec = mapping(object, "spec")
  const template = mapping(spec, "template")
  return [
    ...selectorErrors(spec["selector"], template),
    ...validatePodTemplate(template, "spec.template"),
    ...lastingPods(template, "DaemonSet"),
    ...nonNegative(spec, ["minReadySeconds"], "spec"),
    ...strategyErrors(mapping(spec, "updateStrategy")),
    ...nonNegative(spec, ["revisionHistoryLimit"], "spec")
  ]
}

export const validateDaemonSet = (object: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(object.metadata),
  ...specErrors(object)
]

export const validateDaemonSetUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => [
  ...sameSelector(next, old),
  ...specErrors(next)
]

const counts = [
  ...["currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady", "observedGeneration"],
  ...["updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount"]
]

/** How often names of revisions collided only grows. */
export const collisionErrors = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => {
  const [after, before] = [next, old].map((one) => integer(mapping(one, "status"), "collisionCount"))
  const fewer = before !== undefined && (after === undefined || after < before)
  return fewer ? [invalid("status.collisionCount", after ?? 0, "cannot be decremented")] : []
}

export const validateDaemonSetStatus = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => [
  ...nonNegative(mapping(next, "status"), counts, "status"),
  ...collisionErrors(next, old)
]
