/** What a slice is called by people. */
import type { KubernetesObject, PodObject } from "../../event/KubernetesObject.ts"
import { ContainerSeen } from "../slice/container.ts"
import { ObjectSeen } from "../slice/object.ts"
import type { Seen } from "../slice/Slice.ts"

export interface SliceName {
  /** `pod`, `container`, as the property says it. */
  readonly each: string
  readonly key: string
  /** Of the object that it speaks of, where it speaks of one. */
  readonly kind?: string
  readonly namespace?: string
  readonly name?: string
  readonly uid?: string
  readonly container?: string
  readonly nodeName?: string
}

const podOf = ({ change, podUid, world }: Seen): PodObject | undefined => {
  if (podUid === undefined) return undefined
  // Of one that is gone the world knows nothing any more.
  return world.pod(podUid) ?? (change.life === podUid ? (change.object as PodObject) : undefined)
}

const named = ({ kind, metadata: { name, namespace, uid } }: KubernetesObject) => ({
  kind,
  ...(namespace === undefined ? {} : { namespace }),
  name,
  ...(uid === undefined ? {} : { uid })
})

export const sliceName = (each: string, key: string, view: Seen): SliceName => {
  const object = view instanceof ObjectSeen ? view.object : podOf(view)
  return {
    each,
    key,
    ...(object === undefined ? {} : named(object)),
    ...(view instanceof ContainerSeen ? { container: view.name } : {}),
    ...(view.nodeName === undefined ? {} : { nodeName: view.nodeName })
  }
}
