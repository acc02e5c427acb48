/** NetworkPolicies as rows (`printNetworkPolicy`, pkg/printers/internalversion/printers.go). */
import { age, formatSelector, nameOf, specOf } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "Pod-Selector",
    "podSelector selects the pods to which this NetworkPolicy object applies. The array of rules is applied to any pods selected by this field. An empty selector matches all pods in the policy's namespace. Multiple network policies can select the same set of pods. In this case, the ingress rules for each are combined additively. This field is optional. If it is not specified, it defaults to an empty selector."
  ),
  ageColumn
]

export const printNetworkPolicy = printer(columns, (policy, now) => [
  nameOf(policy),
  formatSelector(specOf(policy)["podSelector"]),
  age(policy, now)
])
