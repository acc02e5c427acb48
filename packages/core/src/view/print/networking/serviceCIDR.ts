/** ServiceCIDRs as rows (`printServiceCIDR`, pkg/printers/internalversion/printers.go). */
import { age, nameOf, specOf, textsAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "CIDRs",
    'CIDRs defines the IP blocks in CIDR notation (e.g. "192.168.0.0/24" or "2001:db8::/64") from which to assign service cluster IPs. Max of two CIDRs is allowed, one of each IP family. This field is immutable.'
  ),
  ageColumn
]

export const printServiceCIDR = printer(columns, (range, now) => [
  nameOf(range),
  textsAt(specOf(range), "cidrs").join(","),
  age(range, now)
])
