/** L90: an object has one controller at most. */
import { because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ObjectSeen, object } from "../slice/object.ts"

const owned = when("has owners", ({ object: { metadata } }: ObjectSeen) => metadata.ownerReferences !== undefined)

const controllers = ({ object: { metadata } }: ObjectSeen): number => {
  let count = 0
  for (const { controller } of metadata.ownerReferences ?? []) if (controller === true) count += 1
  return count
}

const oneAtMost = when("one controller at most", (seen: ObjectSeen) => {
  const count = controllers(seen)
  return count <= 1 || because(false, () => `${count} owners are controllers`)
})

export const oneController = property(
  "L90",
  {
    name: "object/one-controller",
    says: "At most one owner of an object is its controller",
    source: "k8s.io/apimachinery pkg/api/validation/objectmeta.go, ValidateOwnerReferences",
    each: object
  },
  () => implies(owned, oneAtMost)
)
