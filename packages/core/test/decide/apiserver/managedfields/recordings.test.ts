/** Who owns which field after each write that was recorded: as the API server of Kubernetes 1.36 wrote it down. */
import { readdirSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { difference, isEmptySet } from "../../../../src/decide/apiserver/managedfields/fieldSet.ts"
import {
  identityOf,
  type ManagedFields,
  type ManagedFieldsEntry
} from "../../../../src/decide/apiserver/managedfields/ManagedFields.ts"
import { scaleManagedFields } from "../../../../src/decide/apiserver/managedfields/scaleManagedFields.ts"
import { updateManagedFields } from "../../../../src/decide/apiserver/managedfields/updateManagedFields.ts"
import { scaleObjectOf } from "../../../../src/decide/apiserver/scale.ts"
import { type Instant, parseInstant } from "../../../../src/event/Instant.ts"
import { canonical, type JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"

const folder = new URL("../../../../../../recordings/", import.meta.url)

interface Write {
  readonly file: string
  readonly old: KubernetesObject
  readonly next: KubernetesObject
}

const fieldsOf = ({ metadata }: KubernetesObject): ManagedFields =>
  (metadata["managedFields"] ?? []) as unknown as ManagedFields

const writesOf = (file: string): ReadonlyArray<Write> => {
  const known = new Map<string, KubernetesObject>()
  const lines = gunzipSync(readFileSync(new URL(file, folder)))
    .toString()
    .split("\n")
  return lines.flatMap((line): ReadonlyArray<Write> => {
    const event = line === "" ? {} : (JSON.parse(line) as { type?: string; object?: KubernetesObject })
    if (event.object === undefined || event.object.metadata.uid === undefined) return []
    const old = known.get(event.object.metadata.uid)
    known.set(event.object.metadata.uid, event.object)
    return old === undefined || event.type !== "MODIFIED" ? [] : [{ file, old, next: event.object }]
  })
}

/** Whose entry the write moved: the new one, the one of a later time, or the one that has more than before. */
const writerOf = ({ next, old }: Write): ManagedFieldsEntry | undefined => {
  const before = new Map(fieldsOf(old).map((entry) => [identityOf(entry), entry]))
  const moved = fieldsOf(next).filter((entry) => {
    const was = before.get(identityOf(entry))
    return was === undefined || was.time !== entry.time || !isEmptySet(difference(entry.fieldsV1, was.fieldsV1))
  })
  // Of who only took fields away the set alone tells, or that he has none any more.
  const after = new Map(fieldsOf(next).map((entry) => [identityOf(entry), JSON.stringify(entry)]))
  const less = fieldsOf(old).find((entry) => after.get(identityOf(entry)) !== JSON.stringify(entry))
  return moved[0] ?? less
}

const writes = readdirSync(folder)
  .filter((file) => file.endsWith(".1.jsonl.gz"))
  .flatMap(writesOf)

const made = ({ next, old }: Write, writer: ManagedFieldsEntry): ManagedFields => {
  const { apiVersion, manager, subresource = "" } = writer
  const by = { manager, apiVersion, subresource, now: parseInstant(writer.time ?? "2026-11-21T12:00:00Z") as Instant }
  return updateManagedFields(fieldsOf(old), { kind: next.kind, apiVersion, old, next }, by)
}

const scaled = ({ next, old }: Write): ManagedFields => {
  const [before, after] = [scaleObjectOf(old) as JsonObject, scaleObjectOf(next) as JsonObject]
  // Drivers differ in whether they say who they are.
  const { manager = "unknown" } = fieldsOf(next).find(({ subresource }) => subresource === "scale") ?? {}
  const by = { manager, now: 0 as Instant }
  return scaleManagedFields(fieldsOf(old), { apiVersion: next.apiVersion, old: before, next: after }, by)
}

const shown = (write: Write, entries: ManagedFields) => {
  const { apiVersion, kind, metadata } = write.next
  return `${write.file} ${apiVersion} ${kind} ${metadata.name} at ${metadata.resourceVersion}: ${JSON.stringify(entries)}`
}

/** Of a scale the recordings tell by the size alone: the driver's entry is the only one that it moves. */
const isScale = ({ next, old }: Write): boolean =>
  scaleObjectOf(next) !== undefined &&
  JSON.stringify(next["status"]) === JSON.stringify(old["status"]) &&
  JSON.stringify({ ...(next["spec"] as JsonObject), replicas: 0 }) ===
    JSON.stringify({ ...(old["spec"] as JsonObject), replicas: 0 }) &&
  JSON.stringify(next["spec"]) !== JSON.stringify(old["spec"]) &&
  next.kind !== "ReplicaSet"

describe("recorded writes", () => {
  it("C-030, C-031, C-032, C-034: take and give ownership of what they change, and of nothing else", () => {
    const changing = writes.filter(({ next, old }) => JSON.stringify(fieldsOf(old)) !== JSON.stringify(fieldsOf(next)))
    const told = changing.map((write) => {
      const writer = writerOf(write) as ManagedFieldsEntry
      return { write, found: isScale(write) ? scaled(write) : made(write, writer), real: fieldsOf(write.next) }
    })
    const wrong = told.filter(({ found, real }) => canonical(found as never) !== canonical(real as never))
    expect(
      wrong.slice(0, 3).map(({ found, write }) => [shown(write, fieldsOf(write.next)), shown(write, found)])
    ).toEqual([])
    // Recordings that were patched together may have the fields of a set in another order.
    const ordered = told.filter(({ found, real }) => JSON.stringify(found) === JSON.stringify(real))
    expect(ordered.length).toBeGreaterThan(2_000)
    expect(changing.length).toBeGreaterThan(2_000)
    expect(changing.filter(isScale).length).toBeGreaterThanOrEqual(5)
  })

  it("C-035, C-037: binding and deletion leave all entries as they are", () => {
    const bound = writes.filter(
      ({ next, old }) =>
        (next["spec"] as JsonObject | undefined)?.["nodeName"] !== (old["spec"] as JsonObject | undefined)?.["nodeName"]
    )
    const deleted = writes.filter(({ next, old }) => next.metadata.deletionTimestamp !== old.metadata.deletionTimestamp)
    expect(bound.length).toBeGreaterThan(100)
    expect(deleted.length).toBeGreaterThan(20)
    for (const { next, old } of [...bound, ...deleted]) expect(fieldsOf(next)).toEqual(fieldsOf(old))
  })
})
