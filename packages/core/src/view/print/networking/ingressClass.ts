/** IngressClasses as rows (`printIngressClass`, pkg/printers/internalversion/printers.go). */
import { isJsonObject, type Json } from "../../../event/Json.ts"
import { age, at, nameOf, specOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Controller", "Controller that is responsible for handling this class"),
  column("Parameters", "A reference to a resource with additional parameters"),
  ageColumn
]

export const printIngressClass = printer(columns, (ingressClass, now) => {
  const isDefault = at(ingressClass.metadata, "annotations")["ingressclass.kubernetes.io/is-default-class"] === "true"
  return [
    `${nameOf(ingressClass)}${isDefault ? " (default)" : ""}`,
    textAt(specOf(ingressClass), "controller"),
    parametersCell(specOf(ingressClass)["parameters"]),
    age(ingressClass, now)
  ]
})

const parametersCell = (parameters: Json | undefined): string => {
  if (!isJsonObject(parameters)) return "<none>"
  const group = typeof parameters["apiGroup"] === "string" ? `.${parameters["apiGroup"]}` : ""
  return `${textAt(parameters, "kind")}${group}/${textAt(parameters, "name")}`
}
