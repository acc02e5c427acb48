/** The items of a list in their order, page by page (C-159, C-160, C-164; `GetList`, k8s.io/apiserver/pkg/storage/cacher/cacher.go). */
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { encodeContinue } from "./continueToken.ts"
import type { ListPlan } from "./listPlan.ts"

/** What there is, in any order, and as of when. */
export interface Listed {
  readonly items: ReadonlyArray<KubernetesObject>
  readonly resourceVersion: bigint
  /** Whether the list is of one namespace: its keys are names then. */
  readonly isOfNamespace: boolean
}

export interface ListPage {
  readonly items: ReadonlyArray<KubernetesObject>
  /** Absent on the last page. */
  readonly continue?: string
  /** How many are behind this page; absent on the last one, and where a selector was given. */
  readonly remainingItemCount?: number
}

interface Keyed {
  readonly key: string
  readonly object: KubernetesObject
}

/** `selects`: absent where the client did not select. */
export const listPage = (
  { isOfNamespace, items: all, resourceVersion }: Listed,
  { after, limit }: ListPlan,
  selects?: (object: KubernetesObject) => boolean
): ListPage => {
  const keyed: Keyed[] = all.map((object) => ({ object, key: keyOf(object, isOfNamespace) }))
  const compare = order(keyed)
  const behind = after === undefined ? keyed : keyed.filter(({ key }) => compare(key, after) >= 0)
  behind.sort((a, b) => compare(a.key, b.key))
  if (limit === 0) {
    const items = behind.map(({ object }) => object)
    return { items: selects === undefined ? items : items.filter(selects) }
  }
  const items: KubernetesObject[] = []
  for (const [i, { key, object }] of behind.entries()) {
    if (selects === undefined || selects(object)) items.push(object)
    if (items.length < limit) continue
    if (i === behind.length - 1) break
    return {
      items,
      continue: encodeContinue({ resourceVersion, start: `${key}\0` }),
      ...(selects === undefined ? { remainingItemCount: behind.length - limit } : {})
    }
  }
  return { items }
}

/** Where an object is stored, behind what all keys of the list have in common. */
const keyOf = ({ metadata }: KubernetesObject, isOfNamespace: boolean): string =>
  metadata.namespace === undefined || isOfNamespace ? metadata.name : `${metadata.namespace}/${metadata.name}`

type Compare = (a: string, b: string) => number

/** Keys are ordered by the bytes of their UTF-8, as JavaScript orders texts of the basic plane. */
const order = (keys: ReadonlyArray<Keyed>): Compare =>
  keys.some(({ key }) => upperPlane.test(key)) ? byBytes : (a, b) => (a < b ? -1 : a > b ? 1 : 0)

const upperPlane = /[\ud800-\udfff]/

const byBytes: Compare = (a, b) => {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return inUtf8(x) - inUtf8(y)
  }
  return a.length - b.length
}

/** Half a character of the upper planes stands behind everything else. */
const inUtf8 = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)
