/**
 * Why a container's environment cannot be made (`pkg/kubelet/kubelet_pods.go`, makeEnvironmentVariables; K-132, section 9.6). The
 * values themselves are seen by the process only; a field or resource of the pod that may be named always has one (K-390, K-391).
 */
import type { JsonObject } from "../../event/Json.ts"
import type { ContainerSpec, KubernetesObject } from "../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../apiserver/fields.ts"
import { type ConfigKind, type ConfigLookup, configNotFound } from "./objectReferences.ts"

const sources = [
  ["ConfigMap", "configMapRef", "configMapKeyRef"],
  ["Secret", "secretRef", "secretKeyRef"]
] as const

const keysOf = (object: KubernetesObject | undefined): JsonObject =>
  object === undefined ? {} : mapping(object, "data")

const optional = (reference: JsonObject): boolean => reference["optional"] === true

const missing = (kind: ConfigKind, reference: JsonObject, lookup: ConfigLookup): string | undefined => {
  const name = text(reference, "name")
  return optional(reference) || lookup(kind, name) !== undefined ? undefined : configNotFound(kind, name)
}

/** `envFrom` comes first, then `env`; the first error counts. */
export const environmentProblem = (
  container: ContainerSpec,
  namespace: string,
  lookup: ConfigLookup
): string | undefined => {
  const ofKey = (kind: ConfigKind, reference: JsonObject): string | undefined => {
    const [name, key] = [text(reference, "name"), text(reference, "key")]
    const absent = missing(kind, reference, lookup)
    if (absent !== undefined || optional(reference) || Object.hasOwn(keysOf(lookup(kind, name)), key)) return absent
    return `couldn't find key ${key} in ${kind} ${namespace}/${name}`
  }
  for (const from of entries(container, "envFrom")) {
    for (const [kind, whole] of sources) {
      const problem = from[whole] === undefined ? undefined : missing(kind, mapping(from, whole), lookup)
      if (problem !== undefined) return problem
    }
  }
  for (const variable of entries(container, "env")) {
    const from = text(variable, "value") === "" ? mapping(variable, "valueFrom") : {}
    for (const [kind, , one] of sources) {
      const problem = from[one] === undefined ? undefined : ofKey(kind, mapping(from, one))
      if (problem !== undefined) return problem
    }
  }
  return undefined
}
