/** The checker as a whole, beside what the formulas mean: random histories of a few pods. */
import { describe, expect, test } from "@effect/vitest"
import fc from "fast-check"
import type { ClusterEvent } from "../../src/event/ClusterEvent.ts"
import { type Instant, SECOND, toTime } from "../../src/event/Instant.ts"
import type { PodObject } from "../../src/event/KubernetesObject.ts"
import { Checker } from "../../src/property/Checker.ts"
import { isHidden, type Trace } from "../../src/property/explain/truthAt.ts"
import type { Formula } from "../../src/property/language/Formula.ts"
import * as say from "../../src/property/language/operators.ts"
import { property } from "../../src/property/language/Property.ts"
import { FALSE, UNKNOWN } from "../../src/property/language/Verdict.ts"
import { type PodSeen, pod } from "../../src/property/slice/pod.ts"
import { phase } from "../../src/property/vocabulary/pod.ts"
import { lifeOf, type Version } from "../../src/testing/lifeOf.ts"
import { truth } from "./monitor/watching.ts"

const START = 1_767_225_600 * SECOND
const phases = ["Pending", "Running", "Failed"]
type PodFormula = Formula<PodSeen>

const kept = say.transition(
  "phase kept",
  ({ before, pod: is }: PodSeen) => before?.pod.status.phase === is.status.phase
)
const leaf = fc.constantFrom<PodFormula>(phase("Pending"), phase("Running"), phase("Failed"), kept)
const seconds = fc.integer({ min: 0, max: 9 }).map((count) => `${count}s`)
const { past } = fc.letrec<{ past: PodFormula }>((tie) => ({
  past: fc.oneof(
    { depthSize: "small" },
    leaf,
    tie("past").map(say.not),
    tie("past").map(say.previously),
    tie("past").map((x) => say.once(x)),
    fc.tuple(tie("past"), tie("past")).map(([x, y]) => say.since(x, y)),
    fc.tuple(tie("past"), tie("past")).map(([x, y]) => say.or(x, y))
  )
}))
const formula = fc.oneof(
  past,
  fc.tuple(past, past, seconds).map(([x, y, d]) => say.leadsTo(x, y).within(d)),
  fc.tuple(past, past, past, seconds).map(([x, y, z, d]) => say.leadsTo(x, y).within(d).unless(z)),
  fc.tuple(past, past).map(([x, y]) => say.implies(x, say.eventually(y))),
  fc.tuple(past, past, seconds).map(([x, y, d]) => say.implies(x, say.holdsFor(y, d))),
  fc.tuple(past, past).map(([x, y]) => say.implies(x, say.unless(y, x)))
)

