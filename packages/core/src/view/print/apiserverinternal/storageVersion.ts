/** StorageVersions as rows (`printStorageVersion`, pkg/printers/internalversion/printers.go). */
import { age, itemsAt, listWithMore, nameOf, statusOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "CommonEncodingVersion",
    "commonEncodingVersion is set to an encoding storage version if all API server instances share that same version. If they don't share one storage version, this field is left empty. API servers should finish updating its storageVersionStatus entry before serving write operations, so that this field will be in sync with the reality."
  ),
  column("StorageVersions", "storageVersions lists the reported versions per API server instance."),
  ageColumn
]

export const printStorageVersion = printer(columns, (version, now) => {
  const status = statusOf(version)
  const { commonEncodingVersion } = status
  return [
    nameOf(version),
    typeof commonEncodingVersion === "string" ? commonEncodingVersion : "<unset>",
    listWithMore(
      itemsAt(status, "storageVersions").map((one) => `${textAt(one, "apiServerID")}=${textAt(one, "encodingVersion")}`)
    ),
    age(version, now)
  ]
})
