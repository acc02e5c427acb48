/** LeaseCandidates as rows (`printLeaseCandidate`, pkg/printers/internalversion/printers.go). */
import { age, nameOf, specOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "LeaseName",
    "LeaseName is the name of the lease for which this candidate is contending. This field is immutable."
  ),
  column("BinaryVersion", ""),
  column("EmulationVersion", ""),
  ageColumn
]

export const printLeaseCandidate = printer(columns, (candidate, now) => {
  const spec = specOf(candidate)
  return [
    nameOf(candidate),
    textAt(spec, "leaseName"),
    textAt(spec, "binaryVersion"),
    textAt(spec, "emulationVersion"),
    age(candidate, now)
  ]
})
