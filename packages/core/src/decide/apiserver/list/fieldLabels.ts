/**
 * Which fields of a kind can be selected by, and what an object has in them (the strategies' ToSelectableFields in
 * `pkg/registry`, the field label conversions in `pkg/apis/<group>/<version>/conversion.go`; C, section 3.3).
 */
import { Result } from "effect"
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, mapping, specOf, statusOf, text } from "../fields.ts"
import type { FieldSelector } from "./fieldSelector.ts"
import { matchesFields } from "./fieldSelector.ts"

type FieldOf = (object: KubernetesObject) => string

/** The kind of what is listed, as it is asked for. */
export interface SelectedKind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly namespaced: boolean
}

interface Selectable {
  /** By the label that clients write. */
  readonly labels: { readonly [label: string]: FieldOf }
  /** What is said of any other label. */
  readonly refusal: (label: string) => string
}

const notSupported = (label: string): string => `field label not supported: ${label}`
const name: FieldOf = ({ metadata }) => metadata.name
const namespace: FieldOf = ({ metadata }) => metadata.namespace ?? ""
const named = { "metadata.name": name }
const ofNamespace = { ...named, "metadata.namespace": namespace }

const spec =
  (key: string): FieldOf =>
  (object) =>
    text(specOf(object), key)
const status =
  (key: string): FieldOf =>
  (object) =>
    text(statusOf(object), key)
const flag =
  (key: string): FieldOf =>
  (object) =>
    `${specOf(object)[key] === true}`
const count =
  (key: string): FieldOf =>
  (object) =>
    `${statusOf(object)[key] ?? 0}`
const top =
  (key: string): FieldOf =>
  (object) =>
    text(object, key)

const selectable = (labels: Selectable["labels"], refusal: Selectable["refusal"] = notSupported): Selectable => ({
  labels,
  refusal
})

/** `podIP` is the older field, and has the last word; `podIPs` is taken for a label, but no pod has anything there. */
const podIP: FieldOf = (pod) => text(statusOf(pod), "podIP") || text(entries(statusOf(pod), "podIPs")[0] ?? {}, "ip")

const pod = selectable({
  ...ofNamespace,
  "spec.nodeName": spec("nodeName"),
  "spec.host": spec("nodeName"),
  "spec.restartPolicy": spec("restartPolicy"),
  "spec.schedulerName": spec("schedulerName"),
  "spec.serviceAccountName": (object) =>
    text(specOf(object), "serviceAccountName") || text(specOf(object), "serviceAccount"),
  "spec.hostNetwork": flag("hostNetwork"),
  "status.phase": status("phase"),
  "status.podIP": podIP,
  "status.podIPs": () => "",
  "status.nominatedNodeName": status("nominatedNodeName")
})

const referenceKeys = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"]

/** An Event of either group, whatever its version calls what it tells of. */
const involved = (event: KubernetesObject): JsonObject =>
  mapping(event, isJsonObject(event["regarding"]) ? "regarding" : "involvedObject")
const reference = (prefix: string): Selectable["labels"] =>
  Object.fromEntries(referenceKeys.map((key) => [`${prefix}.${key}`, (event) => text(involved(event), key)]))
const reporter: FieldOf = (event) => text(event, "reportingComponent") || text(event, "reportingController")
const source: FieldOf = (event) =>
  text(mapping(event, isJsonObject(event["deprecatedSource"]) ? "deprecatedSource" : "source"), "component") ||
  reporter(event)

const told = { ...ofNamespace, reason: top("reason"), type: top("type") }

const replicas = { "status.replicas": count("replicas") }

