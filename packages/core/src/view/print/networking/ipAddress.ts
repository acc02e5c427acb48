/** IPAddresses as rows, each with an age for which there is no column (`printIPAddress`, pkg/printers/internalversion/printers.go). */
import { isJsonObject, type Json } from "../../../event/Json.ts"
import { age, nameOf, specOf, textAt } from "../cells.ts"
import { column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "ParentRef",
    "ParentRef references the resource that an IPAddress is attached to. An IPAddress must reference a parent object."
  )
]

export const printIPAddress = printer(columns, (address, now) => [
  nameOf(address),
  parentCell(specOf(address)["parentRef"]),
  age(address, now)
])

const parentCell = (parent: Json | undefined): string => {
  if (!isJsonObject(parent)) return "<none>"
  const [group, namespace] = [textAt(parent, "group"), textAt(parent, "namespace")]
  const resource = `${textAt(parent, "resource")}${group === "" ? "" : `.${group}`}`.toLowerCase()
  return [resource, ...(namespace === "" ? [] : [namespace]), textAt(parent, "name")].join("/")
}
