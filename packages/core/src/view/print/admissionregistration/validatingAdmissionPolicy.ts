/** ValidatingAdmissionPolicies as rows (`printValidatingAdmissionPolicy`, pkg/printers/internalversion/printers.go). */
import { age, itemsAt, nameOf, specOf } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"
import { paramKind } from "./params.ts"

const columns = [
  nameColumn,
  column(
    "Validations",
    "Validations indicates the number of validation rules defined in this configuration",
    "integer"
  ),
  column("ParamKind", "ParamKind specifies the kind of resources used to parameterize this policy"),
  ageColumn
]

export const printValidatingAdmissionPolicy = printer(columns, (policy, now) => [
  nameOf(policy),
  itemsAt(specOf(policy), "validations").length,
  paramKind(policy),
  age(policy, now)
])
