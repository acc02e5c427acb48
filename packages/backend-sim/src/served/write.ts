/** A write that came over the API, as the API server carries it out (`k8s.io/apiserver/pkg/endpoints/handlers`). */
import {
  type Answer,
  type ApiResource,
  badRequest,
  groupVersionOf,
  invalid,
  invalidObject,
  type JsonObject,
  type KubernetesObject,
  notFoundResource,
  readBody,
  refusedWith,
  rejected,
  required,
  type Scope,
  type ServedWrite,
  type Status
} from "@kubereel/core"
import { Result } from "effect"
import type { ApiServer } from "../apiserver/ApiServer.ts"
import type { Store } from "../apiserver/Store.ts"
import { refusalOf } from "../client/Client.ts"
import { bindingAnswer, evictionAnswer } from "./podWrites.ts"
import { tokenAnswer } from "./tokenRequest.ts"

/** The API server that is asked, and what it writes into: nothing of it is kept when it is asked to try only. */
export interface WriteTo {
  readonly api: ApiServer
  readonly store: Store
}

type Of<Verb extends ServedWrite["verb"]> = Extract<ServedWrite, { readonly verb: Verb }>

/** Who does not say who it is. */
const managerOf = ({ fieldManager = "unknown" }: ServedWrite): string => fieldManager

const SCALE: ApiResource = { group: "autoscaling", version: "v1", resource: "scales", kind: "Scale", namespaced: true }
const BINDING: ApiResource = { group: "", version: "v1", resource: "bindings", kind: "Binding", namespaced: true }
const EVICTION: ApiResource = {
  group: "policy",
  version: "v1",
  resource: "evictions",
  kind: "Eviction",
  namespaced: true
}
const TOKEN_REQUEST: ApiResource = {
  group: "authentication.k8s.io",
  version: "v1",
  resource: "tokenrequests",
  kind: "TokenRequest",
  namespaced: true
}

/** What the body of a write to a subresource is. */
const bodyOf = ({ resource, subresource }: ServedWrite): ApiResource =>
  ({ scale: SCALE, binding: BINDING, eviction: EVICTION, token: TOKEN_REQUEST })[subresource] ?? resource

/** Kinds that a PUT makes if they are not there (AllowCreateOnUpdate). */
const createdByUpdate = new Set([
  ...["RuntimeClass", "Lease", "LimitRange", "Event", "Service", "Endpoints"],
  ...["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"]
])

