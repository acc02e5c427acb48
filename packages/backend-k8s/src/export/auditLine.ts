/** A version of an object as a line of an audit log: for tools that read those. What a watch does not know is not made up. */
import {
  type Instant,
  isJsonObject,
  type JsonObject,
  type ObjectChanged,
  parseInstant,
  SECOND,
  toMicroTime
} from "@kubereel/core"
import { isGoneAfter, metadataOf, pluralOf, text } from "../import/objects.ts"

/** Nobody has seen who did it. */
const NOBODY = "kubereel:not-observed"

/** An object that is seen for the first time long after it was made was listed, not created. */
const isCreation = (object: JsonObject, observed: Instant | undefined): boolean => {
  const created = parseInstant(text(metadataOf(object).creationTimestamp))
  return created === undefined || observed === undefined || observed - created <= 2 * SECOND
}

/** A version that lasts for as long as the request which then deletes the object. An update that answered with it would be its end. */
const isLast = (object: JsonObject): boolean =>
  metadataOf(object).deletionTimestamp !== undefined && isGoneAfter(object)

const verbOf = ({ change, object, observed }: ObjectChanged): string => {
  if (change === "DELETED") return "delete"
  if (change === "ADDED") return isCreation(object, observed) ? "create" : "get"
  return isLast(object) ? "get" : "update"
}

const referenceTo = (object: JsonObject): JsonObject => {
  const { name, namespace, resourceVersion, uid } = metadataOf(object)
  const [group, version] = text(object.apiVersion).includes("/")
    ? text(object.apiVersion).split("/")
    : ["", text(object.apiVersion)]
  return {
    resource: pluralOf(text(object.kind)),
    ...(namespace === undefined ? {} : { namespace }),
    name,
    uid,
    ...(group === "" ? {} : { apiGroup: group }),
    apiVersion: version,
    resourceVersion
  }
}

const uriOf = ({ apiGroup, apiVersion, name, namespace, resource }: JsonObject): string => {
  const root = apiGroup === undefined ? `/api/${text(apiVersion)}` : `/apis/${text(apiGroup)}/${text(apiVersion)}`
  const inside = namespace === undefined ? "" : `/namespaces/${text(namespace)}`
  return `${root}${inside}/${text(resource)}/${text(name)}`
}

/** A delete that answers with an object that something still holds says no end; a Status does. */
const answerTo = (event: ObjectChanged, reference: JsonObject): JsonObject =>
  event.change !== "DELETED" || isGoneAfter(event.object)
    ? event.object
    : {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Success",
        details: { name: reference.name, kind: reference.resource, uid: reference.uid }
      }

/** `undefined` for what is no version of an object. `seq` tells lines apart. */
export const toAuditLine = (event: ObjectChanged, seq: number): JsonObject | undefined => {
  if (event.change === "BOOKMARK" || event.change === "ERROR" || !isJsonObject(event.object.metadata)) return undefined
  const objectRef = referenceTo(event.object)
  const time = event.observed === undefined ? undefined : (event.observedText ?? toMicroTime(event.observed))
  const verb = verbOf(event)
  return {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "RequestResponse",
    auditID: `kubereel-${String(seq).padStart(12, "0")}`,
    stage: "ResponseComplete",
    requestURI: uriOf(objectRef),
    verb,
    user: { username: NOBODY },
    objectRef,
    responseStatus: { metadata: {}, code: verb === "create" ? 201 : 200 },
    responseObject: answerTo(event, objectRef),
    ...(time === undefined ? {} : { requestReceivedTimestamp: time, stageTimestamp: time }),
    annotations: { "kubereel.dev/source": "watch" }
  }
}
