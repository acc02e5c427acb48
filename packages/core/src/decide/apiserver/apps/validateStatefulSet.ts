/** What the API server refuses of StatefulSets (`pkg/apis/apps/validation/validation.go`, ValidateStatefulSet…). */
import { isJsonObject, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { type Labels, selects } from "../../client/labelSelector.ts"
import { validateClaimSpec } from "../core/validatePersistentVolumeClaim.ts"
import { entries, integer, mapping, numbered, text } from "../fields.ts"
import { internalJson } from "../internalJson.ts"
import { dns1123Label } from "../nameRules.ts"
import { type FieldError, fieldForbidden, invalid, notSupported, required } from "../status.ts"
import { labelSelectorErrors } from "../validateLabelSelector.ts"
import { validateAnnotations, validateLabels, validateObjectMeta } from "../validateObjectMeta.ts"
import { validatePodTemplate } from "../validatePodTemplate.ts"
import { collisionErrors } from "./validateDaemonSet.ts"
import { isEmptySelector, lastingPods, nonNegative, shownSelector } from "./validateReplicaSet.ts"

const managementErrors = (policy: string): ReadonlyArray<FieldError> => {
  if (policy === "") return [required("spec.podManagementPolicy")]
  return ["OrderedReady", "Parallel"].includes(policy)
    ? []
    : [invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'")]
}

const rollingErrors = (rolling: JsonObject, path: string): ReadonlyArray<FieldError> =>
  nonNegative(rolling, ["partition"], path)

const strategyErrors = (strategy: JsonObject): ReadonlyArray<FieldError> => {
  const path = "spec.updateStrategy"
  const { rollingUpdate } = strategy
  switch (text(strategy, "type")) {
    case "":
      return [required(path)]
    case "OnDelete": {
      const shown = mapping(internalJson("StatefulSetUpdateStrategy", strategy) as JsonObject, "RollingUpdate")
      const why = "only allowed for updateStrategy 'RollingUpdate'"
      return isJsonObject(rollingUpdate) ? [invalid(`${path}.rollingUpdate`, shown, why)] : []
    }
    case "RollingUpdate":
      return isJsonObject(rollingUpdate) ? rollingErrors(rollingUpdate, `${path}.rollingUpdate`) : []
    default: {
      const shown = internalJson("StatefulSetUpdateStrategy", strategy)
      return [invalid(path, shown, "must be 'RollingUpdate' or 'OnDelete'")]
    }
  }
}

const retentionErrors = (policy: JsonObject): ReadonlyArray<FieldError> =>
  ["whenDeleted", "whenScaled"].flatMap((field) =>
    ["Retain", "Delete"].includes(text(policy, field))
      ? []
      : [notSupported(`spec.persistentVolumeClaimRetentionPolicy.${field}`, text(policy, field), ["Retain", "Delete"])]
  )

const selectorErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const { selector } = spec
  if (!isJsonObject(selector)) return [required("spec.selector")]
  return [
    ...labelSelectorErrors(selector, "spec.selector"),
    ...(isEmptySelector(selector)
      ? [invalid("spec.selector", shownSelector(selector), "empty selector is invalid for statefulset")]
      : [])
  ]
}

/** The template as its pods will be: with the claims' volumes, under names that the controller gives. */
const templateOf = (spec: JsonObject): JsonObject => {
  const template = mapping(spec, "template")
  const { hostname: _, subdomain: __, ...podSpec } = mapping(template, "spec")
  const claims = entries(spec, "volumeClaimTemplates").map((claim) => text(mapping(claim, "metadata"), "name"))
  if (claims.length === 0) return { ...template, spec: podSpec }
  const volumes = [
    ...[...new Set(claims)].map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
    ...entries(podSpec, "volumes").filter((volume) => !claims.includes(text(volume, "name")))
  ]
  return { ...template, spec: { ...podSpec, volumes } }
}

/** ValidatePodTemplateSpecForStatefulSet: labels and annotations are looked at twice. */
const templateErrors = (spec: JsonObject, known: boolean): ReadonlyArray<FieldError> => {
  const { selector } = spec
  if (labelSelectorErrors(selector, "spec.selector").length > 0) {
    const shown = isJsonObject(selector) ? shownSelector(selector) : null
    return [invalid("spec.selector", shown, "")]
  }
  const template = templateOf(spec)
  const metadata = mapping(template, "metadata")
  const { labels = null } = metadata
  const all = isJsonObject(selector) && isEmptySelector(selector)
  const matches = all || (isJsonObject(selector) && selects(selector, (labels ?? {}) as Labels))
  return [
    ...(matches
      ? []
      : [invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")]),
    ...(known ? [] : validatePodTemplate(template, "spec.template")),
    ...validateLabels(mapping(metadata, "labels"), "spec.template.labels"),
    ...validateAnnotations(mapping(metadata, "annotations"), "spec.template.annotations")
  ]
}

interface Known {
  /** What cannot change any more is not looked at again. */
  readonly isUpdate: boolean
  /** The old one has errors: so may the new one. */
  readonly wasInvalid: boolean
}

const specErrors = (spec: JsonObject, { isUpdate, wasInvalid }: Known): ReadonlyArray<FieldError> => {
  const service = text(spec, "serviceName")
  return [
    ...managementErrors(text(spec, "podManagementPolicy")),
    ...strategyErrors(mapping(spec, "updateStrategy")),
    ...retentionErrors(mapping(spec, "persistentVolumeClaimRetentionPolicy")),
    ...(isUpdate
      ? []
      : numbered(entries(spec, "volumeClaimTemplates"), "spec.volumeClaimTemplates").flatMap(({ at, item }) =>
          validateClaimSpec(mapping(item, "spec"), `${at}.spec`)
        )),
    ...nonNegative(spec, ["replicas", "minReadySeconds"], "spec"),
    ...nonNegative(mapping(spec, "ordinals"), ["start"], "spec.ordinals"),
    ...(isUpdate || service === ""
      ? []
      : dns1123Label(service).map((message) => invalid("spec.serviceName", service, message))),
    ...selectorErrors(spec),
    ...templateErrors(spec, wasInvalid),
    ...lastingPods(mapping(spec, "template"), "StatefulSet")
  ]
}

export const validateStatefulSet = (object: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(object.metadata, dns1123Label),
  ...specErrors(mapping(object, "spec"), { isUpdate: false, wasInvalid: false })
]

const changeable = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds"
]

const fixedOf = (spec: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(spec).filter(([field]) => !changeable.includes(field)))

export const validateStatefulSetUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => {
  const [spec, before] = [mapping(next, "spec"), mapping(old, "spec")]
  const wasInvalid = specErrors(before, { isUpdate: true, wasInvalid: false }).length > 0
  const [most, last] = [changeable.slice(0, -1), changeable.at(-1)]
  const why = `updates to statefulset spec for fields other than ${most.map((field) => `'${field}'`).join(", ")} and '${last}' are forbidden`
  return [
    ...specErrors(spec, { isUpdate: true, wasInvalid }),
    ...(jsonEqual(fixedOf(spec), fixedOf(before)) ? [] : [fieldForbidden("spec", why)])
  ]
}

const parts = ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"]

export const validateStatefulSetStatus = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => {
  const status = mapping(next, "status")
  const count = (name: string): number => integer(status, name) ?? 0
  const available = count("availableReplicas")
  return [
    ...nonNegative(status, ["replicas", ...parts, "observedGeneration", "collisionCount"], "status"),
    ...parts
      .filter((name) => count(name) > count("replicas"))
      .map((name) => invalid(`status.${name}`, count(name), "cannot be greater than status.replicas")),
    ...(available > count("readyReplicas")
      ? [invalid("status.availableReplicas", available, "cannot be greater than status.readyReplicas")]
      : []),
    ...collisionErrors(next, old)
  ]
}
