/** Ephemeral containers are only ever added (`pkg/apis/core/validation/validation.go`, ValidatePodEphemeralContainersUpdate; K-386). */
import { jsonEqual } from "../../event/Json.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { entries, text } from "./fields.ts"
import { type FieldError, fieldForbidden } from "./status.ts"
import { validateMetadataUpdate } from "./validateMetadataUpdate.ts"
import { validatePodMetadataAndSpec } from "./validatePod.ts"

const MIRROR = "kubernetes.io/config.mirror"

export const validateEphemeralContainersUpdate = (
  next: PodObject,
  old: PodObject,
  release: KubernetesRelease = latestRelease
): ReadonlyArray<FieldError> => {
  if (old.metadata.annotations?.[MIRROR] !== undefined)
    return [fieldForbidden("", "static pods do not support ephemeral containers")]
  const added = entries(next.spec, "ephemeralContainers")
  const kept = entries(old.spec, "ephemeralContainers").flatMap((before) => {
    const name = JSON.stringify(text(before, "name"))
    const now = added.find((container) => container["name"] === before["name"])
    if (now !== undefined && jsonEqual(now, before)) return []
    const what = now === undefined ? "removed" : "changed"
    return [fieldForbidden("spec.ephemeralContainers", `existing ephemeral containers ${name} may not be ${what}\n`)]
  })
  return [...validateMetadataUpdate(next.metadata, old.metadata), ...validatePodMetadataAndSpec(next, release), ...kept]
}
