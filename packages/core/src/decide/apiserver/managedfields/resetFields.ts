/** What a write to a subresource does not reach, and so nobody comes to own by it (GetResetFields, GetResetFieldsFilter of the strategies in `pkg/registry`; C-034). */
import { type FieldSet, including, recursiveDifference, setOf, union } from "./fieldSet.ts"

/** Either what is left out or all that counts; `*` stands for any item. */
interface Filter {
  readonly excludes?: FieldSet
  readonly includes?: FieldSet
}

const sets = (...paths: ReadonlyArray<string>): FieldSet =>
  paths
    .map((path) => setOf(...path.split(".").map((part) => (part === "*" ? part : `f:${part}`))))
    .reduce((all, one) => union(all, one))

const whole: Filter = { excludes: sets("status") }
const status: Filter = { excludes: sets("spec") }

const filters: { readonly [of: string]: Filter } = {
  "": whole,
  status,
  finalize: whole,
  "Pod/status": { excludes: sets("spec", "metadata.deletionTimestamp", "metadata.ownerReferences") },
  "Pod/ephemeralcontainers": { includes: sets("spec.ephemeralContainers") },
  "Pod/resize": {
    includes: sets(
      "spec.containers.*.resources",
      "spec.containers.*.resizePolicy",
      "spec.initContainers.*.resources",
      "spec.initContainers.*.resizePolicy"
    )
  },
  "Deployment/status": { excludes: sets("spec", "metadata.labels") }
}

/** What of a set a write through this subresource can give or take. */
export const reachable = (kind: string, subresource: string, set: FieldSet): FieldSet => {
  const { excludes, includes } = filters[`${kind}/${subresource}`] ?? filters[subresource] ?? {}
  if (includes !== undefined) return including(set, includes)
  return excludes === undefined ? set : recursiveDifference(set, excludes)
}
