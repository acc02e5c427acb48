/** Custom resources as rows, by the columns of their definition (k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor). */
import { Result } from "effect"
import type { Instant } from "../../../event/Instant.ts"
import { parseInstant } from "../../../event/Instant.ts"
import { canonical, type Json, type JsonObject } from "../../../event/Json.ts"
import { itemsAt, nameOf, numberAt, orElse, since, textAt } from "../cells.ts"
import { creationDescription, nameColumn, printer, type TableColumn, type TablePrinter } from "../TablePrinter.ts"
import { findResults } from "./findResults.ts"
import { type Path, parseJsonPath } from "./jsonPath.ts"

interface CustomColumn {
  readonly column: TableColumn
  readonly path: Path
}

/** What a definition without columns shows beside the name. */
const age: JsonObject = {
  name: "Age",
  type: "date",
  description: creationDescription,
  jsonPath: ".metadata.creationTimestamp"
}

/** `crd`: the version's entry in the CustomResourceDefinition. A column whose path is none ends the columns, as in Kubernetes. */
export const customPrinter = (crd: JsonObject): TablePrinter => {
  const given = itemsAt(crd, "additionalPrinterColumns")
  const columns: CustomColumn[] = []
  for (const definition of given.length === 0 ? [age] : given) {
    const path = parseJsonPath(textAt(definition, "jsonPath"))
    if (Result.isFailure(path)) break
    columns.push({ column: columnOf(definition), path: path.success })
  }
  return printer([nameColumn, ...columns.map(({ column }) => column)], (object, now) => [
    nameOf(object),
    ...columns.map(({ column, path }) => cellOf(column.type, findResults(path, object), now))
  ])
}

const columnOf = (definition: JsonObject): TableColumn => ({
  name: textAt(definition, "name"),
  type: textAt(definition, "type"),
  format: textAt(definition, "format"),
  description: orElse(
    textAt(definition, "description"),
    `Custom resource definition column (in JSONPath format): ${textAt(definition, "jsonPath")}`
  ),
  priority: numberAt(definition, "priority")
})

/** Of several results the first; `null` for none, and for one that is not of the column's type. */
const cellOf = (type: string, results: ReadonlyArray<Json> | undefined, now: Instant): Json => {
  const value = results?.[0]
  if (value === undefined) return null
  if (type === "string") return textOf(value)
  switch (type) {
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null
    case "number":
      return typeof value === "number" ? value : null
    case "boolean":
      return typeof value === "boolean" ? value : null
    case "date":
      return typeof value === "string" ? dateOf(value, now) : null
    default:
      return null
  }
}

const dateOf = (value: string, now: Instant): string =>
  value === "" || value === "null" ? "<unknown>" : parseInstant(value) === undefined ? "<invalid>" : since(value, now)

/** As Go prints it: mappings and lists as JSON that is safe within HTML. */
const textOf = (value: Json): string => {
  if (typeof value === "string") return value
  if (value === null) return "<no value>"
  if (typeof value === "number") return numberText(value)
  return typeof value === "boolean" ? `${value}` : escapeHtml(canonical(value))
}

const escapeHtml = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** `fmt.Print` of an integer, or of a float: with an exponent from a million on, and below a ten thousandth. */
const numberText = (value: number): string => {
  if (Number.isInteger(value)) return `${BigInt(value)}`
  const [mantissa = "", exponent = ""] = value.toExponential().split("e")
  const power = Number(exponent)
  if (power >= -4 && power < 6) return `${value}`
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`
}
