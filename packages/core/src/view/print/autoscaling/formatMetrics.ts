/** What an autoscaler aims at, and where it stands (`formatHPAMetrics`, pkg/printers/internalversion/printers.go). */
import type { Json, JsonObject } from "../../../event/Json.ts"
import { at, textAt } from "../cells.ts"
import { formatQuantity } from "../formatQuantity.ts"

const MOST_SHOWN = 2

/** The first two of `autoscaling/v2`'s metrics, each with the value beside it in the status. */
export const formatMetrics = (specs: ReadonlyArray<JsonObject>, statuses: ReadonlyArray<JsonObject>): string => {
  if (specs.length === 0) return "<none>"
  const shown = specs.slice(0, MOST_SHOWN).map((spec, i) => metricText(spec, statuses[i] ?? {}))
  return specs.length > MOST_SHOWN ? `${shown.join(", ")} + ${specs.length - MOST_SHOWN} more...` : shown.join(", ")
}

/** The member of a metric that its type names. */
const members: { readonly [type: string]: string } = {
  External: "external",
  Object: "object",
  Pods: "pods",
  Resource: "resource",
  ContainerResource: "containerResource"
}

const metricText = (spec: JsonObject, status: JsonObject): string => {
  const type = textAt(spec, "type")
  const member = members[type]
  if (member === undefined) return "<unknown type>"
  const target = at(at(spec, member), "target")
  const current = status[member] === undefined ? undefined : at(at(status, member), "current")
  switch (type) {
    case "Pods":
      return `${averageOf(current)}/${quantity(target["averageValue"])}`
    case "External":
    case "Object":
      return valueText(target, current)
    default:
      return `${textAt(at(spec, member), "name")}: ${resourceText(target, current)}`
  }
}

/** A quantity that is not there, as Go writes one. */
const quantity = (value: Json | undefined): string => (value === undefined ? "<nil>" : formatQuantity(value))

const averageOf = (current: JsonObject | undefined): string =>
  current === undefined ? "<unknown>" : quantity(current["averageValue"])

const valueText = (target: JsonObject, current: JsonObject | undefined): string => {
  if (target["averageValue"] === undefined)
    return `${current === undefined ? "<unknown>" : quantity(current["value"])}/${quantity(target["value"])}`
  const average = current?.["averageValue"]
  return `${average === undefined ? "<unknown>" : quantity(average)}/${quantity(target["averageValue"])} (avg)`
}

const resourceText = (target: JsonObject, current: JsonObject | undefined): string =>
  target["averageValue"] !== undefined
    ? `${averageOf(current)}/${quantity(target["averageValue"])}`
    : `${percent(current?.["averageUtilization"], "<unknown>")}/${percent(target["averageUtilization"], "<auto>")}`

const percent = (value: Json | undefined, other: string): string => (typeof value === "number" ? `${value}%` : other)
