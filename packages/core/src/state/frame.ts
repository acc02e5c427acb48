/** The frame of a pod's object, which is everything but its status: apart and together again. */
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"
import type { ObjectMeta, PodObject, PodSpec } from "../event/KubernetesObject.ts"
import { inOrder, orderOf, text } from "./fields.ts"
import { initialPod, noOthers, type Pod } from "./Pod.ts"

export type Frame = Pick<Pod, "kind" | "apiVersion" | "metadata" | "spec" | "others">

/** `ObjectMeta`, k8s.io/apimachinery/pkg/apis/meta/v1/types.go. */
const metadataOrder = orderOf([
  "name",
  "generateName",
  "namespace",
  "selfLink",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "labels",
  "annotations",
  "ownerReferences",
  "finalizers",
  "managedFields"
])

/** `PodSpec`, k8s.io/api/core/v1/types.go. */
const specOrder = orderOf([
  "volumes",
  "initContainers",
  "containers",
  "ephemeralContainers",
  "restartPolicy",
  "terminationGracePeriodSeconds",
  "activeDeadlineSeconds",
  "dnsPolicy",
  "nodeSelector",
  "serviceAccountName",
  "serviceAccount",
  "automountServiceAccountToken",
  "nodeName",
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "shareProcessNamespace",
  "securityContext",
  "imagePullSecrets",
  "hostname",
  "subdomain",
  "affinity",
  "schedulerName",
  "tolerations",
  "hostAliases",
  "priorityClassName",
  "priority",
  "dnsConfig",
  "readinessGates",
  "runtimeClassName",
  "enableServiceLinks",
  "preemptionPolicy",
  "overhead",
  "topologySpreadConstraints",
  "setHostnameAsFQDN",
  "os",
  "hostUsers",
  "schedulingGates",
  "resourceClaims",
  "resources",
  "hostnameOverride",
  "workloadRef",
  "schedulingGroup"
])

export const orderedMetadata = (metadata: ObjectMeta): ObjectMeta => inOrder(metadata, metadataOrder)
export const orderedSpec = (spec: PodSpec): PodSpec => inOrder(spec, specOrder)

export const parseFrame = (object: JsonObject): Frame => {
  const [kind, apiVersion] = [text(object.kind), text(object.apiVersion)]
  const metadata = isJsonObject(object.metadata) ? (object.metadata as ObjectMeta) : undefined
  const spec = isJsonObject(object.spec) ? (object.spec as PodSpec) : undefined
  return {
    kind,
    apiVersion,
    metadata: metadata ?? initialPod.metadata,
    spec: spec ?? initialPod.spec,
    others: othersOf(object, {
      status: true,
      kind: kind !== undefined,
      apiVersion: apiVersion !== undefined,
      metadata: metadata !== undefined,
      spec: spec !== undefined
    })
  }
}

/** `told`: which fields the frame has a place for, and whether it could take this object's there. */
const othersOf = (object: JsonObject, told: { readonly [field: string]: boolean }): JsonObject => {
  const isTold = (field: string) => Object.hasOwn(told, field) && told[field] === true
  if (told["metadata"] === true && told["spec"] === true && areAll(object, isTold)) return noOthers
  const entries = Object.entries(object).filter(([field]) => !isTold(field))
  for (const field of ["metadata", "spec"])
    if (!isTold(field) && !Object.hasOwn(object, field)) entries.push([field, undefined])
  const said = entries.filter(([field, value]) => value !== undefined || field === "metadata" || field === "spec")
  return said.length === 0 ? noOthers : Object.fromEntries(said)
}

const areAll = (object: JsonObject, isTold: (field: string) => boolean): boolean => {
  for (const field in object) if (!isTold(field)) return false
  return true
}

/** The whole object, fields in the order of Kubernetes' own JSON; `status` absent where it is `undefined`. */
export const renderFrame = (frame: Frame, status: Json | undefined): PodObject => {
  const object: { [field: string]: Json | undefined } = {}
  if (frame.kind !== undefined) object.kind = frame.kind
  if (frame.apiVersion !== undefined) object.apiVersion = frame.apiVersion
  object.metadata = frame.metadata
  object.spec = frame.spec
  if (status !== undefined) object.status = status
  return (frame.others === noOthers ? object : withOthers(object, frame.others)) as PodObject
}

const withOthers = (object: JsonObject, others: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries({ ...object, ...others }).filter(([, value]) => value !== undefined))
