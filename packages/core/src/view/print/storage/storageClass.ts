/** StorageClasses as rows (`printStorageClass`, pkg/printers/internalversion/printers.go). */
import type { JsonObject } from "../../../event/Json.ts"
import { age, at, nameOf, orElse, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Provisioner", "provisioner indicates the type of the provisioner."),
  column(
    "ReclaimPolicy",
    "reclaimPolicy controls the reclaimPolicy for dynamically provisioned PersistentVolumes of this storage class. Defaults to Delete."
  ),
  column(
    "VolumeBindingMode",
    "volumeBindingMode indicates how PersistentVolumeClaims should be provisioned and bound.  When unset, VolumeBindingImmediate is used. This field is only honored by servers that enable the VolumeScheduling feature."
  ),
  column("AllowVolumeExpansion", "allowVolumeExpansion shows whether the storage class allow volume expand."),
  ageColumn
]

export const printStorageClass = printer(columns, (storageClass, now) => [
  `${nameOf(storageClass)}${isDefault(at(storageClass.metadata, "annotations")) ? " (default)" : ""}`,
  textAt(storageClass, "provisioner"),
  orElse(textAt(storageClass, "reclaimPolicy"), "Delete"),
  orElse(textAt(storageClass, "volumeBindingMode"), "Immediate"),
  storageClass["allowVolumeExpansion"] === true,
  age(storageClass, now)
])

/** `IsDefaultAnnotation`, pkg/apis/storage/util/helpers.go */
const isDefault = (annotations: JsonObject): boolean =>
  annotations["storageclass.kubernetes.io/is-default-class"] === "true" ||
  annotations["storageclass.beta.kubernetes.io/is-default-class"] === "true"
