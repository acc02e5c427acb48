/** PersistentVolumeClaims as rows (`printPersistentVolumeClaim`, pkg/printers/internalversion/printers.go). */
import { age, at, nameOf, specOf, statusOf, textAt } from "../cells.ts"
import { formatQuantity } from "../formatQuantity.ts"
import { ageColumn, column, nameColumn, printer, wide } from "../TablePrinter.ts"
import { accessModes, given, storageClassOf } from "./volumeCells.ts"

const columns = [
  nameColumn,
  column("Status", "phase represents the current phase of PersistentVolumeClaim."),
  column("Volume", "volumeName is the binding reference to the PersistentVolume backing this claim."),
  column("Capacity", "capacity represents the actual resources of the underlying volume."),
  column(
    "Access Modes",
    "accessModes contains the actual access modes the volume backing the PVC has. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes-1"
  ),
  column("StorageClass", "StorageClass of the pvc"),
  column("VolumeAttributesClass", "VolumeAttributesClass of the pvc"),
  ageColumn,
  wide(
    "VolumeMode",
    "volumeMode defines what type of volume is required by the claim. Value of Filesystem is implied when not included in claim spec."
  )
]

export const printPersistentVolumeClaim = printer(columns, (claim, now) => {
  const [spec, status] = [specOf(claim), statusOf(claim)]
  const volume = textAt(spec, "volumeName")
  const [capacity, modes] =
    volume === "" ? ["", ""] : [formatQuantity(at(status, "capacity")["storage"]), accessModes(status)]
  return [
    nameOf(claim),
    textAt(claim.metadata, "deletionTimestamp") === "" ? textAt(status, "phase") : "Terminating",
    volume,
    capacity,
    modes,
    storageClassOf(claim),
    given(spec, "volumeAttributesClassName"),
    age(claim, now),
    given(spec, "volumeMode")
  ]
})
