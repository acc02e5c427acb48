/** A node whose kubelet cannot reach the API server: what it does nobody sees, what is asked of it it does not hear. */
import { describe, expect, it } from "vitest"
import { containerState, podEvents, podManifest, podMoments, simulate, when } from "../given.ts"

const node = (at: string, what: object) => ({ at, node: { name: "n-1", ...what } })

describe("the network is cut", () => {
  const steps = [
    { at: "0s", apply: podManifest("p", ["main"]) },
    node("10s", { network: "cut" }),
    node("50s", { network: "heal" })
  ]
  const runs = { main: [{ exitAfter: "20s", exitCode: 1 }, {}] }
  const facts = simulate({ runs, steps, until: "150s" })

  it("K-224: a restart meanwhile is written when it has healed, at the next look at all statuses", () => {
    expect(podMoments(facts).filter(({ seconds }) => seconds > 10 && seconds < 50)).toEqual([])
    const restarted = when(podMoments(facts), ({ status }) => status.containerStatuses?.[0]?.restartCount === 1)
    expect(restarted.seconds).toBeLessThan(61)
    expect(containerState(restarted.pod)).toBe("running")
  })

  it("K-222: the write of a status that waits for a connection is done as soon as there is one", () => {
    const early = steps.map((step) => (step.at === "50s" ? { ...step, at: "45s" } : step))
    const restarted = when(
      podMoments(simulate({ runs, steps: early, until: "60s" })),
      ({ status }) => status.containerStatuses?.[0]?.restartCount === 1
    )
    expect(restarted.seconds).toBeGreaterThan(45)
    expect(restarted.seconds).toBeLessThan(47)
  })

  it("its Events are kept and written afterwards", () => {
    expect(podEvents(facts)).toEqual(["Scheduled x1", "Pulled x2", "Created x2", "Started x2"])
  })

  const deletedMeanwhile = (at: string, heal: string) =>
    podMoments(
      simulate({
        runs: { main: [{ onTerm: { exitAfter: "0s", exitCode: 0 } }] },
        steps: [
          { at: "0s", apply: podManifest("p", ["main"]) },
          node("10s", { network: "cut" }),
          { at, delete: { kind: "Pod", name: "p" } },
          node(heal, { network: "heal" })
        ],
        until: "250s"
      })
    ).at(-1)

  it.each([50, 60, 70, 105, 140, 180])(
    "K-002: a pod that is deleted meanwhile is ended soon after %d s: the list waited for a connection, or was about to be tried again",
    (heal) => {
      const gone = deletedMeanwhile("30s", `${heal}s`)
      expect(gone?.change).toBe("DELETED")
      expect(gone?.seconds).toBeGreaterThan(heal)
      // A list that waits for a connection for a minute is tried again after ever longer pauses.
      expect(gone?.seconds).toBeLessThan(heal + 3 + (heal > 90 ? 7 : 0))
    }
  )

  it("K-002: a connection that nobody knows to be cut is the same one afterwards: what was lost on it is sent again, after twice as long a wait each time", () => {
    const gone = deletedMeanwhile("12s", "15s")
    expect(gone?.change).toBe("DELETED")
    expect(gone?.seconds).toBeGreaterThan(16)
    expect(gone?.seconds).toBeLessThan(19)
  })
})
