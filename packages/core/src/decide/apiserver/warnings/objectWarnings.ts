/** What the API server says of a write that it takes: the warnings of each kind's strategy (`pkg/registry/<group>/<resource>/strategy.go`, WarningsOnCreate, WarningsOnUpdate; the texts of the latest version). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { compareQuantity, parseQuantity } from "../../../event/Quantity.ts"
import { entries, integer, mapping, numbered, specOf, statusOf, text, textsOf } from "../fields.ts"
import { dns1123Label } from "../nameRules.ts"
import { appArmorWarnings } from "./appArmor.ts"
import { cidrWarnings, ipWarnings } from "./ipWarnings.ts"
import { deprecatedLabel } from "./nodeLabelWarnings.ts"
import { claimSpecWarnings, podWarnings, templateWarnings } from "./podWarnings.ts"
import { serviceStatusWarnings, serviceWarnings } from "./serviceWarnings.ts"
import {
  csiDriverWarnings,
  persistentVolumeClaimWarnings,
  persistentVolumeWarnings,
  storageClassWarnings
} from "./storageWarnings.ts"
import { tlsWarnings } from "./tlsWarnings.ts"

type OnCreate = (object: KubernetesObject) => ReadonlyArray<string>
type OnUpdate = (next: KubernetesObject, old: KubernetesObject) => ReadonlyArray<string>

const nameWarnings = ({ metadata }: KubernetesObject, used: string): ReadonlyArray<string> => {
  const messages = dns1123Label(metadata.name)
  return messages.length === 0
    ? []
    : [
        `metadata.name: this is used in ${used}, which can result in surprising behavior; a DNS label is recommended: [${messages.join(" ")}]`
      ]
}

const POD_NAMES = "Pod names and hostnames"

const ofTemplate: OnCreate = (object) => templateWarnings(mapping(specOf(object), "template"), "spec.template")

const onNewGeneration =
  (warnings: OnCreate): OnUpdate =>
  (next, old) =>
    next.metadata.generation === old.metadata.generation ? [] : warnings(next)

const INDEXED_LIMITS = [100_000, 10_000] as const

const jobSpecWarnings = (spec: JsonObject, at: string): ReadonlyArray<string> => {
  const [completions, parallelism] = INDEXED_LIMITS
  const isLarge =
    text(spec, "completionMode") === "Indexed" &&
    (integer(spec, "completions") ?? 0) > completions &&
    (integer(spec, "parallelism") ?? 0) > parallelism
  return [
    ...(isLarge
      ? [
          `${at}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`
        ]
      : []),
    ...templateWarnings(mapping(spec, "template"), `${at}.template`)
  ]
}

const ofJob: OnCreate = (object) => jobSpecWarnings(specOf(object), "spec")
const ofCronJob: OnCreate = (object) =>
  jobSpecWarnings(mapping(mapping(specOf(object), "jobTemplate"), "spec"), "spec.jobTemplate.spec")

const scheduleWarnings: OnCreate = (object) =>
  text(specOf(object), "schedule").includes("TZ")
    ? [
        "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details"
      ]
    : []

/** `under`: as the strategy calls the spec of a claim's template, which is another name for each verb. */
const statefulSetWarnings = (object: KubernetesObject, under: string): ReadonlyArray<string> => [
  ...entries(specOf(object), "volumeClaimTemplates").flatMap((claim, i) =>
    claimSpecWarnings(specOf(claim), `spec.volumeClaimTemplates[${i}]${under}`)
  ),
  ...((integer(specOf(object), "revisionHistoryLimit") ?? 0) < 0
    ? ["spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended"]
    : [])
]

const nodeWarnings: OnCreate = (object) => {
  const spec = specOf(object)
  return [
    ...(text(spec, "externalID") === ""
      ? []
      : ["spec.externalID: this field is deprecated, and is unused by Kubernetes"]),
    ...textsOf(spec, "podCIDRs").flatMap((one, i) => cidrWarnings(`spec.podCIDRs[${i}]`, one))
  ]
}

const runtimeClassWarnings: OnCreate = (runtimeClass) =>
  Object.keys(mapping(mapping(runtimeClass as unknown as JsonObject, "scheduling"), "nodeSelector")).flatMap(
    (label) => {
      const message = deprecatedLabel(label)
      return message === undefined ? [] : [`scheduling.nodeSelector: ${message}`]
    }
  )

const MOUNTABLE = "kubernetes.io/enforce-mountable-secrets"

const serviceAccountWarnings = ({ metadata }: KubernetesObject, old?: KubernetesObject): ReadonlyArray<string> =>
  Object.hasOwn(metadata.annotations ?? {}, MOUNTABLE) && !Object.hasOwn(old?.metadata.annotations ?? {}, MOUNTABLE)
    ? [
        `metadata.annotations[${MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`
      ]
    : []

/** Nobody asks for less than he may use at most. */
const resourceQuotaWarnings: OnCreate = (object) => {
  const hard = mapping(specOf(object), "hard")
  const has = (name: string): boolean => Object.hasOwn(hard, name)
  return ["cpu", "memory", "storage", "ephemeral-storage"].flatMap((resource) => {
    const isBare = (resource === "cpu" || resource === "memory") && !has(`requests.${resource}`)
    const names = [isBare ? resource : `requests.${resource}`, `limits.${resource}`] as const
    const [request, limit] = names.map((name) => parseQuantity(text(hard, name)))
    if (request === undefined || limit === undefined || compareQuantity(request, limit) <= 0) return []
    const [requested, limited] = names.map((name) => `${name} (${text(hard, name)})`)
    return [`ResourceQuota ${requested} should be less than ${limited}`]
  })
}

