/** VolumeAttributesClasses as rows (`printVolumeAttributesClass`, pkg/printers/internalversion/printers.go). */
import { age, nameOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [nameColumn, column("DriverName", "Name of the CSI driver This field is immutable."), ageColumn]

export const printVolumeAttributesClass = printer(columns, (attributes, now) => [
  nameOf(attributes),
  textAt(attributes, "driverName"),
  age(attributes, now)
])
