/** What the API server refuses in an object's metadata (`k8s.io/apimachinery/pkg/api/validation/objectmeta.go`; C-044). */
import type { JsonObject } from "../../event/Json.ts"
import { encodeObject } from "./encodeObject.ts"
import { entries, mapping, text } from "./fields.ts"
import { dns1123Subdomain, labelValue, pathSegment, qualifiedName } from "./nameRules.ts"
import { type FieldError, invalid, required, tooLong } from "./status.ts"

/** Labels and owners in which nothing was amiss: those of templates come again with each pod. */
const fine = new WeakSet<object>()

const unlessFine = (object: object, errorsOf: () => ReadonlyArray<FieldError>): ReadonlyArray<FieldError> => {
  if (fine.has(object)) return []
  const errors = errorsOf()
  if (errors.length === 0) fine.add(object)
  return errors
}

export const validateLabels = (object: JsonObject, path: string): ReadonlyArray<FieldError> =>
  unlessFine(object, () =>
    Object.keys(object).flatMap((key) => [
      ...qualifiedName(key).map((message) => invalid(path, key, message)),
      ...labelValue(text(object, key)).map((message) => invalid(path, text(object, key), message))
    ])
  )

const MAX_ANNOTATIONS = 256 * 1024

/** Keys as labels have them, whatever their case; values may be anything, and together so long. */
export const validateAnnotations = (object: JsonObject, path: string): ReadonlyArray<FieldError> => {
  const size = Object.keys(object).reduce((sum, key) => sum + key.length + text(object, key).length, 0)
  return [
    ...Object.keys(object).flatMap((key) =>
      qualifiedName(key.toLowerCase()).map((message) => invalid(path, key, message))
    ),
    ...(size > MAX_ANNOTATIONS ? [tooLong(path, MAX_ANNOTATIONS)] : [])
  ]
}

const OWNERS = "metadata.ownerReferences"
const FINALIZERS = "metadata.finalizers"

const ownerErrors = (owner: JsonObject): ReadonlyArray<FieldError> => {
  const [apiVersion, kind] = [text(owner, "apiVersion"), text(owner, "kind")]
  const empty = (field: string): ReadonlyArray<FieldError> =>
    text(owner, field) === "" ? [invalid(`${OWNERS}.${field}`, "", "must not be empty")] : []
  return [
    ...(apiVersion === "" ? [invalid(`${OWNERS}.apiVersion`, apiVersion, "version must not be empty")] : []),
    ...["kind", "name", "uid"].flatMap(empty),
    // Events come and go: nothing hangs on one.
    ...(apiVersion === "v1" && kind === "Event"
      ? [invalid(OWNERS, encodeObject("OwnerReference", owner), "/v1, Kind=Event is disallowed from being an owner")]
      : [])
  ]
}

/** ValidateOwnerReferences. */
const ownersErrors = (metadata: JsonObject): ReadonlyArray<FieldError> => {
  const owners = metadata["ownerReferences"]
  return Array.isArray(owners) ? unlessFine(owners, () => errorsOfOwners(entries(metadata, "ownerReferences"))) : []
}

const errorsOfOwners = (owners: ReadonlyArray<JsonObject>): ReadonlyArray<FieldError> => {
  const named = (owner: JsonObject): string => `${text(owner, "kind")}/${text(owner, "name")}`
  const all = () => owners.map((owner) => encodeObject("OwnerReference", owner))
  let first: string | undefined
  return owners.flatMap((owner) => {
    const errors = ownerErrors(owner)
    if (owner["controller"] !== true) return errors
    if (first !== undefined) {
      const why = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${named(owner)}`
      return [...errors, invalid(OWNERS, all(), why)]
    }
    first = named(owner)
    return errors
  })
}

const finalizersOf = (metadata: JsonObject): ReadonlyArray<string> =>
  Array.isArray(metadata["finalizers"]) ? metadata["finalizers"].map(String) : []

/** ValidateFinalizerName. */
export const finalizerNameErrors = (name: string, at: string): ReadonlyArray<FieldError> =>
  qualifiedName(name).map((message) => invalid(at, name, message))

/** ValidateFinalizers. */
const finalizersErrors = (finalizers: ReadonlyArray<string>): ReadonlyArray<FieldError> => [
  ...finalizers.flatMap((name) => finalizerNameErrors(name, FINALIZERS)),
  ...(finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")
    ? [invalid(FINALIZERS, finalizers, "finalizer orphan and foregroundDeletion cannot be both set")]
    : [])
]

const standardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"]

/** validateKubeFinalizerName: only Kubernetes' own finalizers have no domain (`pkg/apis/core/validation/validation.go`). */
export const kubeFinalizerErrors = (
  finalizers: ReadonlyArray<string>,
  at: (i: number) => string
): ReadonlyArray<FieldError> =>
  finalizers.flatMap((name, i) =>
    name.includes("/") || standardFinalizers.includes(name)
      ? []
      : [invalid(at(i), name, "name is neither a standard finalizer name nor is it fully qualified")]
  )

export const metadataFinalizerErrors = (metadata: JsonObject): ReadonlyArray<FieldError> =>
  kubeFinalizerErrors(finalizersOf(metadata), (i) => `${FINALIZERS}[${i}]`)

/** What every check of an update looks at once more. */
export const updatableMetadataErrors = (metadata: JsonObject): ReadonlyArray<FieldError> => [
  ...validateLabels(mapping(metadata, "labels"), "metadata.labels"),
  ...validateAnnotations(mapping(metadata, "annotations"), "metadata.annotations"),
  ...ownersErrors(metadata)
]

/** What follows in every object's metadata after its name. */
export const commonMetadataErrors = (metadata: JsonObject): ReadonlyArray<FieldError> => [
  ...updatableMetadataErrors(metadata),
  ...finalizersErrors(finalizersOf(metadata))
]

type NameRule = (name: string) => ReadonlyArray<string>

/** ValidateObjectMetaAccessor: what every kind has, whose names have only to be parts of a path. */
export const genericMetadataErrors = (
  metadata: JsonObject,
  names: NameRule = pathSegment
): ReadonlyArray<FieldError> => {
  const [name, base] = [text(metadata, "name"), text(metadata, "generateName")]
  return [
    // A base may end with a hyphen: more will follow it.
    ...(base === ""
      ? []
      : names(base.replace(/-$/, "a")).map((message) => invalid("metadata.generateName", base, message))),
    ...(name === ""
      ? [required("metadata.name", "name or generateName is required")]
      : names(name).map((message) => invalid("metadata.name", name, message))),
    ...commonMetadataErrors(metadata)
  ]
}

/** ValidateObjectMeta; `metadata` is as it will be stored. `names`: what the names of the kind have to be. */
export const validateObjectMeta = (
  metadata: JsonObject,
  names: NameRule = dns1123Subdomain
): ReadonlyArray<FieldError> => [...genericMetadataErrors(metadata, names), ...metadataFinalizerErrors(metadata)]
