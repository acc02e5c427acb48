/** R14. Of the order in which a watch tells objects no property of one object speaks: the nearest is that it tells each from its beginning. */
import { parseInstant, SECOND } from "../../event/Instant.ts"
import { because, implies, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type ObjectSeen, object } from "../slice/object.ts"

const added = when(
  "told as ADDED",
  ({ change: { event } }: ObjectSeen) => event._tag === "ObjectChanged" && event.change === "ADDED"
)

const isNew = when("has just been made", ({ change: { at }, object: { metadata } }: ObjectSeen) => {
  const born = parseInstant(metadata.creationTimestamp ?? "")
  return because(
    born === undefined || at - born < 2 * SECOND,
    () => `made at ${metadata.creationTimestamp ?? "(none)"}`
  )
})

export const watchTellsFromTheBeginning = refuted(
  "R14",
  {
    name: "belief/watch-tells-from-the-beginning",
    says: "What a watch tells as ADDED has just been made, and what follows is every version in its order",
    why: "A watch begins with what is there, in any order; after it was cut off, what came and went meanwhile is not told",
    insteadUse: ["L5"],
    source: "kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-watch",
    each: object
  },
  () => implies(added, isNew)
)
