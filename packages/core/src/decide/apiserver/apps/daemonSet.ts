/** DaemonSets as the API server keeps them (`pkg/registry/apps/daemonset/strategy.go`, `pkg/apis/apps/v1/{defaults,conversion}.go`). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { mapping, text } from "../fields.ts"
import { type RestStrategy, withStatus } from "../RestStrategy.ts"
import { withPodTemplate } from "./podTemplate.ts"
import { validateDaemonSet, validateDaemonSetStatus, validateDaemonSetUpdate } from "./validateDaemonSet.ts"

/** A field of old that became an annotation. */
export const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"

const updateStrategy = (given: JsonObject): JsonObject => {
  const type = text(given, "type") === "" ? "RollingUpdate" : text(given, "type")
  if (type !== "RollingUpdate") return given
  return { ...given, type, rollingUpdate: { maxUnavailable: 1, maxSurge: 0, ...mapping(given, "rollingUpdate") } }
}

const defaults = (given: JsonObject): JsonObject => {
  const spec = mapping(given, "spec")
  return {
    ...given,
    spec: {
      revisionHistoryLimit: 10,
      ...withPodTemplate(spec),
      updateStrategy: updateStrategy(mapping(spec, "updateStrategy"))
    }
  }
}

const withGeneration = <Object extends JsonObject>(object: Object, generation: number): Object => {
  const metadata = mapping(object, "metadata")
  const annotations = { ...mapping(metadata, "annotations"), [TEMPLATE_GENERATION]: String(generation) }
  return { ...object, metadata: { ...metadata, annotations } }
}

const generationOf = (object: JsonObject): number => {
  const said = Number(text(mapping(mapping(object, "metadata"), "annotations"), TEMPLATE_GENERATION))
  return Number.isInteger(said) && said >= 1 ? said : 1
}

const templateOf = ({ spec }: KubernetesObject) => mapping({ spec: spec ?? {} }, "spec")["template"] ?? null

const base = withStatus({
  resource: { group: "apps", version: "v1", resource: "daemonsets", kind: "DaemonSet", namespaced: true },
  defaults,
  prepareForCreate: (given) => withGeneration(given, generationOf(given)),
  status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  validate: validateDaemonSet,
  validateUpdate: validateDaemonSetUpdate,
  validateStatus: validateDaemonSetStatus
})

const whole = base.updates[""]

export const daemonSet: RestStrategy = {
  ...base,
  // Whoever reads it in this version finds the annotation.
  defaults: (given) => withGeneration(defaults(given), generationOf(given)),
  updates: {
    ...base.updates,
    ...(whole === undefined
      ? {}
      : {
          "": {
            ...whole,
            prepare: (old, updated, release, now) => {
              const next = whole.prepare(old, updated, release, now)
              const same = jsonEqual(templateOf(next), templateOf(old))
              return withGeneration(next, generationOf(old) + (same ? 0 : 1))
            }
          }
        })
  }
}
