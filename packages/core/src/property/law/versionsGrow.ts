/** L5: a watch tells the versions of one object in their order, each once; what it begins with is in no order. */
import { because, not, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { delivered, type ObjectSeen } from "../slice/object.ts"

const isOld = when("not newer than the version before", ({ before, change, object }: ObjectSeen) =>
  because(
    change.late === "old",
    () => `resourceVersion ${before?.object.metadata.resourceVersion} → ${object.metadata.resourceVersion}`
  )
)

export const versionsGrow = property(
  "L5",
  {
    name: "object/versions-grow",
    says: "A watch tells of no version of an object twice, and of none after a newer one",
    source: "kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions",
    each: delivered,
    since: "1.35"
  },
  () => not(isOld)
)
