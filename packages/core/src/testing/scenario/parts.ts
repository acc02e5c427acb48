/** Small parts of arbitrary documents; whatever may be absent shrinks to being absent. */
import fc from "fast-check"
import type { JsonObject } from "../../event/Json.ts"

/** One time in `oneIn`; absent otherwise. */
export const rarely = <A>(arbitrary: fc.Arbitrary<A>, oneIn = 8): fc.Arbitrary<A | undefined> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: oneIn - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary }
  )

/** One time in two. */
export const sometimes = <A>(arbitrary: fc.Arbitrary<A>): fc.Arbitrary<A | undefined> => rarely(arbitrary, 2)

/** Arbitrary fields; what came out as `undefined` is no field. */
export const mapping = (fields: { readonly [field: string]: fc.Arbitrary<unknown> }): fc.Arbitrary<JsonObject> =>
  fc
    .record({ ...fields })
    .map(
      (record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as JsonObject
    )

export const list = <A>(item: fc.Arbitrary<A>, maxLength: number): fc.Arbitrary<Array<A>> =>
  fc.array(item, { maxLength })

/** The first is the simplest and as likely as the others. */
export const oneOf = <const A>(...values: ReadonlyArray<A>): fc.Arbitrary<A> => fc.constantFrom(...values)

/** A duration in a document, up to `max` seconds, mostly not a whole number of them. */
export const duration = (max: number, min = 0): fc.Arbitrary<string> =>
  fc.integer({ min: min * 10, max: max * 10 }).map((tenths) => `${tenths * 100}ms`)

export const seconds = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max })

/** Names that manifests, programs and steps share, so that they meet. */
export const commands: ReadonlyArray<ReadonlyArray<string>> = [
  ["true"],
  ["cat", "/tmp/healthy"],
  ["sh", "-c", "check"],
  ["stop"]
]
export const ports = [80, 8080] as const
export const paths = ["/", "/healthz"] as const
export const services = ["", "db"] as const
export const volumes = ["scratch", "settings", "token", "both", "me", "host", "claim", "content"] as const