/** One thing that is seen: a pod's new phase, its end, a gap, a heartbeat of the node. */
const step = fc.record({
  after: fc.integer({ min: 0, max: 4 }),
  what: fc.constantFrom("phase", "phase", "phase", "phase", "delete", "gap of pods", "gap of nodes", "heartbeat"),
  who: fc.nat(2),
  phase: fc.constantFrom(...phases)
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

interface Seen {
  readonly event: ClusterEvent
  readonly who: number | undefined
}

const gap = (at: number, resource: string): ClusterEvent => ({
  _tag: "Gap",
  observed: (START + at * SECOND) as Instant,
  cause: "closed",
  detail: "",
  resource
})

const versionOf = (one: Step, at: number): Version => {
  if (one.what === "heartbeat") return { at, kind: "Node", metadata: { name: "n" } }
  const metadata = {
    name: `p${one.who}`,
    creationTimestamp: toTime((START + SECOND * (one.who === 0 ? 0 : at)) as Instant)
  }
  return { at, metadata, status: { phase: one.phase }, ...(one.what === "delete" ? { change: "DELETED" } : {}) }
}

/** Of pods that are gone nothing more is seen. */
const historyOf = (steps: ReadonlyArray<Step>): ReadonlyArray<Seen> => {
  const gone = new Set<number>()
  let at = 0
  const told = steps.flatMap((one) => {
    at += one.after
    const isPod = one.what === "phase" || one.what === "delete"
    if (isPod && gone.has(one.who)) return []
    if (one.what === "delete") gone.add(one.who)
    return [{ one, at }]
  })
  const isGap = ({ what }: Step): boolean => what.startsWith("gap")
  const versions = lifeOf(...told.filter(({ one }) => !isGap(one)).map(({ at, one }) => versionOf(one, at)))
  let next = 0
  return told.map(({ at, one }) => {
    if (isGap(one)) return { event: gap(at, one.what.slice(7)), who: undefined }
    const event = versions[next] as ClusterEvent
    next += 1
    return { event, who: one.what === "heartbeat" ? undefined : one.who }
  })
}

const histories = fc.array(step, { minLength: 1, maxLength: 24 }).map(historyOf)

/** The slice of one pod, written down without the checker. */
const sliceOf = (history: ReadonlyArray<Seen>, who: number): Trace<PodSeen> => {
  const items: Array<Trace<PodSeen>[number]> = []
  let before: PodObject | undefined
  for (const [place, { event, who: whose }] of history.entries()) {
    const at = event.observed as Instant
    if (event._tag === "Gap" && event.resource === "pods" && items.length > 0) items.push({ hiddenAt: at })
    if (event._tag !== "ObjectChanged" || whose !== who) continue
    const is = event.object as unknown as PodObject
    // One that is told long after it was made was there before.
    const isOld = event.change !== "ADDED" || at - START > 2 * SECOND
    if (items.length === 0 && isOld && (who === 0 || event.change !== "ADDED")) items.push({ hiddenAt: at })
    const last = items.at(-1)
    const view = { pod: is, before: before === undefined ? undefined : { pod: before } } as PodSeen
    const joins = last === undefined ? "begins" : isHidden(last) ? "after-gap" : "continues"
    items.push({ seq: place + 1, at, view, joins })
    before = is
    if (event.change === "DELETED") break
  }
  return items
}

const found = (asked: PodFormula, history: ReadonlyArray<Seen>) => {
  const checker = new Checker([property("any", { says: "…", source: "a test", each: pod }, () => asked)])
  for (const { event } of history) checker.see(event)
  const [outcome] = checker.outcomes("quiescent")
  const broken = (outcome?.violations ?? []).map(({ at, slice }) => `${slice} ${at}`).toSorted()
  return { broken, slices: broken.map((one) => one.split(" ")[0]), isWhole: (outcome?.inconclusive.size ?? 0) === 0 }
}

const pods = [0, 1, 2]
const uidOf = (who: number): string => `uid-of-Pod-p${who}`

describe("a checker", () => {
  test("finds in every pod what the formula means of its slice, between gaps and other objects", () => {
    let [violated, unknown] = [0, 0]
    fc.assert(
      fc.property(formula, histories, (asked, history) => {
        const slices = pods
          .map((who) => ({ who, trace: sliceOf(history, who) }))
          .filter(({ trace }) => trace.length > 0)
        const truths = slices.map(({ trace, who }) => ({ who, is: truth(asked, trace) }))
        const { isWhole, slices: broken } = found(asked, history)
        expect(broken).toEqual(truths.filter(({ is }) => is === FALSE).map(({ who }) => uidOf(who)))
        if (truths.some(({ is }) => is === UNKNOWN)) {
          expect(isWhole).toBe(false)
          unknown += 1
        }
        violated += broken.length
      }),
      { numRuns: 3_000 }
    )
    expect(violated).toBeGreaterThan(500)
    expect(unknown).toBeGreaterThan(100)
  })

  test("finds in a pod what it finds when nothing else is told", () => {
    fc.assert(
      fc.property(formula, histories, (asked, history) => {
        const all = found(asked, history).broken
        const each = pods.flatMap(
          (who) =>
            found(
              asked,
              history.filter(({ event, who: whose }) => whose === who || event._tag === "Gap")
            ).broken
        )
        // Time that nobody tells of passes all the same: what is overdue is known at the end.
        expect(all.map((one) => one.split(" ")[0])).toEqual(each.map((one) => one.split(" ")[0]))
      }),
      { numRuns: 1_000 }
    )
  })

  test("finds the same when what happens to others at the same moment is told in another order", () => {
    fc.assert(
      fc.property(formula, histories, fc.array(fc.nat(30), { maxLength: 20 }), (asked, history, swaps) => {
        const other = [...history]
        for (const place of swaps) {
          const [one, next] = [other[place], other[place + 1]]
          if (one === undefined || next === undefined || one.event.observed !== next.event.observed) continue
          if (one.who === undefined || next.who === undefined || one.who === next.who) continue
          other[place] = next
          other[place + 1] = one
        }
        expect(found(asked, other).broken).toEqual(found(asked, history).broken)
      }),
      { numRuns: 1_000 }
    )
  })
})