/** By `group/kind`. Versions do not differ in what they let select. */
const kinds: { readonly [kind: string]: Selectable } = {
  "/Pod": pod,
  "/Node": selectable({ ...named, "spec.unschedulable": flag("unschedulable") }),
  "/ReplicationController": selectable({ ...ofNamespace, ...replicas }),
  "/Event": selectable({ ...told, ...reference("involvedObject"), reportingComponent: reporter, source }),
  "events.k8s.io/Event": selectable({ ...told, ...reference("regarding"), reportingController: reporter }),
  "/Namespace": selectable({ ...named, "status.phase": status("phase") }),
  "/Secret": selectable({ ...ofNamespace, type: top("type") }),
  "/Service": selectable({ ...ofNamespace, "spec.clusterIP": spec("clusterIP"), "spec.type": spec("type") }),
  "batch/Job": selectable(
    { ...ofNamespace, "status.successful": count("succeeded") },
    (label) => `field label ${JSON.stringify(label)} not supported for Job`
  ),
  "certificates.k8s.io/CertificateSigningRequest": selectable({ ...named, "spec.signerName": spec("signerName") }),
  "certificates.k8s.io/ClusterTrustBundle": selectable({ ...named, "spec.signerName": spec("signerName") }),
  "certificates.k8s.io/PodCertificateRequest": selectable({
    ...named,
    "spec.signerName": spec("signerName"),
    "spec.podName": spec("podName"),
    "spec.nodeName": spec("nodeName")
  })
}

const resourceSlice = (version: string): Selectable =>
  selectable(
    { ...named, "spec.nodeName": spec("nodeName"), "spec.driver": spec("driver") },
    (label) => `field label not supported for resource.k8s.io/${version}, Kind=ResourceSlice: ${label}`
  )

/** Kinds that say nothing of fields of their own (DefaultMetaV1FieldSelectorConversion). */
const anyKind = selectable(
  ofNamespace,
  (label) => `${JSON.stringify(label)} is not a known field selector: only "metadata.name", "metadata.namespace"`
)

/** Custom resources have the fields that their definition lists (`selectableFields` of a version, `.spec.color`). */
const customKind = (crd: JsonObject, namespaced: boolean): Selectable =>
  selectable({
    ...(namespaced ? ofNamespace : named),
    ...Object.fromEntries(
      entries(crd, "selectableFields").map((field) => {
        const path = text(field, "jsonPath").replace(/^\./, "")
        return [path, (object: KubernetesObject) => valueAt(object, path.split("."))]
      })
    )
  })

const valueAt = (object: JsonObject, path: ReadonlyArray<string>): string => {
  let value: JsonObject[string] = object
  for (const key of path) value = isJsonObject(value) ? value[key] : undefined
  return typeof value === "object" || value === undefined ? "" : String(value)
}

const selectableOf = ({ group, version, kind, namespaced }: SelectedKind, crd?: JsonObject): Selectable => {
  if (crd !== undefined) return customKind(crd, namespaced)
  const key = `${group}/${kind}`
  if (key === "resource.k8s.io/ResourceSlice") return resourceSlice(version)
  return Object.hasOwn(kinds, key) ? (kinds[key] as Selectable) : anyKind
}

/** The selector, if all its fields are the kind's; else Kubernetes' sentence, the message of a 400. `crd`: the version's entry. */
export const supportedFields = (
  kind: SelectedKind,
  selector: FieldSelector,
  crd?: JsonObject
): Result.Result<FieldSelector, string> => {
  const { labels, refusal } = selectableOf(kind, crd)
  const unknown = selector.find(({ field }) => !Object.hasOwn(labels, field))
  return unknown === undefined ? Result.succeed(selector) : Result.fail(refusal(unknown.field))
}

/** Whether a selector that the kind supports selects the object. */
export const matchesObject = (
  kind: SelectedKind,
  selector: FieldSelector,
  object: KubernetesObject,
  crd?: JsonObject
): boolean => {
  if (selector.length === 0) return true
  const { labels } = selectableOf(kind, crd)
  return matchesFields(selector, (field) => (Object.hasOwn(labels, field) ? (labels[field] as FieldOf)(object) : ""))
}
