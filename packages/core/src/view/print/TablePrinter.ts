/** How one kind's objects become rows of a Table (`k8s.io/kubernetes/pkg/printers`, meta.k8s.io/v1 Table). */
import type { Instant } from "../../event/Instant.ts"
import type { Json, JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"

/** A column's definition as it stands in a Table: one with a priority above 0 is shown with `-o wide` only. */
export interface TableColumn {
  readonly name: string
  /** `string`, `integer`, `number`, `boolean` or `date`: what clients may expect of the cells, which not all cells keep to. */
  readonly type: string
  /** `name` for the column that names the object. */
  readonly format: string
  readonly description: string
  readonly priority: number
}

/** What an object's row holds; `conditions` say that it has ended (a Pod that succeeded). */
export interface TableRow {
  readonly cells: ReadonlyArray<Json>
  readonly conditions?: ReadonlyArray<JsonObject>
}

export interface TablePrinter {
  readonly columns: ReadonlyArray<TableColumn>
  /** Always the wide row. `now` is the server's clock: ages are as of then. */
  readonly row: (object: KubernetesObject, now: Instant) => TableRow
  /** How the objects of a list stand in its Table, where that is not the order of the list. */
  readonly inOrder?: (objects: ReadonlyArray<KubernetesObject>) => ReadonlyArray<KubernetesObject>
}

/** A column that every output shows. */
export const column = (name: string, description: string, type = "string"): TableColumn => ({
  name,
  type,
  format: "",
  description,
  priority: 0
})

/** A column of `-o wide`. */
export const wide = (name: string, description: string): TableColumn => ({ ...column(name, description), priority: 1 })

/** The first column of nearly every kind. */
export const nameColumn: TableColumn = {
  ...column(
    "Name",
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names"
  ),
  format: "name"
}

/** `metav1.ObjectMeta`'s words on `creationTimestamp`. */
export const creationDescription =
  "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"

export const ageColumn: TableColumn = column("Age", creationDescription)

/** A printer whose rows are cells only. */
export const printer = (
  columns: ReadonlyArray<TableColumn>,
  cells: (object: KubernetesObject, now: Instant) => ReadonlyArray<Json>
): TablePrinter => ({ columns, row: (object, now) => ({ cells: cells(object, now) }) })
