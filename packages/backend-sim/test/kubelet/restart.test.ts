/** What a kubelet that stops, starts, or loses its machine forgets, and what it finds again. */
import { describe, expect, it } from "vitest"
import { containerState, podEvents, podManifest, podMoments, simulate, when } from "../given.ts"
import { signals } from "../podFacts.ts"

const apply = (manifest: object) => ({ at: "0s", apply: manifest })
const node = (at: string, what: object) => ({ at, node: { name: "n-1", ...what } })
const deletePod = (at: string, more: object = {}) => ({ at, delete: { kind: "Pod", name: "p", ...more } })
const pod = (spec: object = {}) => podManifest("p", ["main"], spec)
const restarts = (facts: ReturnType<typeof simulate>) =>
  podMoments(facts).at(-1)?.pod.status.containerStatuses?.[0]?.restartCount

describe("a kubelet restarts on a node that has changed so that it would not take its pod any more", () => {
  const facts = simulate({
    nodes: [{ name: "n-1", labels: { disk: "ssd" } }],
    runs: { main: [{ onTerm: "ignore" }] },
    steps: [
      apply(pod({ nodeSelector: { disk: "ssd" } })),
      {
        at: "5s",
        patch: { kind: "Node", name: "n-1", type: "merge", patch: { metadata: { labels: { disk: null } } } }
      },
      node("10s", { kubelet: "restart" })
    ],
    until: "1m"
  })
  const told = podMoments(facts)
    .filter(({ seconds }) => seconds > 10)
    .map(({ pod: { status } }) =>
      `${status.phase} ${status.containerStatuses?.length ?? 0} ${status.reason ?? ""}`.trim()
    )

  it("K-301, K-226: it refuses the pod, and says that it has failed when nothing of it runs any more", () => {
    expect(told).toEqual(["Running 0", "Running 1", "Failed 1 NodeAffinity"])
    expect(podMoments(facts).at(-1)?.pod.status.message).toBe(
      "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
    )
  })

  it("K-024: its containers are nobody's: housekeeping ends them two seconds after the start, with a second's grace", () => {
    const [term, kill] = signals(facts)
    expect([term?.signal, kill?.signal]).toEqual([15, 9])
    expect((kill?.seconds ?? 0) - (term?.seconds ?? 0)).toBeCloseTo(2, 0)
    expect(podEvents(facts).slice(-3)).toEqual(["NodeAffinity x1", "FailedMount x3", "Killing x1"])
  })

  it("a pod that never ran is said to have failed at the next look at all statuses", () => {
    const waiting = simulate({
      nodes: [{ name: "n-1", labels: { disk: "ssd" } }],
      steps: [
        node("0s", { kubelet: "stop" }),
        apply(pod({ nodeName: "n-1", nodeSelector: { disk: "hdd" } })),
        node("10s", { kubelet: "start" })
      ],
      until: "1m"
    })
    const last = podMoments(waiting).at(-1)
    expect(last?.pod.status).toMatchObject({ phase: "Failed", reason: "NodeAffinity" })
    expect(last?.seconds).toBeLessThan(24)
  })
})

describe("a kubelet restarts", () => {
  it("under a pod that runs nothing happens: no status, no Event, the same container", () => {
    const facts = simulate({ steps: [apply(pod()), node("100s", { kubelet: "restart" })], until: "200s" })
    const plain = simulate({ steps: [apply(pod())], until: "200s" })
    expect(podMoments(facts)).toEqual(podMoments(plain))
    expect(podEvents(facts)).toEqual(podEvents(plain))
  })

  it("K-041, T-03: the crash back-off and its reason are forgotten: the container starts again at once", () => {
    const crash = { main: [{ exitAfter: "0s", exitCode: 1 }] }
    const start = { runs: crash, steps: [apply(pod())], until: "80s" }
    const waits = when(podMoments(simulate(start)), ({ status }) => status.containerStatuses?.[0]?.restartCount === 2)
    expect(waits.seconds).toBeGreaterThan(11)
    const facts = simulate({ ...start, steps: [...start.steps, node("8s", { kubelet: "restart" })] })
    const again = when(podMoments(facts), ({ status }) => status.containerStatuses?.[0]?.restartCount === 2)
    // A second for its node, a moment for the volumes.
    expect(again.seconds).toBeGreaterThan(9.2)
    expect(again.seconds).toBeLessThan(10.9)
  })

  it("K-001: it hears of its pods a second after its start, with the first look at its node having failed", () => {
    const facts = simulate({
      runs: { main: [{ onTerm: { exitAfter: "0s", exitCode: 0 } }] },
      steps: [apply(pod()), node("10s", { kubelet: "stop" }), deletePod("20s"), node("30s", { kubelet: "start" })],
      until: "40s"
    })
    const observed = when(podMoments(facts), ({ status }) => status.observedGeneration === 2)
    expect(observed.seconds).toBeGreaterThan(31.2)
    expect(observed.seconds).toBeLessThan(31.5)
    expect(podMoments(facts).at(-1)?.change).toBe("DELETED")
  })

  it("a pod that it finds terminating has volumes that it cannot mount again, until its containers are gone", () => {
    const facts = simulate({
      steps: [
        apply(pod({ terminationGracePeriodSeconds: 5 })),
        node("10s", { kubelet: "stop" }),
        deletePod("20s"),
        node("30s", { kubelet: "start" })
      ],
      until: "50s"
    })
    expect(podEvents(facts).slice(-2)).toEqual(["Killing x1", "FailedMount x4"])
    expect(podMoments(facts).at(-1)?.change).toBe("DELETED")
  })

  it("K-141: a stop that it had begun is not finished by the runtime: the grace period begins anew, TERM is not sent twice", () => {
    const facts = simulate({
      steps: [apply(pod({ terminationGracePeriodSeconds: 10 })), deletePod("10s"), node("15s", { kubelet: "restart" })],
      until: "40s"
    })
    const gone = when(podMoments(facts), (seen) => containerState(seen) === "terminated")
    expect(gone.seconds).toBeGreaterThan(26.2)
    expect(gone.seconds).toBeLessThan(28)
    const signals = facts.flatMap((fact) =>
      fact._tag === "PodFact" && fact.event._tag === "SignalSent" ? [fact.event.signal] : []
    )
    expect(signals).toEqual([15, 9])
  })

  it("K-022: a pod that had ended before is cleaned up, and ends no second time", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "1s", exitCode: 0 }] },
      steps: [apply(pod({ restartPolicy: "Never" })), node("10s", { kubelet: "restart" }), deletePod("20s")],
      until: "30s"
    })
    const moments = podMoments(facts)
    const ended = when(moments, ({ status }) => status.phase === "Succeeded").pod.status
    // Its cgroup is gone, and with it what was known of its limits.
    const found = moments.filter(({ seconds }) => seconds > 10 && seconds < 20).map(({ pod: { status } }) => status)
    expect(found).toEqual([{ ...ended, resources: {} }])
    expect(moments.at(-1)?.change).toBe("DELETED")
    expect(podEvents(facts).filter((event) => event.startsWith("Killing"))).toEqual([])
  })
})

