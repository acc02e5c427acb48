/** DeviceClasses as rows (`printDeviceClass`, pkg/printers/internalversion/printers.go). */
import { age, nameOf } from "../cells.ts"
import { ageColumn, nameColumn, printer } from "../TablePrinter.ts"

const columns = [nameColumn, ageColumn]

export const printDeviceClass = printer(columns, (deviceClass, now) => [nameOf(deviceClass), age(deviceClass, now)])
