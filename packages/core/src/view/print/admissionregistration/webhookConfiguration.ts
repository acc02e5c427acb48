/** MutatingWebhookConfigurations and ValidatingWebhookConfigurations as rows (`printMutatingWebhook` and `printValidatingWebhook`, pkg/printers/internalversion/printers.go). */
import { age, itemsAt, nameOf } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Webhooks", "Webhooks indicates the number of webhooks registered in this configuration", "integer"),
  ageColumn
]

export const printWebhookConfiguration = printer(columns, (configuration, now) => [
  nameOf(configuration),
  itemsAt(configuration, "webhooks").length,
  age(configuration, now)
])
