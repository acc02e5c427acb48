/** PersistentVolumes as rows (`printPersistentVolume`, pkg/printers/internalversion/printers.go). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import { age, at, nameOf, specOf, statusOf, textAt } from "../cells.ts"
import { formatQuantity } from "../formatQuantity.ts"
import { ageColumn, column, nameColumn, printer, wide } from "../TablePrinter.ts"
import { accessModes, given, storageClassOf } from "./volumeCells.ts"

const columns = [
  nameColumn,
  column(
    "Capacity",
    "capacity is the description of the persistent volume's resources and capacity. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#capacity"
  ),
  column(
    "Access Modes",
    "accessModes contains all ways the volume can be mounted. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes"
  ),
  column(
    "Reclaim Policy",
    "persistentVolumeReclaimPolicy defines what happens to a persistent volume when released from its claim. Valid options are Retain (default for manually created PersistentVolumes), Delete (default for dynamically provisioned PersistentVolumes), and Recycle (deprecated). Recycle must be supported by the volume plugin underlying this PersistentVolume. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#reclaiming"
  ),
  column(
    "Status",
    "phase indicates if a volume is available, bound to a claim, or released by a claim. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#phase"
  ),
  column(
    "Claim",
    "claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim. Expected to be non-nil when bound. claim.VolumeName is the authoritative bind between PV and PVC. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#binding"
  ),
  column("StorageClass", "StorageClass of the pv"),
  column("VolumeAttributesClass", "VolumeAttributesClass of the pv"),
  column(
    "Reason",
    "reason is a brief CamelCase string that describes any failure and is meant for machine parsing and tidy display in the CLI."
  ),
  ageColumn,
  wide(
    "VolumeMode",
    "volumeMode defines if a volume is intended to be used with a formatted filesystem or to remain in raw block state. Value of Filesystem is implied when not included in spec."
  )
]

export const printPersistentVolume = printer(columns, (volume, now) => {
  const [spec, status] = [specOf(volume), statusOf(volume)]
  return [
    nameOf(volume),
    formatQuantity(at(spec, "capacity")["storage"]),
    accessModes(spec),
    textAt(spec, "persistentVolumeReclaimPolicy"),
    textAt(volume.metadata, "deletionTimestamp") === "" ? textAt(status, "phase") : "Terminating",
    claimOf(spec),
    storageClassOf(volume),
    given(spec, "volumeAttributesClassName"),
    textAt(status, "reason"),
    age(volume, now),
    given(spec, "volumeMode")
  ]
})

const claimOf = (spec: JsonObject): string => {
  const { claimRef } = spec
  return isJsonObject(claimRef) ? `${textAt(claimRef, "namespace")}/${textAt(claimRef, "name")}` : ""
}
