/** MutatingAdmissionPolicies as rows (`printMutatingAdmissionPolicy`, pkg/printers/internalversion/printers.go). */
import { age, itemsAt, nameOf, specOf } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"
import { paramKind } from "./params.ts"

const columns = [
  nameColumn,
  column("Mutations", "Mutation indicates the number of mutations rules defined in this configuration", "integer"),
  column("ParamKind", "ParamKind specifies the kind of resources used to parameterize this policy"),
  ageColumn
]

export const printMutatingAdmissionPolicy = printer(columns, (policy, now) => [
  nameOf(policy),
  itemsAt(specOf(policy), "mutations").length,
  paramKind(policy),
  age(policy, now)
])
