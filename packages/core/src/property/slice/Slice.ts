/** What a property speaks of: each pod, each container, each node. A slice is one of them, and what happens to it. */
import type { Place } from "../language/assumptions.ts"
import type { Change, World } from "./World.ts"

/** Every view of a slice, whatever it is of. */
export interface Seen extends Place {
  readonly change: Change
}

/** A slice that a change concerns. */
export interface Touched<V> {
  readonly key: string
  readonly view: V
  /** Is its beginning seen with this change? */
  readonly begins: boolean
  /** Is it over with this change? */
  readonly ends: boolean
}

export interface SliceKind<V extends Seen> {
  /** `pod`, `container`: what stands behind `each:`. */
  readonly name: string
  /** The resources whose gaps hide something of it, as in `pods`; empty: all. */
  readonly sees: ReadonlyArray<string>
  /** It is also told what came too late to change anything. */
  readonly seesLate?: true
  /** The slices that a change concerns, each with what is to be seen of it. */
  readonly touch: (change: Change, world: World) => ReadonlyArray<Touched<V>>
}

/** One property's slices must be of one kind, whatever its views are. */
export type AnySliceKind = SliceKind<never>

/** Does a gap of that resource (`undefined`: of all) hide anything of such slices? */
export const hidesFrom = ({ sees }: { readonly sees: ReadonlyArray<string> }, resource: string | undefined): boolean =>
  resource === undefined || sees.length === 0 || sees.includes(resource)
