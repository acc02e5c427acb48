/** A property: what must hold of each slice of a kind, with everything that a reader of its failure wants to know. */
import type { Micros } from "../../event/Instant.ts"
import type { AnySliceKind, Seen, SliceKind } from "../slice/Slice.ts"
import type { Assumption } from "./assumptions.ts"
import { type Formula, formulaJson } from "./Formula.ts"
import { type Duration, micros } from "./operators.ts"

/** Durations, and plain numbers. Clusters configure them, so each can be set when a property is checked. */
export type Parameters = { readonly [name: string]: Duration }
export type Values<P extends Parameters> = { readonly [K in keyof P]: Micros }

export interface About<V extends Seen, P extends Parameters> {
  /** What it is called besides its id, as in `pod/terminal-phase-is-final`: what patterns of names find. */
  readonly name?: string
  /** One sentence. */
  readonly says: string
  /** Where it stands: a page, or a path in Kubernetes. */
  readonly source: string
  readonly each: SliceKind<V>
  /** `advisory`: a violation is told, and is none for the exit status. */
  readonly severity?: "law" | "advisory"
  readonly assume?: ReadonlyArray<Assumption>
  /** Whose stamps it compares: the recorder's (`observed`), the API server's, or the node's. */
  readonly clock?: "observed" | "api" | "node"
  readonly params?: P
  /** The versions of Kubernetes of which it speaks, as in `1.35`: from, and up to but without. */
  readonly since?: string
  readonly until?: string
  /** What it needs to see: what every API server shows, the Events, or what only a simulator knows. */
  readonly needs?: "api" | "events" | "simulator"
}

/** Why a belief is false, and what to use in its place. */
export interface Refutation {
  readonly why: string
  readonly insteadUse: ReadonlyArray<string>
}

/**
 * `law`: must hold. `refuted`: sounds right and does not hold: a healthy cluster can break it. `goal`: must be reached somewhere
 * in many histories.
 */
export interface Property {
  readonly id: string
  readonly kind: "law" | "refuted" | "goal"
  readonly name: string
  readonly says: string
  readonly source: string
  readonly each: AnySliceKind
  readonly severity: "law" | "advisory"
  readonly assume: ReadonlyArray<Assumption>
  readonly clock: "observed" | "api" | "node"
  readonly params: { readonly [name: string]: Micros }
  readonly since: string | undefined
  readonly until: string | undefined
  readonly needs: "api" | "events" | "simulator"
  readonly refutation: Refutation | undefined
  readonly formula: Formula<never>
  /** The same with other values. Throws a `TypeError` for a name that it does not have, or what is no duration. */
  readonly with: (values: Parameters) => Property
}

type Build<V extends Seen, P extends Parameters> = (has: { readonly params: Values<P> }) => Formula<V>

interface Made {
  readonly id: string
  readonly kind: Property["kind"]
  readonly refutation?: Refutation
}

const made = <V extends Seen, P extends Parameters>(what: Made, about: About<V, P>, build: Build<V, P>): Property => {
  const { id, kind, refutation } = what
  const params = Object.fromEntries(
    Object.entries(about.params ?? {}).map(([name, value]) => [name, micros(value)])
  ) as Values<P>
  return {
    id,
    kind,
    name: about.name ?? id,
    says: about.says,
    source: about.source,
    each: about.each as unknown as AnySliceKind,
    severity: about.severity ?? "law",
    assume: about.assume ?? [],
    clock: about.clock ?? "observed",
    params,
    since: about.since,
    until: about.until,
    needs: about.needs ?? "api",
    refutation,
    formula: build({ params }) as unknown as Formula<never>,
    with: (values) => {
      const unknown = Object.keys(values).find((name) => !Object.hasOwn(params, name))
      if (unknown !== undefined) {
        throw new TypeError(`${id} has no parameter ${unknown}; it has ${Object.keys(params).join(", ") || "none"}`)
      }
      return made(what, { ...about, params: { ...about.params, ...values } as P }, build)
    }
  }
}

/** What must hold in every slice, at every moment. */
export const property = <V extends Seen, const P extends Parameters = Record<never, never>>(
  id: string,
  about: About<V, P>,
  build: Build<V, P>
): Property => made({ id, kind: "law" }, about, build)

/** What sounds right and is not: a healthy cluster violates it. */
export const refuted = <V extends Seen, const P extends Parameters = Record<never, never>>(
  id: string,
  about: About<V, P> & Refutation,
  build: Build<V, P>
): Property => made({ id, kind: "refuted", refutation: { why: about.why, insteadUse: about.insteadUse } }, about, build)

/** What must be true at some moment of some slice of many histories: what never is, was never tested. */
export const sometimes = <V extends Seen>(
  id: string,
  about: About<V, Record<never, never>>,
  reached: Formula<V>
): Property => made({ id, kind: "goal" }, about, () => ({ _tag: "Always", of: { _tag: "Not", of: reached } }))

/** All that is known of a property without checking it, as JSON. */
export const propertyJson = (one: Property): { readonly [field: string]: unknown } => ({
  id: one.id,
  name: one.name,
  kind: one.kind,
  says: one.says,
  source: one.source,
  each: one.each.name,
  severity: one.severity,
  assume: one.assume.map(({ id }) => id),
  clock: one.clock,
  paramsMicros: one.params,
  ...(one.since === undefined ? {} : { since: one.since }),
  ...(one.until === undefined ? {} : { until: one.until }),
  needs: one.needs,
  ...(one.refutation === undefined ? {} : one.refutation),
  formula: formulaJson(one.formula)
})
