/** Which of a pod's volumes have to be attached to its node first (`pkg/controller/volume/attachdetach/util/util.go`, CreateVolumeSpec; `pkg/volume/csi/csi_plugin.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { mapping } from "../../apiserver/fields.ts"
import { csiVolumeOf, inlineName } from "../../storage/csiMigration.ts"
import { accessModesOf } from "../../storage/findMatchingVolume.ts"

export interface Attachable {
  /** `kubernetes.io/csi/driver^handle`, of which Nodes tell. */
  readonly uniqueName: string
  /** By which Events name it. */
  readonly name: string
  readonly driver: string
  readonly handle: string
  /** The name of a PersistentVolume; absent: the pod names the disk itself. */
  readonly persistentVolume?: string
  /** May several nodes have it at one time (IsMultiAttachAllowed)? */
  readonly multiAttach: boolean
}

/** Of a driver nothing is known: it attaches. */
export const attaches = (csiDriver: KubernetesObject | undefined): boolean =>
  mapping({ ...csiDriver }, "spec")["attachRequired"] !== false

const shared = ["ReadOnlyMany", "ReadWriteMany"]

const ofPersistent = (volume: KubernetesObject): Attachable | undefined => {
  const csi = csiVolumeOf(mapping(volume, "spec"))
  const modes = accessModesOf(volume)
  return (
    csi && {
      ...csi,
      uniqueName: `kubernetes.io/csi/${csi.driver}^${csi.handle}`,
      name: volume.metadata.name,
      persistentVolume: volume.metadata.name,
      multiAttach: modes.length === 0 || modes.some((mode) => shared.includes(mode))
    }
  )
}

/** A disk that a pod names itself is read by many, or written by one. A driver that a pod names itself attaches nothing. */
const ofInline = ({ csi: _, ...volume }: JsonObject): Attachable | undefined => {
  const csi = csiVolumeOf(volume)
  const isReadOnly = Object.values(volume).some((source) => (source as JsonObject | undefined)?.["readOnly"] === true)
  return (
    csi && {
      ...csi,
      uniqueName: `kubernetes.io/csi/${csi.driver}^${csi.handle}`,
      name: inlineName(volume),
      multiAttach: isReadOnly
    }
  )
}

/** `persistent`: what the volume's claim is bound to. */
export const attachableOf = (
  volume: JsonObject,
  persistent: KubernetesObject | undefined,
  csiDriver: (name: string) => KubernetesObject | undefined
): Attachable | undefined => {
  const found = persistent === undefined ? ofInline(volume) : ofPersistent(persistent)
  return found !== undefined && attaches(csiDriver(found.driver)) ? found : undefined
}

/** The Event about a pod whose volume another node has (`reconciler.go`, reportMultiAttachError). `users`: the pods there. */
export const multiAttachError = (
  volume: string,
  pod: KubernetesObject,
  users: ReadonlyArray<KubernetesObject>
): string => {
  const prefix = `Multi-Attach error for volume ${JSON.stringify(volume)} `
  if (users.length === 0)
    return `${prefix}Volume is already exclusively attached to one node and can't be attached to another`
  const local = users.filter(({ metadata }) => metadata.namespace === pod.metadata.namespace)
  const others = users.length - local.length
  if (local.length === 0) return `${prefix}Volume is already used by ${others} pod(s) in different namespaces`
  const names = local.map(({ metadata }) => metadata.name).join(", ")
  const more = others > 0 ? ` and ${others} pod(s) in different namespaces` : ""
  return `${prefix}Volume is already used by pod(s) ${names}${more}`
}
