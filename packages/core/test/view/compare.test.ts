/** Two histories compared: real runs of one scenario, planted differences, both sides alike. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type ClusterEvent,
  type Comparison,
  compare,
  compareHistories,
  type Difference,
  type History,
  historyOf,
  type JsonObject,
  renderComparison,
  SECOND
} from "../../src/index.ts"
import { eventOf, linesOf, recording, scenarioNames, untilOf } from "./recordings.ts"

type Mutable = { [key: string]: any }

const clone = (line: JsonObject): Mutable => structuredClone(line) as Mutable
const words = ({ differences }: Comparison): ReadonlyArray<string> => differences.map(({ kind, left, right }) => `${kind}: ${left} | ${right}`)
const isPodVersion = (line: JsonObject): boolean => (line["object"] as JsonObject | undefined)?.["kind"] === "Pod"

describe("two real runs of one scenario", () => {
  const histories = new Map<string, History>()
  const history = (name: string): History => {
    const known = histories.get(name) ?? historyOf(recording(name))
    histories.set(name, known)
    return known
  }

  it.each(["run-forever", "trap-term", "crash-loop", "force-delete", "readiness-flips", "deployment-scale", "kubelet-restart"])(
    "%s: nothing differs but times within the tolerance",
    (scenario) => {
      expect(words(compareHistories(history(`${scenario}.1`), history(`${scenario}.2`)))).toEqual([])
      expect(words(compareHistories(history(`${scenario}.1`), history(`${scenario}.2`), { until: untilOf(scenario) }))).toEqual([])
    }
  )

  it("crash-loop: a restart that one run saw just before its end is not counted, and is shown", () => {
    const { beyondEnd } = compareHistories(history("crash-loop.1"), history("crash-loop.2"))
    expect(beyondEnd.map(({ kind, right }) => `${kind}: ${right}`)).toEqual([
      "OnlyRight: main running, restart 6, main ready   Ready True",
      "OnlyRight: main terminated (Error, exit 1)   Ready False ContainersNotReady"
    ])
  })

  it("differs in no more than a quarter of all pairs, and never in times alone", () => {
    let [pairs, equal, timesAlone] = [0, 0, 0]
    for (const scenario of scenarioNames) {
      for (const [i, j] of [[1, 2], [1, 3], [2, 3]] as const) {
        const { differences } = compareHistories(history(`${scenario}.${i}`), history(`${scenario}.${j}`))
        pairs++
        if (differences.length === 0) equal++
        else if (differences.every(({ kind }) => kind === "Time")) timesAlone++
      }
    }
    console.log(`${equal} of ${pairs} pairs of real runs without differences (${((100 * equal) / pairs).toFixed(1)} %)`)
    expect(pairs).toBeGreaterThan(200)
    expect(equal / pairs).toBeGreaterThan(0.75)
    expect(timesAlone).toBe(0)
  })

  it("a run is equal to itself to the moment", () => {
    for (const scenario of scenarioNames) {
      const { differences, apart } = compareHistories(history(`${scenario}.1`), history(`${scenario}.1`), { tolerance: { time: 0, wait: 0, backOff: 0 } })
      expect(differences).toEqual([])
      expect(apart?.max ?? 0).toBe(0)
    }
  })

  it("swapping the sides swaps the answer", () => {
    const mirrored = (difference: Difference) => {
      const { left, right, leftAt, rightAt, kind } = difference
      return { kind: kind === "OnlyLeft" ? "OnlyRight" : kind === "OnlyRight" ? "OnlyLeft" : kind, left: right, right: left, leftAt: rightAt, rightAt: leftAt }
    }
    const plain = ({ kind, left, right, leftAt, rightAt }: Difference) => ({ kind, left, right, leftAt, rightAt })
    for (const scenario of scenarioNames) {
      const [a, b] = [history(`${scenario}.1`), history(`${scenario}.3`)]
      expect(compareHistories(b, a).differences.map(plain)).toEqual(compareHistories(a, b).differences.map(mirrored))
    }
  })
})

const first = (object: Mutable, list: string): Mutable | undefined => object["status"]?.[list]?.[0]
/** Each changes one field of a pod's shape, or answers `false` where the version has no such field. */
const mutations: { readonly [name: string]: (pod: Mutable) => boolean } = {
  phase: (pod) => ((pod["status"].phase = pod["status"].phase === "Running" ? "Unknown" : "Running"), true),
  reason: (pod) => ((pod["status"].reason = `${pod["status"].reason ?? ""}Evicted`), true),
  message: (pod) => ((pod["status"].message = `${pod["status"].message ?? ""}The node was low on memory`), true),
  qosClass: (pod) => ((pod["status"].qosClass = pod["status"].qosClass === "Burstable" ? "Guaranteed" : "Burstable"), true),
  grace: (pod) => {
    pod["metadata"].deletionTimestamp ??= "2026-01-01T00:00:00Z"
    pod["metadata"].deletionGracePeriodSeconds = (pod["metadata"].deletionGracePeriodSeconds ?? 0) + 7
    return true
  },
  podIP: (pod) => pod["status"].podIP !== undefined && delete pod["status"].podIP,
  startTime: (pod) => pod["status"].startTime !== undefined && delete pod["status"].startTime,
  nodeName: (pod) => pod["spec"].nodeName !== undefined && delete pod["spec"].nodeName,
  conditionStatus: (pod) => {
    const condition = first(pod, "conditions")
    if (condition) condition["status"] = condition["status"] === "True" ? "False" : "True"
    return condition !== undefined
  },
  conditionReason: (pod) => {
    const condition = first(pod, "conditions")
    if (condition) condition["reason"] = `${condition["reason"] ?? ""}Other`
    return condition !== undefined
  },
  conditionMessage: (pod) => {
    const condition = first(pod, "conditions")
    if (condition) condition["message"] = `${condition["message"] ?? ""} other`
    return condition !== undefined
  },
  conditionGone: (pod) => pod["status"].conditions?.shift() !== undefined,
  ...Object.fromEntries(
    ["ready", "started"].map((field) => [
      field,
      (pod: Mutable) => {
        const status = first(pod, "containerStatuses")
        if (status) status[field] = status[field] !== true
        return status !== undefined
      }
    ])
  ),
  restartCount: (pod) => {
    const status = first(pod, "containerStatuses")
    if (status) status["restartCount"] += 1
    return status !== undefined
  },
  image: (pod) => {
    const status = first(pod, "containerStatuses")
    if (status) status["image"] += "-other"
    return status !== undefined
  },
  state: (pod) => {
    const status = first(pod, "containerStatuses")
    if (status) status["state"] = status["state"].waiting ? { running: {} } : { waiting: { reason: "Other" } }
    return status !== undefined
  },
  stateReason: (pod) => {
    const state = first(pod, "containerStatuses")?.["state"]
    const part = state?.terminated ?? state?.waiting
    if (part) part.reason = `${part.reason}Other`
    return part !== undefined
  },
  exitCode: (pod) => {
    const terminated = first(pod, "containerStatuses")?.["state"]?.terminated
    if (terminated) terminated.exitCode += 1
    return terminated !== undefined
  },
  lastExitCode: (pod) => {
    const terminated = first(pod, "containerStatuses")?.["lastState"]?.terminated
    if (terminated) terminated.exitCode += 1
    return terminated !== undefined
  },
  statusGone: (pod) => pod["status"].containerStatuses?.shift() !== undefined
}

