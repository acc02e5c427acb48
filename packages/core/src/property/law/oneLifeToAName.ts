/** L1: a name is free again only when the object that had it is gone; what comes then is another one, with another uid. */
import { because, transition } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { name, type ObjectSeen } from "../slice/object.ts"

export const oneLifeToAName = property(
  "L1",
  {
    name: "object/one-life-to-a-name",
    says: "A name has one object at a time: the next one comes when the one before is gone",
    source: "k8s.io/apiserver pkg/registry/generic/registry/store.go, Create",
    each: name
  },
  () =>
    transition("no other has its name", ({ change, isDeleted, object, world }: ObjectSeen) => {
      if (change.before !== undefined || isDeleted) return true
      const lives = world.livesNamed(object.kind, object.metadata.namespace ?? "", object.metadata.name)
      return because(lives.length <= 1, () => `uids ${lives.join(" and ")}`)
    })
)
