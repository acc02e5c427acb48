/** R20. */
import { because, transition } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type ObjectSeen, object } from "../slice/object.ts"
import type { SliceKind } from "../slice/Slice.ts"

/** Each name that pods have had, whoever had it. */
const podName: SliceKind<ObjectSeen> = {
  name: "name of pods",
  sees: ["pods"],
  touch: (change, world) =>
    object
      .of("Pod")
      .touch(change, world)
      .map(({ view }) => {
        const { name, namespace = "" } = view.object.metadata
        return { key: `${namespace}/${name}`, view, begins: change.joins === "begins", ends: false }
      })
}

const samePod = transition("the same pod", ({ before, object: { metadata } }: ObjectSeen) =>
  because(before?.object.metadata.uid === metadata.uid, () => `uid ${metadata.uid ?? "(none)"}`)
)

export const sameNameSamePod = refuted(
  "R20",
  {
    name: "belief/same-name-same-pod",
    says: "What has the name of a pod is that pod",
    why: "A name is given anew: who decides by what he knows of the former does the wrong thing to its successor. The uid tells them apart",
    insteadUse: ["L1"],
    source: "kubernetes.io/docs/concepts/overview/working-with-objects/names/#uids",
    each: podName
  },
  () => samePod
)