describe("a planted difference", () => {
  const names = ["crash-loop.1", "trap-term.2", "two-never-mixed.1", "init-two.1", "readiness-flips.1", "deployment-scale.1", "active-deadline.1"]
  const recordings = new Map(names.map((name) => [name, linesOf(name)]))

  it("in any one field of any version of a pod is found, from both sides", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.constantFrom(...Object.keys(mutations)), (name, place, mutation) => {
        const lines = recordings.get(name) ?? []
        const versions = lines.flatMap((line, i) => (isPodVersion(line) && line["type"] !== "DELETED" ? [i] : []))
        const chosen = versions[place % versions.length] ?? 0
        const planted = lines.map((line, i) => (i === chosen ? clone(line) : line))
        fc.pre(mutations[mutation]?.(planted[chosen]?.["object"] as Mutable) === true)
        const [a, b] = [lines.map(eventOf), planted.map(eventOf as (line: unknown) => ClusterEvent)]
        expect(compare(a, b).differences.length, mutation).toBeGreaterThan(0)
        expect(compare(b, a).differences.length, mutation).toBe(compare(a, b).differences.length)
      }),
      { numRuns: 250, seed: 7 }
    )
  })

  const changed = (name: string, change: (lines: Array<Mutable>) => void): Comparison => {
    const lines = linesOf(name)
    const planted = lines.map(clone)
    change(planted)
    return compare(lines.map(eventOf), planted.map(eventOf as (line: unknown) => ClusterEvent))
  }
  it("in an exit code is said in Kubernetes' words, once", () => {
    const comparison = changed("fail-never.1", (lines) => {
      for (const line of lines) {
        const terminated = line["object"]?.status?.containerStatuses?.[0]?.state?.terminated
        if (terminated) terminated.exitCode = 2
      }
    })
    expect(words(comparison)).toEqual(["Changed: main terminated (Error, exit 3) | main terminated (Error, exit 2)"])
  })

  it("is a state that never came", () => {
    const comparison = changed("trap-term.1", (lines) => lines.splice(lines.findIndex((line) => line["type"] === "DELETED" && line["object"].kind === "Pod"), 1))
    expect(words(comparison)).toEqual(["OnlyLeft: gone | undefined"])
  })

  it("is a termination that came ten seconds late", () => {
    const comparison = changed("trap-term.1", (lines) => {
      for (const line of lines) {
        if (line["object"]?.kind !== "Pod" || line["object"].status.phase !== "Succeeded") continue
        line["observedAt"] = line["observedAt"].replace(/:(\d\d)\./, (_: string, second: string) => `:${String(Number(second) + 10).padStart(2, "0")}.`)
      }
    })
    expect(comparison.differences.map(({ kind }) => kind)).toEqual(["Time"])
    expect(renderComparison(comparison)).toMatch(/main terminated \(Completed, exit 0\).*: 10\.000 s later in right \(after 2\.\d+ s in left, 12\.\d+ s in right/)
  })

  it("is an Event that is missing, one with other words, and one that came too often", () => {
    const comparison = changed("crash-loop.1", (lines) => {
      for (const line of [...lines]) {
        if (line["object"]?.kind !== "Event") continue
        if (line["object"].reason === "Scheduled") lines.splice(lines.indexOf(line), 1)
        if (line["object"].reason === "Created") line["object"].message = "Created container main"
        if (line["object"].reason === "Started") line["object"].count += 20
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
      for (const line of lines) if (line["object"]?.kind === "Pod") line["object"].spec.containers[0].imagePullPolicy = "Always"
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

describe("what is said", () => {
  it("names what was made plain, what is tolerated, what was left out", () => {
    const said = renderComparison(compare(recording("trap-term.1"), recording("trap-term.2")))
    expect(said.split("\n")[0]).toMatch(/^equal within the tolerance \(1 object, 9 states, 5 Events compared, moments at most 0\.546 s apart\)$/)
    expect(said).toContain("Made plain before comparing: uids, addresses, container ids, generated names, durations")
    expect(said).toContain("Tolerated: times by 2 s and 2 % of the wait since the last common state; back-offs by 2 s and 40 %")
    expect(said).toContain("Not compared: Lease, Namespace, Node, Service.")
  })

  it("a gap on either side is shown and takes the word `equal` back", () => {
    const gap: ClusterEvent = { _tag: "Gap", cause: "closed", detail: "connection reset" }
    const said = renderComparison(compare([...recording("trap-term.1"), gap], recording("trap-term.2")))
    expect(said).toMatch(/^no difference where both were observed/)
    expect(said).toContain("==== GAP in left, at an unknown time: not observed from here (closed): connection reset")
  })

  it("histories without times are compared by order alone", () => {
    const timeless = (name: string) => recording(name).map(({ observed: _, ...event }) => event as ClusterEvent)
    const comparison = compare(timeless("trap-term.1"), timeless("trap-term.2"))
    expect(comparison.differences).toEqual([])
    expect(comparison.apart).toBeUndefined()
  })
})
