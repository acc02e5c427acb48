/** Writes to a cluster that lives: who asks, what he is answered, and what he is told beside it. */
import {
  type Answer,
  decodeFault,
  forbidden,
  invalidObject,
  isJsonObject,
  isSimulatedKind,
  type JsonObject,
  type KubernetesObject,
  keptKind,
  notSimulated,
  refusedWith,
  type ServedWrite,
  type Status
} from "@kubereel/core"
import { Result } from "effect"
import { ApiServer } from "../apiserver/ApiServer.ts"
import { DryRunStore } from "../apiserver/DryRunStore.ts"
import { shown } from "../apiserver/writes.ts"
import type { ClusterParts } from "../Cluster.ts"
import { FAULT } from "./LiveFaults.ts"
import { CUSTOM_RESOURCES } from "./resources.ts"
import type { Shown } from "./Shown.ts"
import { carryOut, type WriteTo } from "./write.ts"

/** Kinds whose objects are answered when they are gone; of the others only what they were called (ReturnDeletedObject; C-141). */
const answeredWhole = new Set([
  ...["Pod", "Namespace", "Service", "ServiceAccount", "ResourceQuota", "PodTemplate"],
  ...["PersistentVolume", "PersistentVolumeClaim", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
  ...["CSIDriver", "CSINode", "DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"]
])

const noCustomResources =
  "a simulated cluster keeps no custom resources: `kubereel join` puts simulated nodes into a real control plane, which has them"

const isStatus = ({ kind }: JsonObject): boolean => kind === "Status"

export class LiveWrites {
  readonly #parts: ClusterParts
  readonly #shown: Shown
  /** Kinds of which somebody was told that nothing acts upon them. */
  readonly #explained = new Set<string>()
  /** How many requests only tried. */
  #tries = 0

  constructor(parts: ClusterParts, shownObjects: Shown) {
    this.#parts = parts
    this.#shown = shownObjects
  }

  /** The answer, its object with its managed fields; `warnings` in the order in which they were thought of. */
  carryOut(write: ServedWrite): Answer {
    const { resource } = write
    if (resource.resource === CUSTOM_RESOURCES)
      return refusedWith(forbidden(resource, write.verb === "create" ? "" : nameOf(write), noCustomResources))
    const wrong = resource.kind === FAULT ? wrongFault(write) : undefined
    if (wrong !== undefined) return refusedWith(wrong)
    const to = write.dryRun ? this.#trial() : this.#parts
    const before = notSimulatedBefore(to, write)
    const answer = to.api.withWarnings(() => carryOut(to, write), write.fieldValidation)
    const told = this.#afterDeletion(to, write, this.#whole(to, write, answer))
    return answer.status < 300
      ? withWarnings(told, [...notSimulatedNow(write, answer, before), ...this.#explanation(write)])
      : told
  }

  /** An API server that forgets what it writes; what it draws it has not drawn. */
  #trial(): WriteTo {
    const { engine, release, seed } = this.#parts
    const store = new DryRunStore(this.#parts.store)
    return { api: new ApiServer(engine, store, seed + ++this.#tries * 7_919, release), store }
  }

  #whole(to: WriteTo, { dryRun, verb }: ServedWrite, answer: Answer): Answer {
    if (answer.status >= 300 || isStatus(answer.body) || verb === "deletecollection") return answer
    const object = answer.body as unknown as KubernetesObject
    const body = dryRun ? shown(to.store, object) : this.#shown.of(object)
    return { ...answer, body: body as unknown as JsonObject }
  }

  /** Of what is gone only its name is told, but for some kinds. */
  #afterDeletion({ store }: WriteTo, write: ServedWrite, answer: Answer): Answer {
    const { resource, verb } = write
    if (verb !== "delete" || answer.status >= 300 || answeredWhole.has(resource.kind)) return answer
    const { metadata } = answer.body as unknown as KubernetesObject
    const { group, kind, resource: plural } = resource
    if (store.get(kind, metadata.namespace, metadata.name)?.metadata.uid === metadata.uid) return answer
    const details = { name: metadata.name, ...(group === "" ? {} : { group }), kind: plural, uid: metadata.uid ?? "" }
    return { ...answer, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details } }
  }

  /** Said once of each kind: that nothing comes of it. */
  #explanation({ resource: { kind }, verb }: ServedWrite): ReadonlyArray<string> {
    if (verb === "delete" || verb === "deletecollection") return []
    if (keptKind(kind) === undefined || this.#explained.has(kind)) return []
    this.#explained.add(kind)
    return [`kubereel keeps objects of kind ${kind} but nothing acts upon them`]
  }
}

const withWarnings = (answer: Answer, more: ReadonlyArray<string>): Answer =>
  more.length === 0 ? answer : { ...answer, warnings: [...(answer.warnings ?? []), ...more] }

/** Nobody is told of parts of what is gone, or of what others than its author write. */
const isOfAuthor = ({ resource, subresource, verb }: ServedWrite): boolean =>
  subresource === "" && verb !== "delete" && verb !== "deletecollection" && isSimulatedKind(resource.kind)

/** What of the object that is there changes nothing in a simulation, as its author was told before. */
const notSimulatedBefore = ({ store }: WriteTo, write: ServedWrite): ReadonlyArray<string> => {
  if (!isOfAuthor(write) || write.verb === "create") return []
  const { namespace, resource } = write
  const there = store.get(resource.kind, resource.namespaced ? namespace : undefined, nameOf(write))
  return there === undefined ? [] : notSimulated(there)
}

/** `not simulated: spec.…`, of each part once. */
const notSimulatedNow = (
  write: ServedWrite,
  { body }: Answer,
  before: ReadonlyArray<string>
): ReadonlyArray<string> => {
  if (!isOfAuthor(write) || isStatus(body)) return []
  return notSimulated(body as unknown as KubernetesObject).filter((sentence) => !before.includes(sentence))
}

/** What is wrong with a Fault that is to be made. */
const wrongFault = (write: ServedWrite): Status | undefined => {
  const given =
    write.verb === "create"
      ? write.object
      : write.verb === "patch" && write.patch.type === "apply"
        ? write.patch.body
        : undefined
  if (!isJsonObject(given) || write.subresource !== "") return undefined
  const decoded = decodeFault(given["spec"])
  const { name } = (given["metadata"] ?? {}) as { readonly name?: string }
  return Result.isSuccess(decoded)
    ? undefined
    : invalidObject({ group: write.resource.group, kind: FAULT }, name ?? "", decoded.failure)
}

const nameOf = (write: ServedWrite): string => ("name" in write ? (write.name ?? "") : "")
