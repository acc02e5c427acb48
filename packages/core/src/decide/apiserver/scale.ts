/**
 * How large a workload is, as an object of its own: the subresource `scale` (`pkg/registry/apps/{deployment,replicaset,statefulset}/storage`, `pkg/registry/core/replicationcontroller/storage`).
 */
import { Result } from "effect"
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { selectorText } from "../../view/selectorText.ts"
import { replicaSetOfController } from "../controller/replication/conversion.ts"
import { isKnownKind } from "./apiTypes.ts"
import { encodeObject } from "./encodeObject.ts"
import { integer, mapping, specOf, statusOf, text } from "./fields.ts"
import { apiResource } from "./resources.ts"
import { badRequest, conflict, invalid, invalidObject, type Status } from "./status.ts"
import { validateObjectMeta } from "./validateObjectMeta.ts"

const scalable = new Set(["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"])

export const isScalable = (kind: string): boolean => scalable.has(kind)

/** GET of `scale`; `undefined`: objects of this kind have no size. */
export const scaleObjectOf = (object: KubernetesObject): KubernetesObject | undefined => {
  if (!isScalable(object.kind)) return undefined
  const { creationTimestamp, name, namespace, resourceVersion, uid } = object.metadata
  const { selector } = specOf(object.kind === "ReplicationController" ? replicaSetOfController(object) : object)
  return encodeObject("Scale", {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: integer(specOf(object), "replicas") ?? 0 },
    status: { replicas: integer(statusOf(object), "replicas") ?? 0, selector: selectorText(selector) }
  }) as KubernetesObject
}

const negative = (replicas: number) =>
  replicas < 0 ? [invalid("spec.replicas", replicas, "must be greater than or equal to 0")] : []

/** The object with the size that a PUT or PATCH of its `scale` asks for, or why it is refused. */
export const rescaled = (object: KubernetesObject, scale: JsonObject): Result.Result<JsonObject, Status> => {
  if (!isKnownKind(scale["apiVersion"], "Scale") || scale["kind"] !== "Scale")
    return Result.fail(badRequest(`expected input object type to be Scale, but ${text(scale, "kind")}`))
  const { name, uid } = object.metadata
  const replicas = integer(mapping(scale, "spec"), "replicas") ?? 0
  const metadata = mapping(scale, "metadata")
  const errors = [...validateObjectMeta(metadata), ...negative(replicas)]
  if (errors.length > 0) return Result.fail(invalidObject({ group: "autoscaling", kind: "Scale" }, name, errors))
  const asked = text(metadata, "uid")
  const { group, resource } = apiResource(object.kind)
  if (asked !== "" && asked !== uid) {
    const why = `Precondition failed: UID in precondition: ${asked}, UID in object meta: ${uid}`
    return Result.fail(conflict({ group, resource: `${resource}/scale` }, name, why))
  }
  const spec = isJsonObject(object["spec"]) ? object["spec"] : {}
  return Result.succeed({ ...object, spec: { ...spec, replicas } })
}
