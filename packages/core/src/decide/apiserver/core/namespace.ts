/** Namespaces as the API server keeps them (`pkg/registry/core/namespace/strategy.go`, `pkg/apis/core/v1/defaults.go`). */
import { Result } from "effect"
import { type Instant, toTime } from "../../../event/Instant.ts"
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { orderedMetadata } from "../../../state/frame.ts"
import { podSecurityLabelErrors } from "../admission/podSecurity.ts"
import type { DeleteOptions, Deletion } from "../beforeDelete.ts"
import { mapping, text, textsOf } from "../fields.ts"
import { dns1123Label } from "../nameRules.ts"
import { plain, type RestStrategy, withMetadata } from "../RestStrategy.ts"
import { type FieldError, forbidden, type GroupResource, invalid, type Status } from "../status.ts"
import { validateMetadataUpdate } from "../validateMetadataUpdate.ts"
import { finalizerNameErrors, kubeFinalizerErrors, validateObjectMeta } from "../validateObjectMeta.ts"

/** `k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle`: those that every cluster has. */
const immortal = new Set(["default", "kube-system", "kube-public"])

const KUBERNETES = "kubernetes"

const finalizersOf = (namespace: JsonObject): ReadonlyArray<string> => textsOf(mapping(namespace, "spec"), "finalizers")

const finalizerErrors = (namespace: JsonObject, at: (i: number) => string): ReadonlyArray<FieldError> => {
  const finalizers = finalizersOf(namespace)
  return finalizers.flatMap((name, i) => [
    ...finalizerNameErrors(name, at(i)),
    ...kubeFinalizerErrors([name], () => at(i))
  ])
}

const phaseErrors = ({ metadata, status }: KubernetesObject): ReadonlyArray<FieldError> => {
  const phase = text(isJsonObject(status) ? status : {}, "phase")
  const [expected, is] = metadata.deletionTimestamp === undefined ? ["Active", "is"] : ["Terminating", "is not"]
  const why = `may only be '${expected}' if \`deletionTimestamp\` ${is} empty`
  return phase === expected ? [] : [invalid("status.Phase", phase, why)]
}

/** SetDefaults_Namespace. */
const defaults = (given: JsonObject): JsonObject => {
  const metadata = mapping(given, "metadata")
  const labels = { ...mapping(metadata, "labels"), "kubernetes.io/metadata.name": metadata["name"] ?? "" }
  return { ...given, metadata: { ...metadata, labels } }
}

const create = (given: JsonObject): JsonObject => ({
  ...defaults(given),
  spec: { finalizers: [...new Set([...finalizersOf(given), KUBERNETES])] },
  status: { phase: "Active" }
})

/** ValidateNamespace, and what admission has to say of what is valid. */
const createErrors = (object: KubernetesObject): ReadonlyArray<FieldError> => {
  const { metadata } = object
  const wrong = [...validateObjectMeta(metadata, dns1123Label), ...finalizerErrors(object, () => "spec.finalizers")]
  return wrong.length > 0 ? wrong : podSecurityLabelErrors(metadata.labels ?? {})
}

const updateErrors = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => {
  const wrong = [
    ...validateObjectMeta(next.metadata, dns1123Label),
    ...validateMetadataUpdate(next.metadata, old.metadata)
  ]
  return wrong.length > 0 ? wrong : podSecurityLabelErrors(next.metadata.labels ?? {}, old.metadata.labels ?? {})
}

/** The finalizers of its spec are written through a path of their own, by those who empty it. */
export const namespace: RestStrategy = {
  ...plain({ group: "", version: "v1", resource: "namespaces", kind: "Namespace", namespaced: false }, create, {
    validate: createErrors
  }),
  defaults,
  updates: {
    "": {
      prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"], status: old["status"] }),
      validate: updateErrors
    },
    finalize: {
      prepare: (old, updated) => withMetadata(old, updated, { status: old["status"] }),
      validate: (next, old) => [
        ...validateMetadataUpdate(next.metadata, old.metadata),
        ...finalizerErrors(next, (i) => `spec.finalizers[${i}]`)
      ]
    },
    status: {
      prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"] }),
      validate: (next, old) => [...validateMetadataUpdate(next.metadata, old.metadata), ...phaseErrors(next)]
    }
  }
}

/** The first DELETE only says that it has to be emptied; it goes when nobody holds it any more (`storage/storage.go`, Delete; C-342). */
export const deleteNamespace = (
  object: KubernetesObject,
  { propagationPolicy }: DeleteOptions,
  now: Instant
): Result.Result<Deletion, Status> => {
  const { name } = object.metadata
  if (immortal.has(name)) return Result.fail(forbidden(namespace.resource, name, "this namespace may not be deleted"))
  if (object.metadata.deletionTimestamp !== undefined) return Result.succeed({ update: undefined, remove: false })
  const kept = (object.metadata.finalizers ?? []).filter((one) => one !== "orphan" && one !== "foregroundDeletion")
  const ofPolicy =
    propagationPolicy === "Orphan" ? ["orphan"] : propagationPolicy === "Foreground" ? ["foregroundDeletion"] : []
  const finalizers = propagationPolicy === undefined ? object.metadata.finalizers : [...kept, ...ofPolicy]
  const { finalizers: _, ...rest } = object.metadata
  const metadata = orderedMetadata({
    ...rest,
    deletionTimestamp: toTime(now),
    ...(finalizers === undefined || finalizers.length === 0 ? {} : { finalizers })
  })
  const status = { ...mapping(object, "status"), phase: "Terminating" }
  return Result.succeed({ update: { ...object, metadata, status }, remove: false })
}

/** Why nothing can be made in a namespace that is being deleted (`k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go`; C-018). */
export const refusedByTermination = (
  resource: GroupResource,
  name: string,
  terminating: KubernetesObject
): Status | undefined => {
  if (mapping(terminating, "status")["phase"] !== "Terminating") return undefined
  const { name: of } = terminating.metadata
  const why = `unable to create new content in namespace ${of} because it is being terminated`
  const refusal = forbidden(resource, name, why)
  const message = `namespace ${of} is being terminated`
  const cause = { reason: "NamespaceTerminating", message, field: "metadata.namespace" }
  return { ...refusal, details: { ...refusal.details, causes: [cause] } }
}
