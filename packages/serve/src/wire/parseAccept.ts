/** The header `Accept`, as the API server reads it (`github.com/munnerz/goautoneg`, ParseAccept). */

/** One thing that a client takes. */
export interface AcceptClause {
  /** `application`, `*` */
  readonly type: string
  /** `json`, `*` */
  readonly subType: string
  readonly q: number
  /** What stands behind the semicolons, but for `q`. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Blanks only: no other white space. */
const trimmed = (text: string): string => text.replace(/^ +| +$/g, "")

const parametersOf = (words: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> =>
  words.flatMap((word): ReadonlyArray<readonly [string, string]> => {
    const [name = "", value = "", ...more] = word.split("=")
    return value === "" || more.some((rest) => rest !== "") ? [] : [[trimmed(name), value]]
  })

/** A weight that is no number counts as none. */
const weightOf = (text: string | undefined): number => {
  if (text === undefined) return 1
  const q = Number(text)
  return Number.isNaN(q) ? 0 : q
}

const clauseOf = (part: string): AcceptClause | undefined => {
  const [range = "", ...words] = trimmed(part).split(";")
  const [first = "", second = "", ...more] = range.split("/")
  const type = trimmed(first)
  if ((second === "" && type !== "*") || more.some((rest) => rest !== "")) return undefined
  const all = parametersOf(words)
  const parameters = new Map(all.filter(([name]) => name !== "q").map(([name, value]) => [name, trimmed(value)]))
  const q = weightOf(all.findLast(([name]) => name === "q")?.[1])
  return { type, subType: second === "" ? "*" : trimmed(second), q, parameters }
}

/** Not an order: of two clauses each may come before the other. What comes of it is what the API server does. */
const comesBefore = (a: AcceptClause, b: AcceptClause): boolean =>
  a.q > b.q || (a.type !== "*" && b.type === "*") || (a.subType !== "*" && b.subType === "*")

/** The clauses, what the client likes best first; what cannot be read is left out. */
export const parseAccept = (header: string): ReadonlyArray<AcceptClause> => {
  const clauses = header.split(",").flatMap((part) => clauseOf(part) ?? [])
  // Go sorts short lists by insertion; with a relation that is no order the way of sorting decides.
  for (let i = 1; i < clauses.length; i++) {
    for (let j = i; j > 0; j--) {
      const [before, after] = [clauses[j - 1], clauses[j]]
      if (before === undefined || after === undefined || !comesBefore(after, before)) break
      clauses[j - 1] = after
      clauses[j] = before
    }
  }
  return clauses
}
