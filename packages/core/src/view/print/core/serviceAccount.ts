/** ServiceAccounts as rows (`printServiceAccount`, pkg/printers/internalversion/printers.go). */
import { age, nameOf } from "../cells.ts"
import { ageColumn, nameColumn, printer } from "../TablePrinter.ts"

const columns = [nameColumn, ageColumn]

export const printServiceAccount = printer(columns, (account, now) => [nameOf(account), age(account, now)])
