/** ResourceClaimTemplates as rows (`printResourceClaimTemplate`, pkg/printers/internalversion/printers.go). */
import { age, nameOf } from "../cells.ts"
import { ageColumn, nameColumn, printer } from "../TablePrinter.ts"

const columns = [nameColumn, ageColumn]

export const printResourceClaimTemplate = printer(columns, (template, now) => [nameOf(template), age(template, now)])
