/** L4: whoever deletes may only shorten what is left. */
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { because, transition } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ObjectSeen, object } from "../slice/object.ts"

const textOf = ({ metadata }: KubernetesObject): string =>
  `${metadata.deletionTimestamp ?? "(none)"}, grace ${metadata.deletionGracePeriodSeconds ?? "(none)"}`

export const deletionIsNotTakenBack = property(
  "L4",
  {
    name: "object/deletion-is-not-taken-back",
    says: "A deletion is never taken back, and its grace period only shrinks",
    source: "k8s.io/apiserver pkg/registry/rest/delete.go, BeforeDelete",
    each: object
  },
  () =>
    transition("deletion kept, grace not longer", ({ before, object: is }: ObjectSeen) => {
      if (before === undefined) return true
      const was = before.object.metadata
      const { metadata } = is
      const isKept =
        was.deletionTimestamp === undefined ||
        (metadata.deletionTimestamp !== undefined &&
          (metadata.deletionGracePeriodSeconds ?? 0) <= (was.deletionGracePeriodSeconds ?? 0))
      return because(isKept, () => `deletion ${textOf(before.object)} → ${textOf(is)}`)
    })
)
