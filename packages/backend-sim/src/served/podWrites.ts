/** Bindings and evictions that come over the API (`pkg/registry/core/pod/storage/{storage,eviction}.go`; C-121, C-145). */
import {
  type Answer,
  badRequest,
  type DeleteOptions,
  type JsonObject,
  type KubernetesObject,
  notSupported,
  refusedWith,
  rejected,
  required
} from "@kubereel/core"
import type { ApiServer } from "../apiserver/ApiServer.ts"

const success = (code: number): Answer => ({
  status: code,
  body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code }
})

/** ValidatePodBinding; the errors are no Status of their own, so that they are the server's. */
const targetErrors = ({ kind = "", name = "" }: JsonObject) => [
  ...(kind === "" || kind === "Node" ? [] : [notSupported("target.kind", kind, ["Node", "<empty>"])]),
  ...(name === "" ? [required("target.name")] : [])
]

export const bindingAnswer = (api: ApiServer, namespace: string, name: string, binding: KubernetesObject): Answer => {
  if (binding.metadata.name !== name)
    return refusedWith(badRequest("name in URL does not match name in Binding object"))
  const target = (binding["target"] ?? {}) as JsonObject
  const errors = targetErrors(target).map(({ body, field }) => `${field}: ${body}`)
  if (errors.length > 0) return refusedWith(rejected(500, errors.length === 1 ? errors[0] : `[${errors.join(", ")}]`))
  const refusal = api.bind({ namespace, name, uid: binding.metadata.uid }, String(target["name"]))
  return refusal === undefined ? success(201) : refusedWith(refusal)
}

export const evictionAnswer = (api: ApiServer, namespace: string, name: string, eviction: KubernetesObject): Answer => {
  if (eviction.metadata.name !== name)
    return refusedWith(badRequest("name in URL does not match name in Eviction object"))
  return api.evict(namespace, name, (eviction["deleteOptions"] ?? {}) as DeleteOptions)
}
