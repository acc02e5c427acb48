/**
 * As whom a container's process runs (`pkg/kubelet/kuberuntime/security_context.go`; containerd `internal/cri/opts/spec_opts.go`;
 * K-193). Of an image its user is known, by number; its passwd file is not.
 */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import type { ContainerSpec, PodSpec } from "../../event/KubernetesObject.ts"

const context = (holder: JsonObject): JsonObject =>
  isJsonObject(holder["securityContext"]) ? holder["securityContext"] : {}

const numbers = (value: unknown): ReadonlyArray<number> =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "number")

/** `status.user` of a container, with its groups in ascending order. */
export const containerUser = (pod: Partial<PodSpec>, container: ContainerSpec, imageUser = ""): JsonObject => {
  const [imageUid = 0, imageGid = 0] = imageUser.split(":").map((part) => (/^\d+$/.test(part) ? Number(part) : 0))
  const [ofPod, own] = [context(pod as JsonObject), context(container)]
  const asked = numbers(own["runAsUser"] ?? ofPod["runAsUser"])[0]
  const uid = asked ?? imageUid
  const gid = numbers(own["runAsGroup"] ?? ofPod["runAsGroup"])[0] ?? (asked === undefined ? imageGid : 0)
  const groups = [gid, ...numbers(ofPod["fsGroup"]), ...numbers(ofPod["supplementalGroups"])]
  return { linux: { uid, gid, supplementalGroups: [...new Set(groups)].sort((a, b) => a - b) } }
}
