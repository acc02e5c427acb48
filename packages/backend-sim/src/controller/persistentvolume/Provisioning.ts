/** Asks a driver for volumes (`pkg/controller/volume/persistentvolume/pv_controller.go`, provisionClaim); who makes them is not in the controller manager. */
import {
  annotationOf,
  BETA_STORAGE_PROVISIONER,
  classOf,
  type KubernetesObject,
  MIGRATED_TO,
  migratedDriver,
  notFound,
  STORAGE_PROVISIONER,
  withAnnotations
} from "@kubereel/core"
import { type Course, carryOut } from "../../client/Course.ts"
import type { ControllerTools } from "../ControllerContext.ts"
import { keyOf } from "../keys.ts"
import type { VolumeWriter } from "./VolumeWriter.ts"

export class Provisioning {
  readonly #tools: ControllerTools
  readonly #writer: VolumeWriter
  /** Claims for which a driver is being asked. */
  readonly #running = new Set<string>()

  constructor(tools: ControllerTools, writer: VolumeWriter) {
    this.#tools = tools
    this.#writer = writer
  }

  start(claim: KubernetesObject): void {
    const { engine, entity, informers } = this.#tools
    const name = classOf(claim)
    const storageClass = informers.get("StorageClass", undefined, name)
    if (storageClass === undefined)
      return this.#fail(claim, String(notFound({ group: "storage.k8s.io", resource: "storageclass" }, name).message))
    const provisioner = String(storageClass["provisioner"])
    const driver = migratedDriver(provisioner)
    if (driver === undefined && provisioner.startsWith("kubernetes.io/"))
      return this.#fail(claim, `no volume plugin matched name: ${provisioner}`)
    const operation = `${keyOf(claim)}[${claim.metadata.uid}]`
    if (this.#running.has(operation)) return
    this.#running.add(operation)
    carryOut(engine, entity, this.#ask(claim, driver ?? provisioner, driver !== undefined), () =>
      this.#running.delete(operation)
    )
  }

  /** provisionClaimOperationExternal: the driver sees from the annotation that it is meant. */
  *#ask(claim: KubernetesObject, driver: string, migrated: boolean): Course {
    const annotations = {
      [BETA_STORAGE_PROVISIONER]: driver,
      [STORAGE_PROVISIONER]: driver,
      ...(migrated ? { [MIGRATED_TO]: driver } : {})
    }
    const asked = annotationOf(claim, STORAGE_PROVISIONER) === driver ? claim : withAnnotations(claim, annotations)
    const stored = yield* this.#writer.write(claim, asked)
    if (stored === undefined) return
    const by = `Waiting for a volume to be created either by the external provisioner '${driver}' or manually by the system administrator.`
    const message = `${by} If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
    this.#writer.tell(stored, { type: "Normal", reason: "ExternalProvisioning", message })
  }

  #fail(claim: KubernetesObject, message: string): void {
    this.#writer.tell(claim, { type: "Warning", reason: "ProvisioningFailed", message })
  }
}