describe("Events of a restarted kubelet", () => {
  it("K-326: are counted from 1 on objects of their own: it knows nothing of those that it wrote before", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "20s", exitCode: 1 }] },
      steps: [apply(pod()), node("10s", { kubelet: "restart" })],
      until: "26s"
    })
    const started = podEvents(facts).filter((event) => event.startsWith("Started"))
    expect(started).toEqual(["Started x1", "Started x1"])
    const undisturbed = simulate({
      runs: { main: [{ exitAfter: "20s", exitCode: 1 }] },
      steps: [apply(pod())],
      until: "26s"
    })
    expect(podEvents(undisturbed).filter((event) => event.startsWith("Started"))).toEqual(["Started x2"])
  })
})

describe("a kubelet is away", () => {
  it("its containers run on and their ends are found later", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "15s", exitCode: 3 }, {}] },
      steps: [apply(pod()), node("10s", { kubelet: "stop" }), node("30s", { kubelet: "start" })],
      until: "40s"
    })
    const seen = podMoments(facts).filter(({ seconds }) => seconds > 10)
    expect(seen.map((moment) => containerState(moment.pod))).toEqual(["terminated", "running"])
    expect(restarts(facts)).toBe(1)
    expect(seen[0]?.seconds).toBeGreaterThan(31)
  })

  it("K-024: a pod whose object went away meanwhile is killed at the first housekeeping, with a second's grace", () => {
    const facts = simulate({
      steps: [
        apply(pod()),
        node("10s", { kubelet: "stop" }),
        deletePod("20s", { gracePeriodSeconds: 0 }),
        node("30s", { kubelet: "start" })
      ],
      until: "50s"
    })
    const exits = facts.flatMap((fact) =>
      fact._tag === "PodFact" && fact.event._tag === "ProcessExited" ? [((fact.observed ?? 0) / 1_000_000) % 60] : []
    )
    expect(exits).toHaveLength(1)
    expect(exits[0]).toBeGreaterThan(33)
    expect(exits[0]).toBeLessThan(35)
    expect(podEvents(facts).at(-1)).toBe("Killing x1")
  })

  it("what it was told to do twice it does once: it starts when it is stopped, and stops when it runs", () => {
    const steps = [node("5s", { kubelet: "stop" }), node("6s", { kubelet: "stop" }), node("7s", { kubelet: "start" })]
    const facts = simulate({
      steps: [apply(pod()), ...steps, node("7.1s", { kubelet: "start" })],
      until: "30s"
    })
    expect(podMoments(facts).at(-1)?.pod.status.phase).toBe("Running")
    expect(restarts(facts)).toBe(0)
  })
})

describe("a machine loses its power", () => {
  it("what ran is found dead of an unknown cause, in a new sandbox it starts anew", () => {
    const facts = simulate({
      steps: [apply(pod()), node("10s", { power: "off" }), node("20s", { power: "on" })],
      until: "90s"
    })
    const status = podMoments(facts).at(-1)?.pod.status.containerStatuses?.[0]
    expect(status?.restartCount).toBe(1)
    expect(status?.lastState?.terminated).toMatchObject({ exitCode: 255, reason: "Unknown" })
    expect(podEvents(facts)).toContain("SandboxChanged x1")
  })

  it("a container that would have ended meanwhile has not: its clock died with it", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "12s", exitCode: 4 }] },
      steps: [apply(pod({ restartPolicy: "Never" })), node("5s", { power: "off" }), node("30s", { power: "on" })],
      until: "90s"
    })
    const last = podMoments(facts).at(-1)?.pod.status
    expect(last?.phase).toBe("Failed")
    expect(last?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 255, reason: "Unknown" })
  })
})