const MANAGERS = ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"]

const endpointWarnings: OnCreate = (slice) =>
  MANAGERS.includes(slice.metadata.labels?.["endpointslice.kubernetes.io/managed-by"] ?? "")
    ? []
    : numbered(entries(slice as unknown as JsonObject, "endpoints"), "endpoints").flatMap(({ at, item }) =>
        textsOf(item, "addresses").flatMap((address, i) => ipWarnings(`${at}.addresses[${i}]`, address))
      )

/** Who writes what it has from pods writes no address in another form. */
const ofEndpoints: OnCreate = (endpoints) =>
  endpoints.metadata.labels?.["endpoints.kubernetes.io/managed-by"] === "endpoint-controller"
    ? []
    : numbered(entries(endpoints as unknown as JsonObject, "subsets"), "subsets").flatMap(({ at, item }) =>
        (["addresses", "notReadyAddresses"] as const).flatMap((list) =>
          entries(item, list).flatMap((address, i) => ipWarnings(`${at}.${list}[${i}].ip`, text(address, "ip")))
        )
      )

const addressTypeWarnings: OnCreate = (slice) =>
  slice["addressType"] === "FQDN" ? ["spec.addressType: FQDN endpoints are deprecated"] : []

const onCreate: { readonly [kind: string]: OnCreate } = {
  Deployment: (object) => [...nameWarnings(object, POD_NAMES), ...ofTemplate(object)],
  ReplicaSet: (object) => [...nameWarnings(object, POD_NAMES), ...ofTemplate(object)],
  ReplicationController: (object) => [...nameWarnings(object, POD_NAMES), ...ofTemplate(object)],
  StatefulSet: (object) => [...ofTemplate(object), ...statefulSetWarnings(object, "")],
  DaemonSet: ofTemplate,
  Job: (object) => [...nameWarnings(object, POD_NAMES), ...ofJob(object)],
  CronJob: (object) => [...nameWarnings(object, POD_NAMES), ...ofCronJob(object)],
  Service: serviceWarnings,
  Node: nodeWarnings,
  Secret: tlsWarnings,
  ServiceAccount: (object) => serviceAccountWarnings(object),
  PersistentVolume: persistentVolumeWarnings,
  PersistentVolumeClaim: persistentVolumeClaimWarnings,
  StorageClass: storageClassWarnings,
  CSIDriver: (object) => csiDriverWarnings(object),
  RuntimeClass: runtimeClassWarnings,
  ResourceQuota: resourceQuotaWarnings,
  Endpoints: ofEndpoints,
  EndpointSlice: (object) => [...addressTypeWarnings(object), ...endpointWarnings(object)]
}

const onUpdate: { readonly [kind: string]: OnUpdate } = {
  Deployment: onNewGeneration(ofTemplate),
  ReplicaSet: onNewGeneration(ofTemplate),
  ReplicationController: onNewGeneration(ofTemplate),
  StatefulSet: (next, old) => [...onNewGeneration(ofTemplate)(next, old), ...statefulSetWarnings(next, ".Spec")],
  // The generation of its template is what is looked at.
  DaemonSet: (next, old) =>
    jsonEqual(mapping(specOf(next), "template"), mapping(specOf(old), "template")) ? [] : ofTemplate(next),
  Job: onNewGeneration(ofJob),
  CronJob: (next, old) => [...onNewGeneration(ofCronJob)(next, old), ...scheduleWarnings(next)],
  Service: serviceWarnings,
  "Service/status": serviceStatusWarnings,
  "Pod/status": (pod) =>
    (["podIPs", "hostIPs"] as const).flatMap((list) =>
      numbered(entries(statusOf(pod), list), `status.${list}`).flatMap(({ at, item }) =>
        ipWarnings(`${at}.ip`, text(item, "ip"))
      )
    ),
  Node: nodeWarnings,
  Secret: tlsWarnings,
  ServiceAccount: serviceAccountWarnings,
  PersistentVolume: persistentVolumeWarnings,
  PersistentVolumeClaim: persistentVolumeClaimWarnings,
  StorageClass: storageClassWarnings,
  CSIDriver: csiDriverWarnings,
  RuntimeClass: runtimeClassWarnings,
  Endpoints: ofEndpoints,
  EndpointSlice: endpointWarnings
}

/** `asked`: the object with its defaults, before what is written in its annotations becomes fields. */
export const warningsOnCreate = (object: KubernetesObject, asked: JsonObject = object): ReadonlyArray<string> => {
  if (object.kind !== "Pod") return onCreate[object.kind]?.(object) ?? []
  const annotations = mapping(mapping(object, "metadata"), "annotations")
  return [
    ...appArmorWarnings(specOf(asked), annotations),
    ...nameWarnings(object, "the Pod's hostname"),
    ...podWarnings(object)
  ]
}

/** `subresource`: "" for the object itself. */
export const warningsOnUpdate = (
  next: KubernetesObject,
  old: KubernetesObject,
  subresource: string
): ReadonlyArray<string> => onUpdate[subresource === "" ? next.kind : `${next.kind}/${subresource}`]?.(next, old) ?? []

/** Who deletes a Job and does not say what is to become of its pods (`pkg/registry/batch/job/storage/storage.go`). */
export const ORPHANING_WARNING =
  "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning"
