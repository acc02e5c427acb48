/** RoleBindings as rows (`printRoleBinding`, pkg/printers/internalversion/printers.go). */
import { age, nameOf } from "../cells.ts"
import { ageColumn, column, nameColumn, printer, wide } from "../TablePrinter.ts"
import { roleCell, subjectCells } from "./bindingCells.ts"

const columns = [
  nameColumn,
  column(
    "Role",
    "RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error."
  ),
  ageColumn,
  wide("Users", "Users in the roleBinding"),
  wide("Groups", "Groups in the roleBinding"),
  wide("ServiceAccounts", "ServiceAccounts in the roleBinding")
]

export const printRoleBinding = printer(columns, (binding, now) => [
  nameOf(binding),
  roleCell(binding),
  age(binding, now),
  ...subjectCells(binding)
])
