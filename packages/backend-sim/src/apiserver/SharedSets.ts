/** Of sets of fields that are alike only one is kept: pods of one template have the same ones but for their addresses. */
import type { ManagedFields, ManagedFieldsEntry } from "@kubereel/core"

type FieldSet = ManagedFieldsEntry["fieldsV1"]

/** `set` made of the nodes of `known` where they are the same. */
const shared = (known: FieldSet | undefined, set: FieldSet): FieldSet => {
  if (known === undefined || known === set) return set
  let made: { [element: string]: FieldSet } | undefined
  let same = true
  let count = 0
  for (const element in set) {
    count++
    const [mine, other] = [set[element] as FieldSet, known[element]]
    const node = shared(other, mine)
    if (node !== other) same = false
    if (node === mine) continue
    made ??= { ...set }
    made[element] = node
  }
  if (same && count === sizeOf(known)) return known
  return made ?? set
}

const sizeOf = (set: FieldSet): number => {
  let size = 0
  for (const _ in set) size++
  return size
}

export class SharedSets {
  /** The set that was seen last, by kind and manager. */
  readonly #latest = new Map<string, FieldSet>()

  /** The entries with sets that are shared with those of other objects of the kind. `before`: those of this object, whose sets are already. */
  of(kind: string, entries: ManagedFields, before: ManagedFields): ManagedFields {
    return entries.map((entry) =>
      before.some(({ fieldsV1 }) => fieldsV1 === entry.fieldsV1) ? entry : this.#of(kind, entry)
    )
  }

  #of(kind: string, entry: ManagedFieldsEntry): ManagedFieldsEntry {
    const key = `${kind}/${entry.manager}/${entry.operation}/${entry.subresource ?? ""}`
    const fieldsV1 = shared(this.#latest.get(key), entry.fieldsV1)
    this.#latest.set(key, fieldsV1)
    return fieldsV1 === entry.fieldsV1 ? entry : { ...entry, fieldsV1 }
  }
}
