/** The document that a seed and a number stand for. */
import fc from "fast-check"
import type { JsonObject } from "../../../event/Json.ts"
import { anyChaosDocument } from "./anyChaos.ts"
import type { Size } from "./Swarm.ts"

/** One 32-bit seed of two numbers, so that neighbours have nothing in common (the finalizer of MurmurHash3). */
export const seedOf = (seed: number, index: number): number => {
  let hash = Math.imul(seed, 0x9e37_79b1) ^ Math.imul(index, 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return (hash ^ (hash >>> 16)) | 0
}

/** Remembers what fast-check drew, with what it needs to make that smaller. */
class Remembering<A> extends fc.Arbitrary<A> {
  readonly #of: fc.Arbitrary<A>
  last: fc.Value<A> | undefined

  constructor(of: fc.Arbitrary<A>) {
    super()
    this.#of = of
  }

  override generate(mrng: fc.Random, biasFactor: number | undefined): fc.Value<A> {
    this.last = this.#of.generate(mrng, biasFactor)
    return this.last
  }

  override canShrinkWithoutContext(value: unknown): value is A {
    return this.#of.canShrinkWithoutContext(value)
  }

  override shrink(value: A, context: unknown): fc.Stream<fc.Value<A>> {
    return this.#of.shrink(value, context)
  }
}

/** What `fc.check` and `fc.sample` draw first with that seed; `arbitrary.shrink(value, context)` makes it smaller. */
export const drawnWith = <A>(arbitrary: fc.Arbitrary<A>, seed: number): fc.Value<A> => {
  const remembering = new Remembering(arbitrary)
  fc.sample(remembering, { seed, numRuns: 1 })
  if (remembering.last === undefined) throw new Error("fast-check drew nothing")
  return remembering.last
}

const arbitraries = {
  small: anyChaosDocument("small"),
  standard: anyChaosDocument("standard"),
  any: anyChaosDocument("any")
} as const

/** The same on every machine, whatever was drawn before. */
export const chaosDocument = (seed: number, index: number, size: Size = "standard"): JsonObject =>
  drawnWith(arbitraries[size], seedOf(seed, index)).value
