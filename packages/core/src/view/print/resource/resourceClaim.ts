/** ResourceClaims as rows (`printResourceClaim`, pkg/printers/internalversion/printers.go). */
import { isJsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { age, itemsAt, nameOf, statusOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("State", "A summary of the current state (allocated, pending, reserved, etc.)."),
  ageColumn
]

export const printResourceClaim = printer(columns, (claim, now) => [nameOf(claim), stateOf(claim), age(claim, now)])

/** `resourceClaimState` */
const stateOf = (claim: KubernetesObject): string => {
  const status = statusOf(claim)
  const deleted = textAt(claim.metadata, "deletionTimestamp") !== ""
  const isAllocated = isJsonObject(status["allocation"])
  const isReserved = isAllocated && itemsAt(status, "reservedFor").length > 0
  return [
    ...(deleted ? ["deleted"] : []),
    ...(isAllocated ? ["allocated"] : deleted ? [] : ["pending"]),
    ...(isReserved ? ["reserved"] : [])
  ].join(",")
}
