/** What a client asks of a list or a watch, with what its selectors select. */
import {
  type ListOptions as ApiListOptions,
  type KubernetesObject,
  listOptions,
  matchesLabels,
  matchesObject,
  readFlag,
  type ServedResource,
  type Status
} from "@kubereel/core"
import { Result } from "effect"
import type { ApiRequest } from "./Reply.ts"
import type { RequestInfo } from "./requestInfo.ts"

export interface ListOptions extends ApiListOptions {
  /** Absent: every object is selected. */
  readonly selects?: (object: KubernetesObject) => boolean
}

/** By the query, or by the path of old. */
export const isWatch = ({ query }: ApiRequest, { watch }: RequestInfo): boolean => watch || readFlag(query.get("watch"))

export const readOptions = (
  query: URLSearchParams,
  resource: ServedResource,
  { name, watching }: { readonly name?: string | undefined; readonly watching: boolean }
): Result.Result<ListOptions, Status> => {
  const given = new URLSearchParams(query)
  if (watching) given.set("watch", "true")
  else given.delete("watch")
  const { definition: crd } = resource
  const scope = { kind: resource, ...(name === undefined ? {} : { name }), ...(crd === undefined ? {} : { crd }) }
  return Result.map(listOptions(given, scope), (options) => {
    const { fieldSelector, labelSelector } = options
    if (fieldSelector.length === 0 && labelSelector.length === 0) return options
    const selects = (object: KubernetesObject) =>
      matchesLabels(labelSelector, object.metadata.labels) && matchesObject(resource, fieldSelector, object, crd)
    return { ...options, selects }
  })
}
