/**
 * What a document is made of before it is one: entities of a few whole numbers each.
 *
 * An entity that is taken away takes only itself away, and a number that becomes 0 makes the simplest choice: that is how fast-check
 * shrinks them. Only integers are drawn, so that the same seed gives the same entities on any machine.
 */
import fc from "fast-check"

/** Enough for any choice to be made by `% n` with all outcomes as good as equally likely. */
const LIMIT = 0xff_ff

/** The numbers of one entity. */
export type Genes = ReadonlyArray<number>

const isGenes = (value: unknown, count: number): value is Genes =>
  Array.isArray(value) &&
  value.length === count &&
  value.every((one) => Number.isInteger(one) && one >= 0 && one <= LIMIT)

/** `fc.tuple` of so many `fc.nat`, but a tenth of its cost, and with one step to 0 a number instead of sixteen on the way. */
class GenesArbitrary extends fc.Arbitrary<Genes> {
  readonly #count: number

  constructor(count: number) {
    super()
    this.#count = count
  }

  override generate(mrng: fc.Random): fc.Value<Genes> {
    const genes: Array<number> = []
    for (let i = 0; i < this.#count; i++) genes.push(mrng.nextInt(0, LIMIT))
    return new fc.Value<Genes>(genes, undefined)
  }

  override canShrinkWithoutContext(value: unknown): value is Genes {
    return isGenes(value, this.#count)
  }

  override shrink(genes: Genes): fc.Stream<fc.Value<Genes>> {
    const simpler = function* () {
      if (genes.filter((gene) => gene !== 0).length > 1) yield genes.map(() => 0)
      for (const [i, gene] of genes.entries()) if (gene !== 0) yield genes.with(i, 0)
    }
    return fc.stream(simpler()).map((value) => new fc.Value<Genes>(value, undefined))
  }
}

export const genes = (count: number): fc.Arbitrary<Genes> => new GenesArbitrary(count)

/** A list that is drawn with exactly so many entries, and shrinks as `fc.array` does, down to none. */
class Exactly<A> extends fc.Arbitrary<Array<A>> {
  readonly #drawn: fc.Arbitrary<Array<A>>
  readonly #shrunk: fc.Arbitrary<Array<A>>

  constructor(item: fc.Arbitrary<A>, count: number) {
    super()
    this.#drawn = fc.array(item, { minLength: count, maxLength: count, size: "max" })
    this.#shrunk = fc.array(item, { maxLength: count, size: "max" })
  }

  override generate(mrng: fc.Random, biasFactor: number | undefined): fc.Value<Array<A>> {
    return this.#drawn.generate(mrng, biasFactor)
  }

  override canShrinkWithoutContext(value: unknown): value is Array<A> {
    return this.#shrunk.canShrinkWithoutContext(value)
  }

  override shrink(value: Array<A>, context: unknown): fc.Stream<fc.Value<Array<A>>> {
    return this.#shrunk.shrink(value, context)
  }
}

export const exactly = <A>(item: fc.Arbitrary<A>, count: number): fc.Arbitrary<Array<A>> => new Exactly(item, count)

/** Makes choices of the numbers, one after the other; the simplest choice when none is left. */
export class Draw {
  readonly #genes: Genes
  #next = 0

  constructor(genes: Genes) {
    this.#genes = genes
  }

  /** A whole number below `count`. */
  below(count: number): number {
    return (this.#genes[this.#next++] ?? 0) % count
  }

  /** The first is the simplest. */
  of<const A>(choices: ReadonlyArray<A>): A {
    return choices[this.below(choices.length)] as A
  }

  /** One time in so many; simplest: not. */
  rarely(oneIn: number): boolean {
    return this.below(oneIn) === oneIn - 1
  }
}
