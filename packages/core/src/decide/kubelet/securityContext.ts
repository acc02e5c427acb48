/** As whom a container runs, and whether it may (`pkg/securitycontext/util.go`, `pkg/kubelet/kuberuntime/security_context_others.go`; K-133). */
import type { JsonObject } from "../../event/Json.ts"
import type { ContainerSpec, PodSpec } from "../../event/KubernetesObject.ts"
import { integer, mapping } from "../apiserver/fields.ts"

/** The container's word counts before the pod's. */
const effective = (spec: PodSpec, container: ContainerSpec): JsonObject => ({
  ...mapping(spec, "securityContext"),
  ...mapping(container, "securityContext")
})

interface ImageUser {
  readonly uid: number | undefined
  readonly name: string
}

/** `user` of an image is `user[:group]`; none is root (getImageUser). */
const imageUserOf = (user: string): ImageUser => {
  const [name = ""] = user.split(":")
  if (name === "") return { uid: 0, name: "" }
  return /^\d+$/.test(name) ? { uid: Number(name), name: "" } : { uid: undefined, name }
}

export interface RunningAs {
  readonly spec: PodSpec
  readonly container: ContainerSpec
  /** As the image's configuration has it. */
  readonly imageUser: string
  /** The pod as messages print it: `name_namespace(uid)`. */
  readonly podText: string
}

/** Why `runAsNonRoot` forbids the start, in the kubelet's words. */
export const verifyRunAsNonRoot = ({ container, imageUser, podText, spec }: RunningAs): string | undefined => {
  const context = effective(spec, container)
  if (context["runAsNonRoot"] !== true) return undefined
  const at = `(pod: ${JSON.stringify(podText)}, container: ${container.name})`
  const runAsUser = integer(context, "runAsUser")
  if (runAsUser !== undefined) return runAsUser === 0 ? `container's runAsUser breaks non-root policy ${at}` : undefined
  const { name, uid } = imageUserOf(imageUser)
  if (uid === undefined)
    return `container has runAsNonRoot and image has non-numeric user (${name}), cannot verify user is non-root ${at}`
  return uid === 0 ? `container has runAsNonRoot and image will run as root ${at}` : undefined
}