/** Kinds whose PUT has to say which version it is of (AllowUnconditionalUpdate). */
const conditionallyUpdated = new Set([
  ...["Lease", "RuntimeClass", "PodDisruptionBudget", "CSIDriver", "CSINode", "CSIStorageCapacity"],
  ...["VolumeAttachment", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
  ...["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"],
  ...["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]
])

const setOnCreate = rejected(500, "resourceVersion should not be set on objects to be created")

/** It may leave out of which namespace it is; a kind without one has none. */
const within = (object: JsonObject, { namespace, resource }: Scope): KubernetesObject => {
  const { namespace: asked, ...given } = (object["metadata"] ?? {}) as JsonObject
  const own = resource.namespaced ? { namespace: asked ?? namespace ?? "" } : {}
  return { ...object, metadata: { ...given, ...own } } as unknown as KubernetesObject
}

/** The body as an object of the request's namespace. */
const read = (
  write: Of<"create"> | Of<"update">
): Result.Result<{ readonly object: KubernetesObject; readonly warnings: ReadonlyArray<string> }, Status> => {
  return Result.map(
    readBody(write.object, bodyOf(write), write.fieldValidation, write.duplicateFields),
    ({ object, warnings }) => ({
      object: within(object, write),
      warnings
    })
  )
}

const create = ({ api, store }: WriteTo, write: Of<"create">, object: KubernetesObject): Answer => {
  const { name = "", namespace = "", resource, subresource } = write
  if (subresource === "binding" || resource.kind === "Binding")
    return bindingAnswer(api, namespace, subresource === "" ? object.metadata.name : name, object)
  if (subresource === "eviction") return evictionAnswer(api, namespace, name, object)
  if (subresource === "token") return tokenAnswer(store, { namespace, name }, object, api.now)
  if (subresource !== "") return refusedWith(notFoundResource)
  if ((object.metadata.resourceVersion ?? "") !== "") return refusedWith(setOnCreate)
  return api.create(object, namespace, managerOf(write))
}

/** A PUT says what it is of by its path; its body may leave that out but for the name. */
const update = ({ api }: WriteTo, write: Of<"update">, object: KubernetesObject): Answer => {
  const { name, namespace = "", resource, subresource } = write
  const of = { kind: resource.kind, namespace, name }
  if (resource.namespaced && (object.metadata.namespace ?? "") !== namespace)
    return refusedWith(
      badRequest("the namespace of the provided object does not match the namespace sent on the request")
    )
  if ((object.metadata.name ?? "") === "")
    return refusedWith(
      badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
    )
  const known = api.get(of)
  if (known === undefined && subresource === "" && createdByUpdate.has(resource.kind) && object.metadata.name === name)
    return api.create(object, namespace, managerOf(write))
  const { resourceVersion = "", ...metadata } = object.metadata
  if (known !== undefined && resourceVersion === "" && conditionallyUpdated.has(resource.kind)) {
    const error = invalid("metadata.resourceVersion", 0, "must be specified for an update")
    return refusedWith(invalidObject({ group: resource.group, kind: resource.kind }, name, [error]))
  }
  const next = (resourceVersion === "" ? { ...object, metadata } : object) as KubernetesObject
  return api.update(next, subresource, of, managerOf(write))
}

const unmanagedApply = invalidObject({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [
  required("fieldManager", "is required for apply patch")
])

const patch = ({ api }: WriteTo, write: Of<"patch">): Answer => {
  const { fieldManager, name, namespace = "", patch: asked, resource, subresource } = write
  const of = { kind: resource.kind, namespace, name }
  if (asked.type !== "apply") return api.patch(of, subresource, asked, managerOf(write))
  return fieldManager === undefined ? refusedWith(unmanagedApply) : api.apply(of, subresource, asked, fieldManager)
}

/** What was listed is answered, whatever has become of it; the first refusal ends it, but not that somebody else was faster (C-143). */
const deleteCollection = ({ api, store }: WriteTo, write: Of<"deletecollection">): Answer => {
  const { namespace, options, resource, selects } = write
  const items = store
    .list(resource.kind)
    .filter((object) => (namespace === undefined || object.metadata.namespace === namespace) && selects(object))
  for (const { metadata } of items) {
    const answer = api.delete(resource.kind, metadata.namespace ?? "", metadata.name, options)
    const refusal = refusalOf(answer)
    if (refusal !== undefined && refusal.code !== 404) return answer
  }
  const apiVersion = groupVersionOf(resource)
  const metadata = { resourceVersion: String(store.version) }
  return { status: 200, body: { kind: `${resource.kind}List`, apiVersion, metadata, items } }
}

/** Carries out the write. `body` of the answer: an object as it is stored, without its managed fields; or a Status. */
export const carryOut = (to: WriteTo, write: ServedWrite): Answer => {
  switch (write.verb) {
    case "create":
    case "update": {
      const given = read(write)
      if (Result.isFailure(given)) return refusedWith(given.failure)
      const { object, warnings } = given.success
      const answer = write.verb === "create" ? create(to, write, object) : update(to, write, object)
      return warnings.length === 0 ? answer : { ...answer, warnings: [...warnings, ...(answer.warnings ?? [])] }
    }
    case "patch":
      return patch(to, write)
    case "delete":
      return to.api.delete(write.resource.kind, write.namespace ?? "", write.name, write.options)
    case "deletecollection":
      return deleteCollection(to, write)
  }
}
