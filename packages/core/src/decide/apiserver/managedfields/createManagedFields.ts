/** Who owns the fields of a new object: who made it, all that he asked for and what defaulting made of it (`k8s.io/apiserver/pkg/endpoints/handlers/create.go`; C-003). */
import type { JsonObject } from "../../../event/Json.ts"
import { isKnownKind } from "../apiTypes.ts"
import { encodeObject } from "../encodeObject.ts"
import { mapping } from "../fields.ts"
import { compare } from "./compare.ts"
import { type FieldSet, isEmptySet, LEAF, nodeOf } from "./fieldSet.ts"
import { type ManagedFields, noManagedFields, startingFrom } from "./ManagedFields.ts"
import { entryOf, stripped, updateManagedFields, type Writer } from "./updateManagedFields.ts"
import { emptyObject, type VersionedKind, versioned } from "./versions.ts"

const added = (type: string, value: JsonObject): FieldSet => {
  const as = versioned({ apiVersion: "v1", kind: type })
  return as === undefined ? LEAF : compare(as.shape, encodeObject(type, {}), encodeObject(type, value)).changed
}

const specs = new WeakMap<JsonObject, FieldSet>()

/** Controllers make many pods of one template: what its spec says is worked out once. */
const podSpec = (spec: JsonObject): FieldSet => {
  const known = specs.get(spec)
  if (known !== undefined) return known
  const set = added("PodSpec", spec)
  specs.set(spec, set)
  return set
}

const podFields = (asked: JsonObject): FieldSet => {
  const sets = [
    ["f:metadata", added("ObjectMeta", mapping(asked, "metadata"))],
    ["f:spec", podSpec(mapping(asked, "spec"))]
  ] as const
  return (
    nodeOf(
      sets.filter(([, set]) => !isEmptySet(set)),
      false
    ) ?? LEAF
  )
}

const events = new Map<string, FieldSet>()

/** Which of its fields an Event has. */
const eventSignature = (apiVersion: string, event: JsonObject): string => {
  let signature = apiVersion
  for (const field in event) {
    const value = event[field]
    if (value !== undefined && value !== null && value !== "") signature += `,${field}`
  }
  return `${signature},${Object.keys(mapping(event, "source")).join()}`
}

/** Events are many, and those that nobody labels are all alike. */
const eventFields = (of: VersionedKind, event: JsonObject, writer: Writer): FieldSet | undefined => {
  const { annotations, labels, ownerReferences } = mapping(event, "metadata")
  if (annotations !== undefined || labels !== undefined || ownerReferences !== undefined) return undefined
  const signature = eventSignature(writer.apiVersion, event)
  const known = events.get(signature) ?? updated(of, event, writer)[0]?.fieldsV1
  if (known !== undefined) events.set(signature, known)
  return known
}

const updated = (of: VersionedKind, next: JsonObject, writer: Writer, given = noManagedFields): ManagedFields =>
  updateManagedFields(given, { ...of, apiVersion: writer.apiVersion, old: emptyObject(of), next }, writer)

/** `asked`: with its defaults, before admission and strategy add theirs. A client may say who owned what, as one does who restores an object. */
export const createManagedFields = (of: VersionedKind, asked: JsonObject, writer: Writer): ManagedFields => {
  const given = startingFrom(noManagedFields, mapping(asked, "metadata")["managedFields"], writer.subresource)
  const { apiVersion, kind } = of
  const known =
    given.length > 0
      ? undefined
      : kind === "Pod"
        ? stripped(podFields(asked))
        : kind === "Event"
          ? eventFields(of, asked, writer)
          : undefined
  if (known !== undefined) return isEmptySet(known) ? noManagedFields : [entryOf(writer, known)]
  return updated(of, isKnownKind(apiVersion, kind) ? encodeObject(kind, asked) : asked, writer, given)
}
