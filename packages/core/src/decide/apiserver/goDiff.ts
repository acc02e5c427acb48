/** The difference of two values as Kubernetes shows it in refusals: a unified diff of their JSON (`k8s.io/apimachinery/pkg/util/diff/diff.go`, `pmezard/go-difflib`). */
import type { Json } from "../../event/Json.ts"

const CONTEXT = 3
/** Lines that are this often in long texts say nothing (`autoJunk`). */
const LONG = 200

interface Match {
  readonly a: number
  readonly b: number
  readonly size: number
}

interface Range {
  readonly same: boolean
  readonly a: readonly [from: number, to: number]
  readonly b: readonly [from: number, to: number]
}

type Lines = ReadonlyArray<string>

/** Where each line is in the second text. */
const placesOf = (lines: Lines): ReadonlyMap<string, ReadonlyArray<number>> => {
  const places = new Map<string, Array<number>>()
  for (const [i, line] of lines.entries()) places.set(line, [...(places.get(line) ?? []), i])
  const most = Math.floor(lines.length / 100) + 1
  if (lines.length < LONG) return places
  return new Map([...places].filter(([, at]) => at.length <= most))
}

/** SequenceMatcher: the longest common run, then those before it and behind it. */
const matchesOf = (a: Lines, b: Lines): ReadonlyArray<Match> => {
  const places = placesOf(b)

  const longest = (alo: number, ahi: number, blo: number, bhi: number): Match => {
    let best: Match = { a: alo, b: blo, size: 0 }
    let lengths = new Map<number, number>()
    for (let i = alo; i < ahi; i++) {
      const next = new Map<number, number>()
      for (const j of places.get(a[i] ?? "") ?? []) {
        if (j < blo || j >= bhi) continue
        const size = (lengths.get(j - 1) ?? 0) + 1
        next.set(j, size)
        if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size }
      }
      lengths = next
    }
    while (best.a > alo && best.b > blo && a[best.a - 1] === b[best.b - 1])
      best = { a: best.a - 1, b: best.b - 1, size: best.size + 1 }
    while (best.a + best.size < ahi && best.b + best.size < bhi && a[best.a + best.size] === b[best.b + best.size])
      best = { ...best, size: best.size + 1 }
    return best
  }

  const within = (a1: number, a2: number, b1: number, b2: number): ReadonlyArray<Match> => {
    const match = longest(a1, a2, b1, b2)
    if (match.size === 0) return []
    const [aEnd, bEnd] = [match.a + match.size, match.b + match.size]
    return [
      ...(a1 < match.a && b1 < match.b ? within(a1, match.a, b1, match.b) : []),
      match,
      ...(aEnd < a2 && bEnd < b2 ? within(aEnd, a2, bEnd, b2) : [])
    ]
  }

  return within(0, a.length, 0, b.length)
}

/** Both texts, cut where they begin or cease to be the same. */
const rangesOf = (a: Lines, b: Lines): ReadonlyArray<Range> => {
  const ranges: Array<Range> = []
  let [i, j] = [0, 0]
  const push = (same: boolean, toA: number, toB: number): void => {
    const last = ranges.at(-1)
    if (toA === i && toB === j) return
    if (same && last?.same === true) ranges.pop()
    const from = same && last?.same === true ? last : { a: [i], b: [j] }
    ranges.push({ same, a: [from.a[0] ?? i, toA], b: [from.b[0] ?? j, toB] })
    i = toA
    j = toB
  }
  for (const match of matchesOf(a, b)) {
    push(false, match.a, match.b)
    push(true, match.a + match.size, match.b + match.size)
  }
  push(false, a.length, b.length)
  return ranges
}

/** Only the first or the last lines of what is the same. */
const first = ({ a, b, same }: Range, count: number): Range => ({
  same,
  a: [a[0], Math.min(a[1], a[0] + count)],
  b: [b[0], Math.min(b[1], b[0] + count)]
})
const last = ({ a, b, same }: Range, count: number): Range => ({
  same,
  a: [Math.max(a[0], a[1] - count), a[1]],
  b: [Math.max(b[0], b[1] - count), b[1]]
})

/** Changes with at most three lines before and behind, those together that are near each other. */
const groupsOf = (ranges: ReadonlyArray<Range>): ReadonlyArray<ReadonlyArray<Range>> => {
  const groups: Array<ReadonlyArray<Range>> = []
  let group: Array<Range> = []
  for (const [i, range] of ranges.entries()) {
    if (!range.same) {
      group.push(range)
      continue
    }
    const [isFirst, isLast] = [i === 0, i === ranges.length - 1]
    if (isFirst) group.push(last(range, CONTEXT))
    else if (isLast) group.push(first(range, CONTEXT))
    else if (range.a[1] - range.a[0] > 2 * CONTEXT) {
      groups.push([...group, first(range, CONTEXT)])
      group = [last(range, CONTEXT)]
    } else group.push(range)
  }
  return [...groups, group].filter((one) => one.some(({ same }) => !same))
}

const span = (from: number, to: number): string =>
  to - from === 1 ? `${from + 1}` : `${to === from ? from : from + 1},${to - from}`

const linesOf = (value: Json): Lines => JSON.stringify(value, null, 1).split("\n")

/** `""` if they are the same. */
export const goDiff = (before: Json, after: Json): string => {
  const [a, b] = [linesOf(before), linesOf(after)]
  const written = (sign: string, lines: Lines): string => lines.map((line) => `${sign}${line}\n`).join("")
  return groupsOf(rangesOf(a, b))
    .map((group) => {
      const [start, end] = [group[0], group.at(-1)]
      const head = `@@ -${span(start?.a[0] ?? 0, end?.a[1] ?? 0)} +${span(start?.b[0] ?? 0, end?.b[1] ?? 0)} @@\n`
      const body = group.map(({ a: [a1, a2], b: [b1, b2], same }) =>
        same ? written(" ", a.slice(a1, a2)) : `${written("-", a.slice(a1, a2))}${written("+", b.slice(b1, b2))}`
      )
      return head + body.join("")
    })
    .join("")
}
