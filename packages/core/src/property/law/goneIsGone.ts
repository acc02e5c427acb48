/** L2: a uid lives once. What breaks it is a watch that goes back in time, as one does that is served by an older copy. */
import { because, not, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { delivered, type ObjectSeen } from "../slice/object.ts"

const toldOfTheDead = when("told of after it was gone", ({ change, object }: ObjectSeen) =>
  because(change.late === "gone", () => `${change.event._tag} of ${object.metadata.name}, which is gone`)
)

export const goneIsGone = property(
  "L2",
  {
    name: "object/gone-is-gone",
    says: "Of an object that was deleted nothing is told any more",
    source: "kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes",
    each: delivered
  },
  () => not(toldOfTheDead)
)
