/** The sidecar of a driver that makes volumes for claims and destroys them when nobody has them any more (`kubernetes-csi/external-provisioner`, `sig-storage-lib-external-provisioner`). */
import {
  annotationOf,
  classOf,
  isNode,
  type JsonObject,
  type KubernetesObject,
  PROVISIONED_BY,
  phaseOf,
  SECOND,
  SELECTED_NODE,
  STORAGE_PROVISIONER,
  type StorageDriver,
  specOf,
  volumeNameOf,
  withoutAnnotation
} from "@kubereel/core"
import { refusalOf } from "../client/Client.ts"
import type { Course } from "../client/Course.ts"
import { type Synced, WorkQueue } from "../client/WorkQueue.ts"
import { type ControllerTools, eventAbout } from "../controller/ControllerContext.ts"
import { keyOf, splitKey } from "../controller/keys.ts"

/** `--worker-threads`, `--retry-interval-start`, `--retry-interval-max`. */
const WORKERS = 100
const backOff = { first: SECOND, most: 300 * SECOND }
const FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer"

/** A node that was chosen is let go when there is no room (`controller.go`, ProvisioningReschedule). */
const isExhausted = (error: string): boolean => error.includes("ResourceExhausted")

export class ExternalProvisioner {
  readonly #tools: ControllerTools
  readonly #driver: StorageDriver

  constructor(tools: ControllerTools, driver: StorageDriver) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#driver = driver
    const common = { engine, workers: WORKERS, backOff, perKeyOnly: true }
    const claims = new WorkQueue({ ...common, entity: `${entity}/claims`, sync: (key) => this.#syncClaim(key) })
    const volumes = new WorkQueue({ ...common, entity: `${entity}/volumes`, sync: (key) => this.#syncVolume(key) })
    informers.on("StorageClass", {})
    informers.on("Node", {})
    informers.on("VolumeAttachment", {})
    const wake = (queue: WorkQueue) => (object: KubernetesObject) => queue.add(keyOf(object))
    informers.on("PersistentVolumeClaim", { added: wake(claims), updated: wake(claims) })
    informers.on("PersistentVolume", { added: wake(volumes), updated: wake(volumes) })
  }

  #tell(about: KubernetesObject, type: "Normal" | "Warning", reason: string, message: string): void {
    this.#tools.events.record(eventAbout(about, type, reason, message))
  }

  *#syncClaim(key: string): Course<Synced> {
    const { informers } = this.#tools
    const [namespace, name] = splitKey(key)
    const claim = informers.get("PersistentVolumeClaim", namespace, name)
    if (claim === undefined || volumeNameOf(claim) !== "") return undefined
    if (annotationOf(claim, STORAGE_PROVISIONER) !== this.#driver.name) return undefined
    const storageClass = informers.get("StorageClass", undefined, classOf(claim))
    const volumeName = `pvc-${claim.metadata.uid}`
    if (storageClass === undefined || informers.get("PersistentVolume", undefined, volumeName) !== undefined)
      return undefined
    const waits = storageClass["volumeBindingMode"] === "WaitForFirstConsumer"
    if (waits && annotationOf(claim, SELECTED_NODE) === undefined) return undefined
    this.#tell(
      claim,
      "Normal",
      "Provisioning",
      `External provisioner is provisioning volume for claim ${JSON.stringify(key)}`
    )
    yield this.#driver.provision
    const error = this.#driver.provisionError
    return error === undefined
      ? yield* this.#provide(claim, storageClass, volumeName)
      : yield* this.#fail(claim, storageClass, error)
  }

  *#fail(claim: KubernetesObject, storageClass: KubernetesObject, error: string): Course<Synced> {
    const { client } = this.#tools
    const of = JSON.stringify(storageClass.metadata.name)
    this.#tell(claim, "Warning", "ProvisioningFailed", `failed to provision volume with StorageClass ${of}: ${error}`)
    if (annotationOf(claim, SELECTED_NODE) === undefined || !isExhausted(error)) return "retry"
    return refusalOf(yield* client.update(withoutAnnotation(claim, SELECTED_NODE))) === undefined ? undefined : "retry"
  }

