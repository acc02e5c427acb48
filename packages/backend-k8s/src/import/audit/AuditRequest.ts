/** One request to an API server, as its audit log tells it, whatever that is wrapped in. */
import { type Instant, isJsonObject, type Json, type JsonObject, parseInstant } from "@kubereel/core"
import { roundedNumber } from "../../client/numbers.ts"

export interface AuditRequest {
  readonly id: string
  readonly stage: string
  readonly level: string
  readonly verb: string
  readonly user: string
  readonly uri: string
  readonly group: string
  /** The plural; empty for a request that is about no resource. */
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly code: number | undefined
  readonly at: Instant | undefined
  /** The time as it was written. */
  readonly time: string
  readonly request: JsonObject | undefined
  readonly response: JsonObject | undefined
  /** Bodies were left out because they were too long. */
  readonly truncated: boolean
  /** A number that has more digits than can be kept, in an Event that was wrapped as a text. */
  readonly rounded?: string
}

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "")
const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})
const body = (value: Json | undefined): JsonObject | undefined => (isJsonObject(value) ? value : undefined)

const timed = (...candidates: ReadonlyArray<Json | undefined>): Pick<AuditRequest, "at" | "time"> => {
  for (const candidate of candidates) {
    const at = parseInstant(text(candidate))
    if (at !== undefined) return { at, time: text(candidate) }
  }
  return { at: undefined, time: "" }
}

/** Somebody may act as somebody else: both are to be known. */
const who = (user: string, as: string): string => (as === "" ? user : `${user} as ${as}`)

const ofEvent = (event: JsonObject): AuditRequest => {
  const ref = object(event.objectRef)
  const response = body(event.responseObject)
  const { code } = object(event.responseStatus)
  const named = object(response?.metadata)
  // A create with generateName has its name only in the answer.
  const answered = text(ref.name) === "" && text(ref.subresource) === "" && response?.items === undefined
  return {
    id: text(event.auditID),
    stage: text(event.stage),
    level: text(event.level),
    verb: text(event.verb),
    user: who(text(object(event.user).username), text(object(event.impersonatedUser).username)),
    uri: text(event.requestURI),
    group: text(ref.apiGroup),
    resource: text(ref.resource),
    subresource: text(ref.subresource),
    namespace: text(ref.namespace) || (text(ref.resource) === "namespaces" ? "" : text(named.namespace)),
    name: text(ref.name) || (answered ? text(named.name) : ""),
    uid: text(ref.uid),
    code: typeof code === "number" ? code : undefined,
    ...timed(event.stageTimestamp, event.requestReceivedTimestamp, event.timestamp),
    request: body(event.requestObject),
    response,
    truncated: object(event.annotations)["audit.k8s.io/truncated"] === "true"
  }
}

const version = /^v\d+(?:(?:alpha|beta)\d+)?$/

const withoutType = (value: Json | undefined): JsonObject | undefined => {
  if (!isJsonObject(value)) return undefined
  const { "@type": _, ...rest } = value
  return rest
}

/** Google's log entry: `methodName` says verb and resource, `resourceName` says which one. */
const ofGoogle = (entry: JsonObject): AuditRequest => {
  const payload = object(entry.protoPayload)
  const method = text(payload.methodName).split(".")
  const at = method.findIndex((part) => version.test(part))
  const [resource = "", ...more] = at === -1 ? [] : method.slice(at + 1)
  const path = text(payload.resourceName).split("/")
  const [group = "", , ...rest] = path
  const namespaced = rest[0] === "namespaces" && resource !== "namespaces"
  const failed = object(payload.status).code
  const [request, response] = [withoutType(payload.request), withoutType(payload.response)]
  const metadata = object(response?.metadata)
  const named = rest[namespaced ? 3 : 1] ?? ""
  return {
    id: text(object(entry.operation).id) || text(entry.insertId),
    stage: "ResponseComplete",
    level: response !== undefined ? "RequestResponse" : request !== undefined ? "Request" : "Metadata",
    verb: more.at(-1) ?? "",
    user: text(object(payload.authenticationInfo).principalEmail),
    uri: "",
    group: group === "core" ? "" : group,
    resource,
    subresource: more.slice(0, -1).join("/"),
    namespace: namespaced ? (rest[1] ?? "") : "",
    name: named || (more.length === 1 && response?.items === undefined ? text(metadata.name) : ""),
    uid: text(metadata.uid),
    // google.rpc.Code: anything but 0 is a failure.
    code: typeof failed === "number" && failed !== 0 ? 500 : 200,
    ...timed(entry.timestamp, entry.receiveTimestamp),
    request,
    response,
    truncated: false
  }
}

const inMessage = (message: string, depth: number): ReadonlyArray<AuditRequest> | undefined => {
  if (!message.trimStart().startsWith("{")) return undefined
  try {
    const requests = requestsIn(JSON.parse(message) as Json, depth)
    const rounded = roundedNumber(message)
    return rounded === undefined ? requests : requests?.map((request) => ({ ...request, rounded }))
  } catch {
    return undefined
  }
}

/**
 * The requests in a value: an Event of `audit.k8s.io`, an `EventList` of them (a webhook's body), a log entry of Google, a
 * log event of CloudWatch or a body of several. `undefined`: there is nothing of an audit log in it.
 */
export const requestsIn = (value: Json, depth = 0): ReadonlyArray<AuditRequest> | undefined => {
  if (!isJsonObject(value) || depth > 3) return undefined
  if (text(value.apiVersion).startsWith("audit.k8s.io/")) {
    if (value.kind === "Event") return [ofEvent(value)]
    return Array.isArray(value.items) ? several(value.items as ReadonlyArray<Json>, depth) : undefined
  }
  if (isJsonObject(value.protoPayload)) {
    const service = text(value.protoPayload.serviceName)
    return service === "k8s.io" || /^io\.k8s\./.test(text(value.protoPayload.methodName))
      ? [ofGoogle(value)]
      : undefined
  }
  // An entry of an EventList, where it was cut out of its list.
  if (typeof value.auditID === "string" && typeof value.stage === "string") return [ofEvent(value)]
  for (const list of [value.logEvents, value.events]) {
    if (!Array.isArray(list)) continue
    const requests = several(list as ReadonlyArray<Json>, depth)
    return requests.length === 0 ? undefined : requests
  }
  const message = text(value.message) || text(value["@message"])
  return inMessage(message, depth + 1)
}

const several = (items: ReadonlyArray<Json>, depth: number): ReadonlyArray<AuditRequest> =>
  items.flatMap((item) => requestsIn(item, depth + 1) ?? [])
