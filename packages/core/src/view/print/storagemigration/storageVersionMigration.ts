/** StorageVersionMigrations as rows (`printStorageVersionMigration`, pkg/printers/internalversion/printers.go). */
import { at, itemsAt, nameOf, specOf, statusOf, textAt } from "../cells.ts"
import { column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  column("Name", nameColumn.description),
  column("Resource", "GroupResource to migrate"),
  column("Status", "Status of the migration")
]

export const printStorageVersionMigration = printer(columns, (migration) => {
  const resource = at(specOf(migration), "resource")
  const group = textAt(resource, "group")
  const states = itemsAt(statusOf(migration), "conditions").filter(({ status }) => status === "True")
  return [
    nameOf(migration),
    `${textAt(resource, "resource")}${group === "" ? "" : `.${group}`}`,
    states.map((state) => textAt(state, "type")).findLast((type) => told.has(type)) ?? "Unknown"
  ]
})

const told: ReadonlySet<string> = new Set(["Running", "Failed", "Succeeded"])
