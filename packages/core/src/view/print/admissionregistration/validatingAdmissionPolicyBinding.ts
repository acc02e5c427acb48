/** ValidatingAdmissionPolicyBindings as rows (`printValidatingAdmissionPolicyBinding`, pkg/printers/internalversion/printers.go). */
import { age, nameOf, specOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"
import { paramRef } from "./params.ts"

const columns = [
  nameColumn,
  column("PolicyName", "PolicyName indicates the policy definition which the policy binding binded to"),
  column("ParamRef", "ParamRef indicates the param resource which sets the configuration param"),
  ageColumn
]

export const printValidatingAdmissionPolicyBinding = printer(columns, (binding, now) => [
  nameOf(binding),
  textAt(specOf(binding), "policyName"),
  paramRef(binding),
  age(binding, now)
])
