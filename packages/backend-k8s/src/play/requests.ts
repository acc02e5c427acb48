/** An intention as requests of the Kubernetes API. */
import { FIELD_MANAGER, type Intention, type JsonObject, type KubernetesObject } from "@kubereel/core"
import type { ApiRequest } from "../client/ApiWriter.ts"
import { pathOf, type Resource } from "../record/Resource.ts"

const named = (resource: Resource, namespace: string, name: string, subresource?: string): string =>
  `${pathOf(resource, { namespace })}/${encodeURIComponent(name)}${subresource === undefined ? "" : `/${encodeURIComponent(subresource)}`}`

/** A field that the kind does not have is refused, as kubectl asks for it and the simulator does it. */
const strictly = { fieldValidation: "Strict" }

/** Create, as `kubectl create`: what is there already is refused. */
export const createRequest = (resource: Resource, namespace: string, object: KubernetesObject): ApiRequest => ({
  method: "POST",
  path: pathOf(resource, { namespace }),
  query: { fieldManager: FIELD_MANAGER, ...strictly },
  body: resource.namespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object
})

type Of<Tag extends Intention["_tag"]> = Extract<Intention, { readonly _tag: Tag }>

export const deleteRequest = (
  resource: Resource,
  namespace: string,
  name: string,
  { gracePeriodSeconds, propagationPolicy }: Partial<Of<"Delete">>
): ApiRequest => ({
  method: "DELETE",
  path: named(resource, namespace, name),
  body: {
    apiVersion: "v1",
    kind: "DeleteOptions",
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy })
  }
})

/** All objects with these labels; which of them are meant is for `picked` to say. */
export const selectRequest = (
  resource: Resource,
  namespace: string,
  selector: Of<"Delete">["selector"] = {}
): ApiRequest => ({
  method: "GET",
  path: pathOf(resource, { namespace }),
  query: {
    labelSelector: Object.entries(selector)
      .map(([label, value]) => `${label}=${value}`)
      .join(",")
  }
})

const created = ({ metadata }: KubernetesObject): string => metadata.creationTimestamp ?? ""

/** The names of those that are meant, oldest first. Objects of one second are told apart by their names. */
export const picked = (list: JsonObject, pick: Of<"Delete">["pick"]): ReadonlyArray<string> => {
  const items = (Array.isArray(list["items"]) ? list["items"] : []) as unknown as ReadonlyArray<KubernetesObject>
  const names = items
    .toSorted((a, b) =>
      created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : a.metadata.name < b.metadata.name ? -1 : 1
    )
    .map(({ metadata }) => metadata.name)
  return pick === "all" ? names : pick === "oldest" ? names.slice(0, 1) : names.slice(-1)
}

const contentTypes = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
  // YAML holds JSON.
  apply: "application/apply-patch+yaml"
} as const

export const patchRequest = (
  resource: Resource,
  namespace: string,
  {
    fieldManager = FIELD_MANAGER,
    force,
    name,
    patch,
    subresource,
    type
  }: Pick<Of<"Patch">, "name" | "patch" | "subresource" | "type" | "fieldManager" | "force">
): ApiRequest => ({
  method: "PATCH",
  path: named(resource, namespace, name, subresource === "" ? undefined : subresource),
  query: { fieldManager, ...strictly, ...(force === undefined ? {} : { force: String(force) }) },
  contentType: contentTypes[type],
  body: patch
})

export const scaleRequest = (resource: Resource, namespace: string, { name, replicas }: Of<"Scale">): ApiRequest =>
  patchRequest(resource, namespace, { name, subresource: "scale", type: "merge", patch: { spec: { replicas } } })

export const evictRequest = (namespace: string, { gracePeriodSeconds, pod }: Of<"Evict">): ApiRequest => ({
  method: "POST",
  path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/eviction`,
  body: {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: pod, namespace },
    ...(gracePeriodSeconds === undefined ? {} : { deleteOptions: { gracePeriodSeconds } })
  }
})
