/** Goals as they are declared: the edges of a machine, each with the sentence of who has come along it. */
import { when } from "../language/operators.ts"
import { type Property, sometimes } from "../language/Property.ts"
import type { Seen, SliceKind } from "../slice/Slice.ts"

export interface Edge<V> {
  /** Without the machine's name: `pending-to-running`. */
  readonly id: string
  readonly says: string
  /** Has it just been taken? What compares with the moment before answers no where there is none. */
  readonly taken: (view: V) => boolean
}

export interface Machine<V extends Seen> {
  /** `pod/phase`: begins the id of each goal. */
  readonly name: string
  readonly source: string
  readonly each: SliceKind<V>
  readonly edges: ReadonlyArray<Edge<V>>
}

export const goalsOf = <V extends Seen>({ each, edges, name, source }: Machine<V>): ReadonlyArray<Property> =>
  edges.map(({ id, says, taken }) => sometimes(`${name}/${id}`, { says, source, each }, when(id, taken)))