  *#provide(claim: KubernetesObject, storageClass: KubernetesObject, name: string): Course<Synced> {
    const refusal = refusalOf(yield* this.#tools.client.create(this.#volumeFor(claim, storageClass, name), ""))
    if (refusal !== undefined && refusal.code !== 409) return "retry"
    this.#tell(claim, "Normal", "ProvisioningSucceeded", `Successfully provisioned volume ${name}`)
    return undefined
  }

  #volumeFor(claim: KubernetesObject, storageClass: KubernetesObject, name: string): KubernetesObject {
    const { accessModes, resources, volumeMode } = specOf(claim)
    const asked = ((resources as JsonObject | undefined)?.["requests"] ?? {}) as JsonObject
    const affinity = this.#affinityFor(claim)
    return {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name, annotations: { [PROVISIONED_BY]: this.#driver.name }, finalizers: [FINALIZER] },
      spec: {
        capacity: { storage: asked["storage"] },
        accessModes,
        volumeMode,
        csi: { driver: this.#driver.name, volumeHandle: name, fsType: "ext4" },
        persistentVolumeReclaimPolicy: storageClass["reclaimPolicy"],
        storageClassName: storageClass.metadata.name,
        mountOptions: storageClass["mountOptions"],
        claimRef: {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          namespace: claim.metadata.namespace,
          name: claim.metadata.name,
          uid: claim.metadata.uid,
          resourceVersion: claim.metadata.resourceVersion
        },
        ...(affinity === undefined ? {} : { nodeAffinity: affinity })
      }
    }
  }

  /** Where the chosen node is; of a claim that waits for nobody one of the places that there are. */
  #affinityFor(claim: KubernetesObject): JsonObject | undefined {
    const { informers, random } = this.#tools
    const keys = this.#driver.topologyKeys
    if (keys.length === 0) return undefined
    const chosen = annotationOf(claim, SELECTED_NODE)
    const nodes = informers
      .list("Node")
      .filter((node) => isNode(node) && keys.every((key) => node.metadata.labels?.[key]))
    const node =
      chosen === undefined ? nodes[random.int(Math.max(nodes.length, 1))] : informers.get("Node", undefined, chosen)
    if (node === undefined) return undefined
    const labels = node.metadata.labels ?? {}
    const matchExpressions = keys.map((key) => ({ key, operator: "In", values: [labels[key] ?? ""] }))
    return { required: { nodeSelectorTerms: [{ matchExpressions }] } }
  }

  /** Volumes whose claim is gone are destroyed when no node has them any more. */
  *#syncVolume(key: string): Course<Synced> {
    const { client, informers } = this.#tools
    const volume = informers.get("PersistentVolume", undefined, splitKey(key)[1])
    if (volume === undefined || annotationOf(volume, PROVISIONED_BY) !== this.#driver.name) return undefined
    if (specOf(volume)["persistentVolumeReclaimPolicy"] !== "Delete") return undefined
    const { name } = volume.metadata
    if (volume.metadata.deletionTimestamp === undefined && phaseOf(volume) !== "Released") return undefined
    const holder = this.#attachedTo(name)
    if (holder !== undefined) {
      this.#tell(
        volume,
        "Warning",
        "VolumeFailedDelete",
        `persistentvolume ${name} is still attached to node ${holder}`
      )
      return "retry"
    }
    yield this.#driver.provision
    const of = { kind: "PersistentVolume", namespace: "", name }
    if (volume.metadata.deletionTimestamp === undefined) yield* client.delete(of)
    const newest = yield* client.get(of)
    if (newest === undefined) return undefined
    const finalizers = newest.metadata.finalizers?.filter((one) => one !== FINALIZER) ?? []
    const refusal = refusalOf(yield* client.patch(of, { type: "merge", body: { metadata: { finalizers } } }))
    return refusal === undefined || refusal.code === 404 ? undefined : "retry"
  }

  #attachedTo(volume: string): string | undefined {
    const found = this.#tools.informers.list("VolumeAttachment").find(({ spec }) => {
      const { source } = (spec ?? {}) as { readonly source?: JsonObject }
      return source?.["persistentVolumeName"] === volume
    })
    return found === undefined ? undefined : String((found["spec"] as JsonObject)["nodeName"])
  }
}
