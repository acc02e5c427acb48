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

  it("its Events are kept and written afterwards", () => {
    expect(podEvents(facts)).toEqual(["Scheduled x1", "Pulled x2", "Created x2", "Started x2"])
  })

  it("K-002: a pod that is deleted meanwhile is ended when the kubelet has listed again", () => {
    const late = simulate({
      runs: { main: [{ onTerm: { exitAfter: "0s", exitCode: 0 } }] },
      steps: [...steps, { at: "30s", delete: { kind: "Pod", name: "p" } }].sort(
        (a, b) => Number.parseInt(a.at, 10) - Number.parseInt(b.at, 10)
      ),
      until: "150s"
    })
    const gone = podMoments(late).at(-1)
    expect(gone?.change).toBe("DELETED")
    expect(gone?.seconds).toBeGreaterThan(50)
    expect(gone?.seconds).toBeLessThan(115)
  })
})
