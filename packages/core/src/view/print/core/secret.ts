/** Secrets as rows: how many entries they have, never one of them (`printSecret`, pkg/printers/internalversion/printers.go). */
import { age, at, nameOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "Type",
    "Used to facilitate programmatic handling of secret data. More info: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types"
  ),
  column(
    "Data",
    "Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The serialized form of the secret data is a base64 encoded string, representing the arbitrary (possibly non-string) data value here. Described in https://tools.ietf.org/html/rfc4648#section-4"
  ),
  ageColumn
]

export const printSecret = printer(columns, (secret, now) => [
  nameOf(secret),
  textAt(secret, "type"),
  Object.keys(at(secret, "data")).length,
  age(secret, now)
])
