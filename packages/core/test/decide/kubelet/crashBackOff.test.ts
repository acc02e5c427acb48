import { describe, expect, it } from "vitest"
import { type BackOffEntry, crashBackOff, crashBackOffLimits } from "../../../src/decide/kubelet/crashBackOff.ts"
import { SECOND } from "../../../src/event/Instant.ts"
import { at } from "./given.ts"

/** The waits of a container that dies at once and is tried again as soon as it may. */
const waits = (count: number): ReadonlyArray<number> => {
  const seen: Array<number> = []
  let entry: BackOffEntry | undefined
  let now = at(0)
  for (let died = now; seen.length < count; died = now) {
    let decision = crashBackOff(entry, died, now)
    if (decision._tag === "BackOff") {
      now = decision.expires
      decision = crashBackOff(entry, died, now)
    }
    if (decision._tag !== "Start") throw new Error("still waiting when the back-off is over")
    entry = decision.entry
    seen.push((now - died) / SECOND)
  }
  return seen
}

describe("crash back-off", () => {
  it("K-101, S-093, S-094, S-095, S-097: delays 0, 10, 20, 40, 80, 160, 300, 300 seconds after the exit", () => {
    expect(waits(8)).toEqual([0, 10, 20, 40, 80, 160, 300, 300])
  })

  it("K-100: a container that never exited starts without bookkeeping", () => {
    expect(crashBackOff(undefined, undefined, at(5))).toEqual({ _tag: "Start", entry: undefined })
  })

  it("K-100: the wait is counted from the end of the newest exited instance, not from the decision", () => {
    const entry = { backOff: 10 * SECOND, lastUpdate: at(0) }
    expect(crashBackOff(entry, at(5), at(8))).toEqual({ _tag: "BackOff", backOff: 10 * SECOND, expires: at(15) })
    expect(crashBackOff(entry, at(5), at(15))._tag).toBe("Start")
  })

  it("T-06, S-096, S-106: after 600 seconds of running it begins anew, however long the back-off was", () => {
    const entry = { backOff: 300 * SECOND, lastUpdate: at(0) }
    expect(crashBackOff(entry, at(601), at(601))).toEqual({
      _tag: "Start",
      entry: { backOff: 10 * SECOND, lastUpdate: at(601) }
    })
    expect(crashBackOff(entry, at(599), at(599))._tag).toBe("BackOff")
  })

  it("X-12, section 3.1: maxContainerRestartPeriod caps the delay, the first one included; the reset stays at 600 seconds", () => {
    const limits = crashBackOffLimits(4 * SECOND)
    const first = crashBackOff(undefined, at(0), at(0), limits)
    expect(first).toEqual({ _tag: "Start", entry: { backOff: 4 * SECOND, lastUpdate: at(0) } })
    const next = crashBackOff({ backOff: 4 * SECOND, lastUpdate: at(0) }, at(1), at(5), limits)
    expect(next).toEqual({ _tag: "Start", entry: { backOff: 4 * SECOND, lastUpdate: at(5) } })
    const old = { backOff: 20 * SECOND, lastUpdate: at(0) }
    expect(crashBackOff(old, at(590), at(591), crashBackOffLimits(30 * SECOND))._tag).toBe("BackOff")
  })
})
