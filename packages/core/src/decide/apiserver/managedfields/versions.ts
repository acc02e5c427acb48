/** An object in the version of its API in which somebody writes it: all kinds but Events have one. */
import type { JsonObject } from "../../../event/Json.ts"
import { apiVersionOf, isKnownKind } from "../apiTypes.ts"
import { encodeObject } from "../encodeObject.ts"
import { type Shape, shapeOf } from "./Shape.ts"

export interface VersionedKind {
  readonly kind: string
  readonly apiVersion: string
}

type FieldsShape = Extract<Shape, { readonly kind: "struct" }>

export interface Versioned {
  readonly shape: FieldsShape
  /** From the version in which it is stored. */
  readonly convert: (object: JsonObject) => JsonObject
}

const EVENTS = "events.k8s.io/v1"

/** `pkg/apis/events/v1/conversion.go`. */
const eventFields: { readonly [field: string]: string } = {
  involvedObject: "regarding",
  message: "note",
  reportingComponent: "reportingController",
  source: "deprecatedSource",
  firstTimestamp: "deprecatedFirstTimestamp",
  lastTimestamp: "deprecatedLastTimestamp",
  count: "deprecatedCount"
}

const eventsEvent = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([field, value]) => [eventFields[field] ?? field, value]))

const same = (object: JsonObject): JsonObject => object

const known = new Map<string, Versioned>()

const made = ({ apiVersion, kind }: VersionedKind): Versioned | undefined => {
  const events = kind === "Event" && apiVersion === EVENTS
  // A part of a pod, which is of v1, may be called as a kind of another group is (ResourceClaim).
  if (apiVersion !== "v1" && !events && apiVersionOf(kind) === undefined) return undefined
  const shape = shapeOf(events ? `${kind}@${EVENTS}` : kind)
  if (shape.kind !== "struct") return undefined
  return { shape, convert: events ? eventsEvent : same }
}

/** `undefined`: of that kind no fields are known, and nobody keeps track of who writes them. */
export const versioned = (of: VersionedKind): Versioned | undefined => {
  const key = `${of.apiVersion}/${of.kind}`
  const found = known.get(key) ?? made(of)
  if (found !== undefined) known.set(key, found)
  return found
}

const emptyEvent: JsonObject = {
  metadata: {},
  involvedObject: {},
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: null,
  reportingComponent: "",
  reportingInstance: ""
}

const empties = new Map<string, JsonObject>()

/** An object of that kind with nothing in it but what its type always writes. */
export const emptyObject = ({ apiVersion, kind }: VersionedKind): JsonObject => {
  const found = empties.get(kind)
  if (found !== undefined) return found
  const empty = isKnownKind(apiVersion, kind)
    ? encodeObject(kind, { apiVersion, kind })
    : kind === "Event"
      ? emptyEvent
      : {}
  empties.set(kind, empty)
  return empty
}
