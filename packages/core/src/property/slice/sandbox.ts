/** Slices of sandboxes: what happens in one network and one set of containers of a pod. */
import { isPod } from "../../event/KubernetesObject.ts"
import { PodSeen } from "./pod.ts"
import type { SliceKind } from "./Slice.ts"

/** Each sandbox of each pod. The one that a pod has had so far is not told to be over: the next one's slice begins. */
export const sandbox: SliceKind<PodSeen> = {
  name: "sandbox",
  sees: ["pods"],
  touch: (change, world) => {
    const { before, fact, isDeleted, joins, life, object } = change
    if (!isPod(object)) return []
    const was = before !== undefined && isPod(before) ? before : undefined
    const number = world.sandboxes.of(life)
    const view = new PodSeen(object, fact === undefined ? was : object, change, world)
    return [{ key: `${life}#${number}`, view, begins: joins === "begins" || number > 1, ends: isDeleted }]
  }
}
