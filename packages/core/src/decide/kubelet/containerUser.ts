/**
 * As whom a container's process runs (`pkg/kubelet/kuberuntime/security_context.go`; containerd `internal/cri/opts/spec_opts.go`;
 * K-193). An image's own user and groups are not known: it is taken for root's.
 */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import type { ContainerSpec, PodSpec } from "../../event/KubernetesObject.ts"

const context = (holder: JsonObject): JsonObject =>
  isJsonObject(holder["securityContext"]) ? holder["securityContext"] : {}

const numbers = (value: unknown): ReadonlyArray<number> =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "number")

/** `status.user` of a container, with its groups in ascending order. */
export const containerUser = (pod: Partial<PodSpec>, container: ContainerSpec): JsonObject => {
  const [ofPod, own] = [context(pod as JsonObject), context(container)]
  const uid = numbers(own["runAsUser"] ?? ofPod["runAsUser"])[0] ?? 0
  const gid = numbers(own["runAsGroup"] ?? ofPod["runAsGroup"])[0] ?? 0
  const groups = [gid, ...numbers(ofPod["fsGroup"]), ...numbers(ofPod["supplementalGroups"])]
  return { linux: { uid, gid, supplementalGroups: [...new Set(groups)].sort((a, b) => a - b) } }
}
