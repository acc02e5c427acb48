/** Who owns the size of what is scaled, written through `scale` (`k8s.io/apimachinery/pkg/util/managedfields/scalehandler.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { difference, type FieldSet, hasPath, isEmptySet, setOf } from "./fieldSet.ts"
import { identityOf, inOrder, type ManagedFields, type ManagedFieldsEntry } from "./ManagedFields.ts"
import { updateManagedFields, type Writer } from "./updateManagedFields.ts"

const path = ["f:spec", "f:replicas"]
const replicas: FieldSet = setOf(...path)
const SCALE = "autoscaling/v1"

const owns = ({ fieldsV1 }: ManagedFieldsEntry): boolean => hasPath(fieldsV1, path)

/** The size leaves the entry of whoever does not own it any more. */
const left = (entry: ManagedFieldsEntry, updated: ManagedFields): ReadonlyArray<ManagedFieldsEntry> => {
  if (!owns(entry) || updated.some((other) => identityOf(other) === identityOf(entry))) return [entry]
  const fieldsV1 = difference(entry.fieldsV1, replicas)
  return isEmptySet(fieldsV1) ? [] : [{ ...entry, fieldsV1 }]
}

/** `old`, `next`: the Scale before and after. What is written through `scale` has no time: Kubernetes loses it on the way. */
export const scaleManagedFields = (
  entries: ManagedFields,
  { apiVersion, next, old }: { readonly apiVersion: string; readonly old: JsonObject; readonly next: JsonObject },
  { manager, now }: Pick<Writer, "manager" | "now">
): ManagedFields => {
  const known = entries.filter(owns).map((entry) => ({ ...entry, apiVersion: SCALE, fieldsV1: replicas }))
  // Of what nobody is known to own nobody keeps track.
  if (known.length === 0) return entries
  const writer = { manager, now, apiVersion: SCALE, subresource: "scale" }
  const updated = updateManagedFields(known, { kind: "Scale", apiVersion: SCALE, old, next }, writer)
  const kept = entries.flatMap((entry) => left(entry, updated))
  const there = new Set(entries.map(identityOf))
  const added = updated
    .filter((entry) => owns(entry) && !there.has(identityOf(entry)))
    .map(({ time: _, ...entry }) => ({ ...entry, apiVersion, fieldsV1: replicas }))
  return inOrder([...kept, ...added])
}
