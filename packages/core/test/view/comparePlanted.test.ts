/** One thing of a recording changed: the comparison finds it and says it in Kubernetes' words. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type ClusterEvent,
  type Comparison,
  compare,
  type JsonObject,
  renderComparison,
  SECOND
} from "../../src/index.ts"
import { clone, type Line, mutations } from "./mutations.ts"
import { eventOf, linesOf, recording } from "./recordings.ts"

const words = ({ differences }: Comparison): ReadonlyArray<string> =>
  differences.map(({ kind, left, right }) => `${kind}: ${left} | ${right}`)
const isPodVersion = (line: JsonObject): boolean => (line.object as JsonObject | undefined)?.["kind"] === "Pod"
const eventsOf = (lines: ReadonlyArray<Line>): ReadonlyArray<ClusterEvent> =>
  lines.map((line) => eventOf(line as unknown as JsonObject))

describe("a planted difference", () => {
  const names = [
    "crash-loop.1",
    "trap-term.2",
    "two-never-mixed.1",
    "init-two.1",
    "readiness-flips.1",
    "deployment-scale.1",
    "active-deadline.1"
  ]
  const recordings = new Map(names.map((name) => [name, linesOf(name)]))

  it("in any one field of any version of a pod is found, from both sides", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.constantFrom(...Object.keys(mutations)),
        (name, place, mutation) => {
          const lines = recordings.get(name) ?? []
          const versions = lines.flatMap((line, i) => (isPodVersion(line) && line["type"] !== "DELETED" ? [i] : []))
          const chosen = versions[place % versions.length] ?? 0
          const planted = lines.map(clone)
          const object = planted[chosen]?.object
          fc.pre(object !== undefined && mutations[mutation]?.(object) === true)
          const [a, b] = [lines.map(eventOf), eventsOf(planted)]
          expect(compare(a, b).differences.length, mutation).toBeGreaterThan(0)
          expect(compare(b, a).differences.length, mutation).toBe(compare(a, b).differences.length)
        }
      ),
      { numRuns: 250, seed: 7 }
    )
  })
})

const changed = (name: string, change: (lines: Array<Line>) => void): Comparison => {
  const lines = linesOf(name)
  const planted = lines.map(clone)
  change(planted)
  return compare(lines.map(eventOf), eventsOf(planted))
}

describe("a planted difference in words", () => {
  it("in an exit code is said in Kubernetes' words, once", () => {
    const comparison = changed("fail-never.1", (lines) => {
      for (const line of lines) {
        const terminated = line.object?.status?.containerStatuses?.[0]?.state?.terminated
        if (terminated) terminated.exitCode = 2
      }
    })
    expect(words(comparison)).toEqual(["Changed: main terminated (Error, exit 3) | main terminated (Error, exit 2)"])
  })

  it("is a state that never came", () => {
    const comparison = changed("trap-term.1", (lines) =>
      lines.splice(
        lines.findIndex((line) => line.type === "DELETED" && line.object?.kind === "Pod"),
        1
      )
    )
    expect(words(comparison)).toEqual(["OnlyLeft: gone | undefined"])
  })

  it("is a termination that came ten seconds late", () => {
    const comparison = changed("trap-term.1", (lines) => {
      for (const line of lines) {
        if (line.object?.kind !== "Pod" || line.object.status.phase !== "Succeeded") continue
        line.observedAt = line.observedAt.replace(
          /:(\d\d)\./,
          (_: string, second: string) => `:${String(Number(second) + 10).padStart(2, "0")}.`
        )
      }
    })
    expect(comparison.differences.map(({ kind }) => kind)).toEqual(["Time"])
    expect(renderComparison(comparison)).toMatch(
      /main terminated \(Completed, exit 0\).*: 10\.000 s later in right \(after 2\.\d+ s in left, 12\.\d+ s in right/
    )
  })

  it("is an Event that is missing, one with other words, and one that came too often", () => {
    const comparison = changed("crash-loop.1", (lines) => {
      for (const line of [...lines]) {
        if (line.object?.kind !== "Event") continue
        if (line.object.reason === "Scheduled") lines.splice(lines.indexOf(line), 1)
        if (line.object.reason === "Created") line.object.message = "Created container main"
        if (line.object.reason === "Started") line.object.count += 20
      }
    })
    expect(words(comparison)).toEqual([
      "OnlyLeft: Event Scheduled: Successfully assigned crash-loop/p to rig-1 | undefined",
      "Changed: Event Created ×6: Container created | Event Created ×6: Created container main",
      "Count: Event Started ×6: Container started | Event Started ×26: Container started"
    ])
  })

  it("in a field beside the state is named with its place", () => {
    const comparison = changed("run-forever.1", (lines) => {
      for (const { object } of lines) {
        const [container] = object?.kind === "Pod" ? object.spec.containers : []
        if (container !== undefined) container.imagePullPolicy = "Always"
      }
    })
    expect(words(comparison)).toEqual([
      "Changed: spec.containers{main}.imagePullPolicy IfNotPresent | spec.containers{main}.imagePullPolicy Always"
    ])
  })

  it("is a crash loop that stops: what comes long before the end is not excused", () => {
    const until97 = recording("crash-loop.1").slice(0, 40)
    for (const options of [{}, { until: 340 * SECOND }]) {
      const { differences, beyondEnd } = compare(recording("crash-loop.1"), until97, options)
      expect(differences.map(({ kind }) => kind)).toContain("OnlyLeft")
      expect(beyondEnd).toEqual([])
    }
  })

  it("is another order of the same changes", () => {
    const comparison = changed("fuzz-1006.1", (lines) => {
      lines.splice(0, lines.length, ...linesOf("fuzz-1006.2").map(clone))
    })
    expect(comparison.differences.map(({ kind }) => kind)).toContain("Order")
  })
})
