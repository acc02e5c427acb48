/** The forms in which objects are answered: whole, as their metadata, or as rows of a Table (`k8s.io/apiserver/pkg/endpoints/handlers/response.go`). */
import {
  groupVersionOf,
  INITIAL_EVENTS_END,
  type Instant,
  type JsonObject,
  type KubernetesObject,
  type ServedResource,
  type TablePrinter,
  tablePrinter
} from "@kubereel/core"

/** What a client wants to see of each object of a Table. */
export type IncludeObject = "None" | "Metadata" | "Object"

export interface Form {
  readonly as: "Object" | "Table" | "PartialObjectMetadata"
  /** `v1` or `v1beta1`, of the Table or PartialObjectMetadata. */
  readonly version: string
  readonly includeObject: IncludeObject
}

export interface ListMeta extends JsonObject {
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
}

const printers = new WeakMap<ServedResource, TablePrinter>()

const printerOf = (resource: ServedResource): TablePrinter => {
  const known = printers.get(resource)
  if (known !== undefined) return known
  const made = tablePrinter(resource, resource.definition)
  printers.set(resource, made)
  return made
}

const partial = ({ metadata }: KubernetesObject, version: string): JsonObject => ({
  kind: "PartialObjectMetadata",
  apiVersion: `meta.k8s.io/${version}`,
  metadata
})

/** Without its object nobody would know that bookmark. */
const endsInitialEvents = ({ metadata }: KubernetesObject): boolean =>
  metadata.annotations?.[INITIAL_EVENTS_END] === "true"

const tableOf = (
  objects: ReadonlyArray<KubernetesObject>,
  { form, now, resource }: { readonly form: Form; readonly now: Instant; readonly resource: ServedResource },
  { headers, metadata }: { readonly headers: boolean; readonly metadata: JsonObject }
): JsonObject => {
  const { columns, inOrder, row } = printerOf(resource)
  const { includeObject, version } = form
  const rows = (inOrder?.(objects) ?? objects).map((object) => {
    const { cells, conditions } = row(object, now)
    const shown = includeObject === "Object" ? object : partial(object, version)
    return {
      cells,
      ...(conditions === undefined ? {} : { conditions }),
      object: includeObject === "None" && !endsInitialEvents(object) ? null : shown
    }
  })
  const table = {
    kind: "Table",
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: headers ? columns.map((column) => ({ ...column })) : null,
    rows
  }
  return table as unknown as JsonObject
}

export interface Shown {
  readonly form: Form
  readonly now: Instant
  readonly resource: ServedResource
}

export const representList = (items: ReadonlyArray<KubernetesObject>, metadata: ListMeta, shown: Shown): JsonObject => {
  const { form, resource } = shown
  if (form.as === "Table") return tableOf(items, shown, { headers: true, metadata })
  if (form.as === "PartialObjectMetadata")
    return {
      kind: "PartialObjectMetadataList",
      apiVersion: `meta.k8s.io/${form.version}`,
      metadata,
      items: items.map((object) => partial(object, form.version))
    }
  return {
    kind: `${resource.kind}List`,
    apiVersion: groupVersionOf(resource),
    metadata,
    // C-165: the list says what its items are; those of custom resources say it themselves.
    items: resource.definition === undefined ? items.map(({ apiVersion: _, kind: __, ...item }) => item) : items
  } as JsonObject
}

/** `headers`: a Table's columns too; a watch says them once. */
export const representObject = (object: KubernetesObject, shown: Shown, headers = true): JsonObject => {
  const { form } = shown
  if (form.as === "PartialObjectMetadata") return partial(object, form.version)
  if (form.as === "Object") return object
  const { resourceVersion } = object.metadata
  return tableOf([object], shown, { headers, metadata: resourceVersion === undefined ? {} : { resourceVersion } })
}
