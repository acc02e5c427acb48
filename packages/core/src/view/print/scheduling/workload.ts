/** Workloads as rows (`printWorkload`, pkg/printers/internalversion/printers.go). */
import { age, nameOf } from "../cells.ts"
import { ageColumn, nameColumn, printer } from "../TablePrinter.ts"

const columns = [nameColumn, ageColumn]

export const printWorkload = printer(columns, (workload, now) => [nameOf(workload), age(workload, now)])
