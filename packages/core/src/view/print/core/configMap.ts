/** ConfigMaps as rows (`printConfigMap`, pkg/printers/internalversion/printers.go). */
import { age, at, nameOf } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "Data",
    "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys in the BinaryData field, this is enforced during validation process."
  ),
  ageColumn
]

export const printConfigMap = printer(columns, (configMap, now) => [
  nameOf(configMap),
  Object.keys(at(configMap, "data")).length + Object.keys(at(configMap, "binaryData")).length,
  age(configMap, now)
])
