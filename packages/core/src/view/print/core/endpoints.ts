/** Endpoints as rows (`printEndpoints`, pkg/printers/internalversion/printers.go). */
import type { JsonObject } from "../../../event/Json.ts"
import { age, itemsAt, nameOf, numberAt, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "Endpoints",
    "The set of all endpoints is the union of all subsets. Addresses are placed into subsets according to the IPs they share. A single address with multiple ports, some of which are ready and some of which are not (because they come from different containers) will result in the address being displayed in different subsets for the different ports. No address will appear in both Addresses and NotReadyAddresses in the same subset. Sets of addresses and ports that comprise a service."
  ),
  ageColumn
]

export const printEndpoints = printer(columns, (endpoints, now) => [
  nameOf(endpoints),
  formatEndpoints(itemsAt(endpoints, "subsets")),
  age(endpoints, now)
])

const formatEndpoints = (subsets: ReadonlyArray<JsonObject>): string => {
  if (subsets.length === 0) return "<none>"
  const all = subsets.flatMap(addressesOf)
  return all.length > 3 ? `${all.slice(0, 3).join(",")} + ${all.length - 3} more...` : all.join(",")
}

/** Every address with every port; a headless service may have no ports. */
const addressesOf = (subset: JsonObject): ReadonlyArray<string> => {
  const ips = itemsAt(subset, "addresses").map((address) => textAt(address, "ip"))
  const ports = itemsAt(subset, "ports")
  return ports.length === 0 ? ips : ports.flatMap((port) => ips.map((ip) => hostPort(ip, numberAt(port, "port"))))
}

const hostPort = (ip: string, port: number): string => (ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`)
