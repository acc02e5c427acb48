/** Random formulas and random slices, for the evaluator's own laws. */
import fc from "fast-check"
import type { Instant } from "../../../src/event/Instant.ts"
import type { Trace } from "../../../src/property/explain/truthAt.ts"
import type { Formula } from "../../../src/property/language/Formula.ts"
import * as say from "../../../src/property/language/operators.ts"
import type { Moment } from "../../../src/property/monitor/Moment.ts"

export interface Letters {
  readonly a: boolean
  readonly b: boolean
  readonly n: number
  readonly before: Letters | undefined
}

export const a = say.when<Letters>("a", (view) => view.a)
export const b = say.when<Letters>("b", (view) => view.b)
const grew = say.transition<Letters>("n grew", (view) => say.because(view.n >= (view.before?.n ?? 0), () => "n"))
const leaf: fc.Arbitrary<Formula<Letters>> = fc.constantFrom<Formula<Letters>>(
  a,
  b,
  grew,
  say.constant(true),
  say.constant(false)
)
const duration = fc.integer({ min: 0, max: 12 })

/** Without what looks forward. */
const { past } = fc.letrec<{ past: Formula<Letters> }>((tie) => ({
  past: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    tie("past").map(say.not),
    fc.tuple(tie("past"), tie("past")).map(([x, y]) => say.and(x, y)),
    fc.tuple(tie("past"), tie("past")).map(([x, y]) => say.or(x, y)),
    fc.tuple(tie("past"), tie("past")).map(([x, y]) => say.implies(x, y)),
    tie("past").map(say.previously),
    tie("past").map(say.rose),
    tie("past").map((x) => say.once(x)),
    tie("past").map((x) => say.historically(x)),
    fc.tuple(tie("past"), duration).map(([x, d]) => say.once(x).within(d)),
    fc.tuple(tie("past"), duration).map(([x, d]) => say.historically(x).within(d)),
    fc.tuple(tie("past"), tie("past")).map(([x, y]) => say.since(x, y))
  )
}))

const { any } = fc.letrec<{ any: Formula<Letters> }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    past,
    tie("any").map(say.not),
    fc.tuple(tie("any"), tie("any")).map(([x, y]) => say.and(x, y)),
    fc.tuple(tie("any"), tie("any")).map(([x, y]) => say.or(x, y)),
    fc.tuple(tie("any"), tie("any")).map(([x, y]) => say.implies(x, y)),
    tie("any").map(say.always),
    tie("any").map((x) => say.named("x", x)),
    tie("any").map((x) => say.eventually(x)),
    fc.tuple(tie("any"), duration).map(([x, d]) => say.eventually(x).within(d)),
    fc.tuple(tie("any"), tie("any"), duration).map(([x, y, d]) => say.leadsTo(x, y).within(d).unless(a)),
    fc.tuple(tie("any"), duration).map(([x, d]) => say.holdsFor(x, d)),
    fc.tuple(tie("any"), tie("any")).map(([x, y]) => say.until(x, y)),
    fc.tuple(tie("any"), tie("any")).map(([x, y]) => say.unless(x, y)),
    fc.tuple(tie("any"), fc.integer({ min: 0, max: 3 })).map(([x, m]) =>
      say.on(
        "n",
        (view: Letters) => (view.n >= m ? view.n : undefined),
        (n) =>
          say.or(
            x,
            say.when(`n > ${n}`, (view: Letters) => view.n > n)
          )
      )
    )
  )
}))

export const anyPast = past
export const anyFormula = any

const item = fc.record({
  after: fc.integer({ min: 0, max: 6 }),
  a: fc.boolean(),
  b: fc.boolean(),
  n: fc.integer({ min: 0, max: 3 }),
  isGap: fc.boolean()
})

/** A slice of a few moments; with gaps, or without. */
export const anyTrace = (gaps: boolean): fc.Arbitrary<Trace<Letters>> =>
  fc.array(item, { minLength: 1, maxLength: 8 }).map((items) => {
    const trace: Array<Trace<Letters>[number]> = []
    let [at, before]: [number, Letters | undefined] = [100, undefined]
    for (const [seq, { after, isGap, ...letters }] of items.entries()) {
      at += after
      if (gaps && isGap) {
        trace.push({ hiddenAt: at as Instant })
        continue
      }
      const last = trace.at(-1)
      const joins: Moment<Letters>["joins"] =
        last === undefined ? "begins" : "hiddenAt" in last ? "after-gap" : "continues"
      const view: Letters = { ...letters, before }
      trace.push({ seq: seq + 1, at: at as Instant, view, joins })
      before = { ...letters, before: undefined }
    }
    return trace
  })
