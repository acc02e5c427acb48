/** FlowSchemas as rows (`printFlowSchema`, pkg/printers/internalversion/printers.go). */
import { isJsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { age, at, itemsAt, nameOf, numberAt, specOf, statusOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer, type TablePrinter } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("PriorityLevel", "`name` is the name of the priority level configuration being referenced Required."),
  column(
    "MatchingPrecedence",
    "`matchingPrecedence` is used to choose among the FlowSchemas that match a given request. The chosen FlowSchema is among those with the numerically lowest (which we take to be logically highest) MatchingPrecedence.  Each MatchingPrecedence value must be ranged in [1,10000]. Note that if the precedence is not specified, it will be set to 1000 as default."
  ),
  column(
    "DistinguisherMethod",
    "`distinguisherMethod` defines how to compute the flow distinguisher for requests that match this schema. `nil` specifies that the distinguisher is disabled and thus will always be the empty string."
  ),
  ageColumn,
  column("MissingPL", "references a broken or non-existent PriorityLevelConfiguration")
]

const printed = printer(columns, (schema, now) => {
  const spec = specOf(schema)
  const { distinguisherMethod } = spec
  const dangling = itemsAt(statusOf(schema), "conditions").find(({ type }) => type === "Dangling")
  return [
    nameOf(schema),
    textAt(at(spec, "priorityLevelConfiguration"), "name"),
    numberAt(spec, "matchingPrecedence"),
    isJsonObject(distinguisherMethod) ? textAt(distinguisherMethod, "type") : "<none>",
    age(schema, now),
    dangling === undefined ? "?" : textAt(dangling, "status")
  ]
})

/** The one that is asked first stands first. */
const byPrecedence = (a: KubernetesObject, b: KubernetesObject): number =>
  numberAt(specOf(a), "matchingPrecedence") - numberAt(specOf(b), "matchingPrecedence") ||
  (nameOf(a) < nameOf(b) ? -1 : 1)

export const printFlowSchema: TablePrinter = { ...printed, inOrder: (schemas) => schemas.toSorted(byPrecedence) }
