/** Where a load balancer is reached (`loadBalancerStatusStringer`, pkg/printers/internalversion/printers.go). */
import type { JsonObject } from "../../../event/Json.ts"
import { itemsAt, orElse, textAt } from "../cells.ts"

/** Addresses, or names where there is no address: each once, sorted. */
export const ingressPoints = (loadBalancer: JsonObject): ReadonlyArray<string> => {
  const points = itemsAt(loadBalancer, "ingress").map((point) => orElse(textAt(point, "ip"), textAt(point, "hostname")))
  return [...new Set(points)].filter((point) => point !== "").sort()
}
