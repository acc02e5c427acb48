/** ClusterRoleBindings as rows (`printClusterRoleBinding`, pkg/printers/internalversion/printers.go). */
import { age, nameOf } from "../cells.ts"
import { ageColumn, column, nameColumn, printer, wide } from "../TablePrinter.ts"
import { roleCell, subjectCells } from "./bindingCells.ts"

const columns = [
  nameColumn,
  column(
    "Role",
    "RoleRef can only reference a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error."
  ),
  ageColumn,
  wide("Users", "Users in the clusterRoleBinding"),
  wide("Groups", "Groups in the clusterRoleBinding"),
  wide("ServiceAccounts", "ServiceAccounts in the clusterRoleBinding")
]

export const printClusterRoleBinding = printer(columns, (binding, now) => [
  nameOf(binding),
  roleCell(binding),
  age(binding, now),
  ...subjectCells(binding)
])
