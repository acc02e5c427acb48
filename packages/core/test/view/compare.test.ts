/** Two histories compared: real runs of one scenario, planted differences, both sides alike. */
import { describe, expect, it } from "vitest"
import {
  type ClusterEvent,
  type Comparison,
  compare,
  compareHistories,
  type Difference,
  type History,
  historyOf,
  renderComparison
} from "../../src/index.ts"
import { recording, scenarioNames, untilOf } from "./recordings.ts"

const words = ({ differences }: Comparison): ReadonlyArray<string> =>
  differences.map(({ kind, left, right }) => `${kind}: ${left} | ${right}`)

describe("two real runs of one scenario", () => {
  const histories = new Map<string, History>()
  const history = (name: string): History => {
    const known = histories.get(name) ?? historyOf(recording(name))
    histories.set(name, known)
    return known
  }

  it.each([
    "run-forever",
    "trap-term",
    "crash-loop",
    "force-delete",
    "readiness-flips",
    "deployment-scale",
    "kubelet-restart"
  ])("%s: nothing differs but times within the tolerance", (scenario) => {
    expect(words(compareHistories(history(`${scenario}.1`), history(`${scenario}.2`)))).toEqual([])
    expect(
      words(compareHistories(history(`${scenario}.1`), history(`${scenario}.2`), { until: untilOf(scenario) }))
    ).toEqual([])
  })

  it("crash-loop: a restart that one run saw just before its end is not counted, and is shown", () => {
    const { beyondEnd } = compareHistories(history("crash-loop.1"), history("crash-loop.2"))
    expect(beyondEnd.map(({ kind, right }) => `${kind}: ${right}`)).toEqual([
      "OnlyRight: main running, restart 6, main ready   Ready True",
      "OnlyRight: main terminated (Error, exit 1)   Ready False ContainersNotReady"
    ])
  })

  it("a kind that one recorder did not watch, though its Events speak of it, is no difference and is named", () => {
    const watched = [...recording("budget-drain.1")]
    const isBudget = (event: ClusterEvent): boolean =>
      event._tag === "ObjectChanged" && event.object["kind"] === "PodDisruptionBudget"
    const comparison = compare(
      watched,
      watched.filter((event) => !isBudget(event))
    )
    expect(words(comparison)).toEqual([])
    expect(comparison.leftOut).toContain("PodDisruptionBudget (one side did not record any)")
  })

  it("differs in no more than a quarter of all pairs, and never in times alone", () => {
    // Volumes are measured once a minute, at a phase that is chance: an eviction comes within a minute and not at a moment.
    // When a node is taken as lost, too, depends on when its lease was renewed last and looked at.
    const measured = new Set(["emptydir-limit", "zone-brown-out", "zone-outage", "zones-all-lost"])
    let [pairs, equal, timesAlone] = [0, 0, 0]
    for (const scenario of scenarioNames) {
      for (const [i, j] of [
        [1, 2],
        [1, 3],
        [2, 3]
      ] as const) {
        const { differences } = compareHistories(history(`${scenario}.${i}`), history(`${scenario}.${j}`))
        pairs++
        if (differences.length === 0) equal++
        else if (!measured.has(scenario) && differences.every(({ kind }) => kind === "Time")) timesAlone++
      }
    }
    process.stdout.write(
      `${equal} of ${pairs} pairs of real runs without differences (${((100 * equal) / pairs).toFixed(1)} %)\n`
    )
    expect(pairs).toBeGreaterThan(200)
    expect(equal / pairs).toBeGreaterThan(0.75)
    expect(timesAlone).toBe(0)
  })

  it("a run is equal to itself to the moment", () => {
    for (const scenario of scenarioNames) {
      const { differences, apart } = compareHistories(history(`${scenario}.1`), history(`${scenario}.1`), {
        tolerance: { time: 0, wait: 0, backOff: 0 }
      })
      expect(differences).toEqual([])
      expect(apart?.max ?? 0).toBe(0)
    }
  })

  it("swapping the sides swaps the answer", () => {
    const mirrored = (difference: Difference) => {
      const { left, right, leftAt, rightAt, kind } = difference
      return {
        kind: kind === "OnlyLeft" ? "OnlyRight" : kind === "OnlyRight" ? "OnlyLeft" : kind,
        left: right,
        right: left,
        leftAt: rightAt,
        rightAt: leftAt
      }
    }
    const plain = ({ kind, left, right, leftAt, rightAt }: Difference) => ({ kind, left, right, leftAt, rightAt })
    for (const scenario of scenarioNames) {
      const [a, b] = [history(`${scenario}.1`), history(`${scenario}.3`)]
      expect(compareHistories(b, a).differences.map(plain)).toEqual(compareHistories(a, b).differences.map(mirrored))
    }
  })
})

describe("what is said", () => {
  it("names what was made plain, what is tolerated, what was left out", () => {
    const said = renderComparison(compare(recording("trap-term.1"), recording("trap-term.2")))
    expect(said.split("\n")[0]).toMatch(
      /^equal within the tolerance \(1 object, 9 states, 5 Events compared, moments at most 0\.546 s apart\)$/
    )
    expect(said).toContain("Made plain before comparing: uids, addresses, container ids, generated names, durations")
    expect(said).toContain(
      "Tolerated: times by 2 s and 2 % of the wait since the last common state; back-offs by 2 s and 40 %"
    )
    expect(said).toContain("Not compared: Lease, Namespace, Node, Service.")
  })

  it("a gap on either side is shown and takes the word `equal` back", () => {
    const gap: ClusterEvent = { _tag: "Gap", cause: "closed", detail: "connection reset" }
    const said = renderComparison(compare([...recording("trap-term.1"), gap], recording("trap-term.2")))
    expect(said).toMatch(/^no difference where both were observed/)
    expect(said).toContain("==== GAP in left, at an unknown time: not observed from here (closed): connection reset")
  })

  it("a gap that began and ended is one gap", () => {
    const gap: ClusterEvent = { _tag: "Gap", cause: "closed", detail: "cut", resource: "pods" }
    const found = { created: [], changed: [], vanished: [] }
    const said = renderComparison(
      compare(
        [...recording("trap-term.1"), gap, { ...gap, to: { resourceVersion: "9" }, found }],
        recording("trap-term.2")
      )
    )
    expect(said.match(/GAP/g)?.length).toBe(1)
    expect(said).toContain("pods not observed until here (closed): cut; nothing was found changed")
  })

  it("histories without times are compared by order alone", () => {
    const timeless = (name: string) => recording(name).map(({ observed: _, ...event }) => event as ClusterEvent)
    const comparison = compare(timeless("trap-term.1"), timeless("trap-term.2"))
    expect(comparison.differences).toEqual([])
    expect(comparison.apart).toBeUndefined()
  })
})
