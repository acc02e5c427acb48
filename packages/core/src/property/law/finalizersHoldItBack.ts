/**
 * L6: a deletion of what has finalizers only marks it. The version in which the last of them is taken away is never stored: the
 * deletion shows the one before, with its finalizers, and with its mark.
 */
import { because, implies, not, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ObjectSeen, object } from "../slice/object.ts"

const goneWithFinalizers = when("gone with finalizers", ({ isDeleted, object: { metadata } }: ObjectSeen) =>
  because(
    isDeleted && (metadata.finalizers?.length ?? 0) > 0,
    () => `finalizers ${metadata.finalizers?.join(", ") ?? "(none)"}`
  )
)

const unmarked = when("not marked", ({ object: { metadata } }: ObjectSeen) =>
  because(metadata.deletionTimestamp === undefined, () => `deletionTimestamp ${metadata.deletionTimestamp ?? "(none)"}`)
)

export const finalizersHoldItBack = property(
  "L6",
  {
    name: "object/finalizers-hold-it-back",
    says: "What has finalizers is marked for deletion before it is gone",
    source: "k8s.io/apiserver pkg/registry/generic/registry/store.go, Update (errEmptiedFinalizers)",
    each: object
  },
  () => implies(goneWithFinalizers, not(unmarked))
)
