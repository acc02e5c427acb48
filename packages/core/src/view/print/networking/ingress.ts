/** Ingresses as rows (`printIngress`, pkg/printers/internalversion/printers.go). */
import type { JsonObject } from "../../../event/Json.ts"
import { age, at, itemsAt, nameOf, specOf, statusOf, textAt } from "../cells.ts"
import { ingressPoints } from "../core/loadBalancer.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Class", "The name of the IngressClass resource that should be used for additional configuration"),
  column("Hosts", "Hosts that incoming requests are matched against before the ingress rule"),
  column("Address", "Address is a list containing ingress points for the load-balancer"),
  column("Ports", "Ports of TLS configurations that open"),
  ageColumn
]

export const printIngress = printer(columns, (ingress, now) => {
  const spec = specOf(ingress)
  return [
    nameOf(ingress),
    typeof spec["ingressClassName"] === "string" ? spec["ingressClassName"] : "<none>",
    formatHosts(itemsAt(spec, "rules")),
    ingressPoints(at(statusOf(ingress), "loadBalancer")).join(","),
    itemsAt(spec, "tls").length === 0 ? "80" : "80, 443",
    age(ingress, now)
  ]
})

/** The first three hosts; what is more is counted in rules, not in hosts. */
const formatHosts = (rules: ReadonlyArray<JsonObject>): string => {
  const hosts: string[] = []
  let more = false
  for (const rule of rules) {
    more ||= hosts.length === 3
    const host = textAt(rule, "host")
    if (!more && host !== "") hosts.push(host)
  }
  if (hosts.length === 0) return "*"
  return more ? `${hosts.join(",")} + ${rules.length - 3} more...` : hosts.join(",")
}
