/** DeviceTaintRules as rows (`printDeviceTaint`, pkg/printers/internalversion/printers.go). */
import { age, at, nameOf, since, specOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Key", "The taint key to be applied to a device. Must be a label name."),
  column("Value", "The taint value corresponding to the taint key. Must be a label value."),
  column(
    "Effect",
    "The effect of the taint on claims that do not tolerate the taint and through such claims on the pods using them.\n\nValid effects are None, NoSchedule and NoExecute. PreferNoSchedule as used for nodes is not valid here. More effects may get added in the future. Consumers must treat unknown effects like None."
  ),
  column(
    "TimeAdded",
    "TimeAdded represents the time at which the taint was added or (only in a DeviceTaintRule) the effect was modified. Added automatically during create or update if not set.\n\nIn addition, in a DeviceTaintRule a value provided during an update gets replaced with the current time if the provided value is the same as the old one and the new effect is different. Changing the key and/or value while keeping the effect unchanged is possible and does not update the time stamp because the eviction which uses it is either already started (NoExecute) or not started yet (NoEffect, NoSchedule)."
  ),
  ageColumn
]

export const printDeviceTaint = printer(columns, (rule, now) => {
  const taint = at(specOf(rule), "taint")
  const { timeAdded } = taint
  return [
    nameOf(rule),
    textAt(taint, "key"),
    textAt(taint, "value"),
    textAt(taint, "effect"),
    typeof timeAdded === "string" ? since(timeAdded, now) : "",
    age(rule, now)
  ]
})
