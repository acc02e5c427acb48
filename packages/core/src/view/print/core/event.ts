/** Events of both groups as rows (`printEvent`, pkg/printers/internalversion/printers.go). */
import type { Instant } from "../../../event/Instant.ts"
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { at, nameOf, numberAt, orElse, since, textAt } from "../cells.ts"
import { column, nameColumn, printer, type TablePrinter, wide } from "../TablePrinter.ts"

const columns = [
  column("Last Seen", "The time at which the most recent occurrence of this event was recorded."),
  column("Type", "Type of this event (Normal, Warning), new types could be added in the future"),
  column(
    "Reason",
    "This should be a short, machine understandable string that gives the reason for the transition into the object's current status."
  ),
  column("Object", "The object that this event is about."),
  wide(
    "Subobject",
    'If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access statement, such as desiredState.manifest.containers[2]. For example, if the object reference is to a container within a pod, this would take on a value like: "spec.containers{name}" (where "name" refers to the name of the container that triggered the event) or if no container name is specified "spec.containers[2]" (container with index 2 in this pod). This syntax is chosen only to have some well-defined way of referencing a part of an object.'
  ),
  wide("Source", "The component reporting this event. Should be a short machine understandable string."),
  column("Message", "A human-readable description of the status of this operation."),
  wide("First Seen", "The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)"),
  wide("Count", "The number of times this event has occurred."),
  { ...wide("Name", nameColumn.description), format: "name" }
]

/** Where a version of the kind keeps what a row tells. */
interface EventFields {
  readonly involved: string
  readonly message: string
  readonly source: string
  readonly first: string
  readonly last: string
  readonly count: string
}

const coreFields: EventFields = {
  involved: "involvedObject",
  message: "message",
  source: "source",
  first: "firstTimestamp",
  last: "lastTimestamp",
  count: "count"
}

const eventsFields: EventFields = {
  involved: "regarding",
  message: "note",
  source: "deprecatedSource",
  first: "deprecatedFirstTimestamp",
  last: "deprecatedLastTimestamp",
  count: "deprecatedCount"
}

const eventPrinter = (fields: EventFields): TablePrinter =>
  printer(columns, (event, now) => {
    const involved = at(event, fields.involved)
    const { first, last } = seen(event, fields, now)
    const [kind, name] = [textAt(involved, "kind").toLowerCase(), textAt(involved, "name")]
    return [
      last,
      textAt(event, "type"),
      textAt(event, "reason"),
      name === "" ? kind : `${kind}/${name}`,
      textAt(involved, "fieldPath"),
      sourceOf(event, at(event, fields.source), reporter(event, fields)),
      textAt(event, fields.message).trim(),
      first,
      countOf(event, fields),
      nameOf(event)
    ]
  })

const seen = (
  event: KubernetesObject,
  fields: EventFields,
  now: Instant
): { readonly first: string; readonly last: string } => {
  const { series } = event
  const given = since(event[fields.first], now)
  const first = given === "<unknown>" ? since(event["eventTime"], now) : given
  if (isJsonObject(series)) return { first, last: since(series["lastObservedTime"], now) }
  const last = since(event[fields.last], now)
  return { first, last: last === "<unknown>" ? first : last }
}

/** One that tells of a single occurrence need not count it. */
const countOf = (event: KubernetesObject, fields: EventFields): number => {
  const { series } = event
  return isJsonObject(series) ? numberAt(series, "count") : numberAt(event, fields.count) || 1
}

/** The field that names the reporting component is another in each group. */
const reporter = (event: KubernetesObject, fields: EventFields): string =>
  textAt(event, fields === coreFields ? "reportingComponent" : "reportingController")

/** `formatEventSource` */
const sourceOf = (event: KubernetesObject, source: JsonObject, controller: string): string => {
  const component = orElse(textAt(source, "component"), controller)
  const instance = orElse(textAt(source, "host"), textAt(event, "reportingInstance"))
  return instance === "" ? component : `${component}, ${instance}`
}

export const printEvent = eventPrinter(coreFields)
/** Of `events.k8s.io`. */
export const printNewEvent = eventPrinter(eventsFields)
