/** Leases as rows (`printLease`, pkg/printers/internalversion/printers.go). */
import { age, nameOf, specOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "Holder",
    "holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, the holder identity must be equal to the elected LeaseCandidate.metadata.name field."
  ),
  ageColumn
]

export const printLease = printer(columns, (lease, now) => [
  nameOf(lease),
  textAt(specOf(lease), "holderIdentity"),
  age(lease, now)
])
