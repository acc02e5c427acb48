/** Ends of pods at odd moments, on a node that takes no time: what is left is what the rules say. */
import type { PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Cluster } from "../../src/Cluster.ts"
import { containerState, podMoments, scenario, simulate, timedEvents } from "../given.ts"

const nodes = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]
const pod = (spec: object = {}, container: object = {}) => ({
  at: "0s",
  apply: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: {
      terminationGracePeriodSeconds: 10,
      ...spec,
      containers: [{ name: "main", image: "busybox:1", ...container }]
    }
  }
})
const deletePod = (at: string, more: object = {}) => ({ at, delete: { kind: "Pod", name: "p", ...more } })
const exits = (facts: ReturnType<typeof simulate>) =>
  facts.flatMap((fact) =>
    fact._tag === "PodFact" && fact.event._tag === "ProcessExited"
      ? [`${Math.round((Number(fact.observed) / 1_000_000) % 60)}s ${fact.event.exitCode}`]
      : []
  )
const last = (facts: ReturnType<typeof simulate>) => podMoments(facts).at(-1)
const terminated = (shown: PodObject | undefined) => shown?.status.containerStatuses?.[0]?.state?.terminated

describe("a pod is deleted", () => {
  const ignoring = (steps: ReadonlyArray<object>, until = "90s") =>
    simulate({ nodes, runs: { main: [{ onTerm: "ignore" }] }, steps: [pod(), ...steps], until })

  it.each<readonly [string, object, string]>([
    ["with its own grace", {}, "15s 137"],
    ["S-246: with another one", { gracePeriodSeconds: 20 }, "25s 137"],
    ["K-246: with a second, of which two are made", { gracePeriodSeconds: 1 }, "7s 137"],
    ["T-37: by force, which is a second, of which two are made", { gracePeriodSeconds: 0 }, "7s 137"]
  ])("%s", (_, options, expected) => {
    expect(exits(ignoring([deletePod("5s", options)]))).toEqual([expected])
  })

  it("C-363: that it is to go is heard by the kubelet, which says so before anything has stopped", () => {
    const moments = podMoments(ignoring([deletePod("5s")])).filter(
      ({ pod: { metadata } }) => metadata.deletionTimestamp
    )
    const said = moments.map(({ pod: { metadata, status } }) => [
      metadata.generation,
      status.observedGeneration,
      status.containerStatuses?.[0]?.state?.running !== undefined
    ])
    expect(said.slice(0, 2)).toEqual([
      [2, 1, true],
      [2, 2, true]
    ])
  })

  it("X-02, T-37, K-241: by force the object goes at once, the process when the node has stopped it", () => {
    const moments = podMoments(ignoring([deletePod("5s", { gracePeriodSeconds: 0 })]))
    expect(moments.slice(-2).map(({ change, seconds }) => [change, Math.round(seconds)])).toEqual([
      ["MODIFIED", 5],
      ["DELETED", 5]
    ])
  })

  it("T-23, K-014: the grace of a second deletion is not that of a stop under way, and no second signal is sent", () => {
    const facts = ignoring([deletePod("5s"), deletePod("8s", { gracePeriodSeconds: 3 })])
    const signals = facts.flatMap((fact) =>
      fact._tag === "PodFact" && fact.event._tag === "SignalSent" ? [fact.event.signal] : []
    )
    expect([exits(facts), signals]).toEqual([["15s 137"], [15, 9]])
    expect(timedEvents(facts).filter((line) => /Killing/.test(line))).toHaveLength(1)
  })

  it("T-22: shows the new generation as observed while everything still runs", () => {
    const seen = podMoments(ignoring([deletePod("5s")])).find(({ pod: shown }) => shown.status.observedGeneration === 2)
    expect([seen?.pod.metadata.generation, containerState(seen?.pod as PodObject)]).toEqual([2, "running"])
    expect(seen?.pod.status.conditions?.map((condition) => condition.observedGeneration)).toEqual([2, 2, 2, 2, 2])
  })

  it("K-232, T-28: while its image cannot be pulled: Failed, of a container that nobody located", () => {
    const facts = simulate({
      nodes,
      images: [{ image: "*", present: false, error: "NotFound" }],
      steps: [pod(), deletePod("5s")],
      until: "60s"
    })
    const end = last(facts)
    expect([end?.change, end?.pod.status.phase, terminated(end?.pod)?.["reason"]]).toEqual([
      "DELETED",
      "Failed",
      "ContainerStatusUnknown"
    ])
    expect(timedEvents(facts).some((line) => /Killing/.test(line))).toBe(false)
  })

  it("K-254: before its volumes are there: nothing is started", () => {
    const slow = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "rig" }]
    const facts = simulate({ nodes: slow, steps: [pod(), deletePod("0.2s")], until: "60s" })
    const end = last(facts)
    expect([end?.change, end?.pod.status.phase, terminated(end?.pod)?.["exitCode"]]).toEqual(["DELETED", "Failed", 137])
    expect(timedEvents(facts).some((line) => /Created|Killing/.test(line))).toBe(false)
  })

  it("K-231: with a finalizer it stays, ended and without grace, until that is taken away", () => {
    const held = pod()
    const applied = { ...held, apply: { ...held.apply, metadata: { name: "p", finalizers: ["example.com/hold"] } } }
    const patch = {
      at: "30s",
      patch: { kind: "Pod", name: "p", type: "merge", patch: { metadata: { finalizers: null } } }
    }
    const facts = simulate({ nodes, steps: [applied, deletePod("5s"), patch], until: "60s" })
    const moments = podMoments(facts)
    const end = moments.at(-1)
    expect([end?.change, end?.seconds, end?.pod.status.phase]).toEqual(["DELETED", 30, "Failed"])
    const waiting = moments.filter(({ seconds }) => seconds < 30).at(-1)
    expect(waiting?.pod.metadata.deletionGracePeriodSeconds).toBe(0)
  })
})

describe("a pod outlives its deadline", () => {
  const past = (run: object, container: object = {}, more: ReadonlyArray<object> = []) =>
    simulate({
      nodes,
      runs: { main: [run] },
      steps: [pod({ activeDeadlineSeconds: 8 }, container), ...more],
      until: "60s"
    })

  it("K-273, T-34: it gets its spec's grace, and is told four times, as something normal", () => {
    const facts = past({ onTerm: "ignore" })
    expect(exits(facts)[0]).toMatch(/^(18|19|20)s 137$/)
    const end = last(facts)?.pod.status
    expect([end?.phase, end?.reason]).toEqual(["Failed", "DeadlineExceeded"])
    expect(timedEvents(facts).filter((line) => /DeadlineExceeded/.test(line))).toHaveLength(4)
  })

  it("K-013, K-270: a postStart hook is not cut short by it", () => {
    const hook = { lifecycle: { postStart: { exec: { command: ["warm-up"] } } } }
    const execs = [{ command: ["warm-up"], takes: "20s" }]
    const facts = past({ execs, onTerm: { exitAfter: "0s", exitCode: 0 } }, hook)
    expect(timedEvents(facts).filter((line) => /Killing/.test(line))[0]).toMatch(/^2[0-2] Killing main Stopping/)
  })

  it("K-242: a deletion meanwhile gives it less, but not to a stop under way", () => {
    const facts = past({ onTerm: "ignore" }, {}, [deletePod("12s", { gracePeriodSeconds: 2 })])
    expect(exits(facts)[0]).toMatch(/^(18|19|20)s 137$/)
  })

  it("K-244: the preStop hook runs within its grace", () => {
    const hook = { lifecycle: { preStop: { sleep: { seconds: 4 } } } }
    expect(exits(past({ onTerm: { exitAfter: "0s", exitCode: 0 } }, hook))[0]).toMatch(/^1[2-4]s 0$/)
  })
})

describe("a command is executed", () => {
  const run = { exitAfter: "30s", execs: [{ command: ["check"], exitCode: 3 }] }
  const exec = (name: string, more: object = {}) => ({ at: "0s", exec: { pod: name, command: ["check"], ...more } })
  const answer = (at: number, step: object) => {
    const made = scenario({
      nodes,
      runs: { main: [run] },
      steps: [pod({ restartPolicy: "Never" }), step],
      until: "60s"
    })
    const cluster = new Cluster(made)
    const [apply, execute] = made.steps
    if (apply === undefined || execute === undefined) throw new Error("two steps")
    cluster.submit(apply.intention)
    cluster.run((made.start + at * 1_000_000) as typeof made.start, Number.POSITIVE_INFINITY)
    const [given] = cluster.submit(execute.intention) ?? []
    return `${given?.status} ${given?.body["message"]}`
  }

  it("S-167: in a container that runs, and the answer is how it ended", () => {
    expect(answer(5, exec("p"))).toBe(
      "200 command terminated with non-zero exit code: error executing command [check], exit code 3"
    )
    expect(answer(5, exec("p", { command: ["other"], container: "main" }))).toBe("200 undefined")
  })

  it("and nowhere else", () => {
    expect(answer(5, exec("q"))).toBe('404 pods "q" not found')
    expect(answer(5, exec("p", { container: "c" }))).toBe("400 container c is not valid for pod p")
    expect(answer(40, exec("p"))).toBe('500 unable to upgrade connection: container not found ("main")')
  })
})

describe("what users of Kubernetes are told", () => {
  it("S-254: who needs ten seconds for TERM is killed by a shorter grace period and ends by itself in a longer one", () => {
    const run = { main: [{ onTerm: { exitAfter: "10s", exitCode: 0 } }] }
    const ended = (terminationGracePeriodSeconds: number) => {
      const steps = [pod({ terminationGracePeriodSeconds }), deletePod("5s")]
      const shown = last(simulate({ nodes, runs: run, steps, until: "60s" }))?.pod
      return [terminated(shown)?.["exitCode"], shown?.status.phase]
    }
    expect([ended(5), ended(9), ended(20)]).toEqual([
      [137, "Failed"],
      [137, "Failed"],
      [0, "Succeeded"]
    ])
  })

  it("S-257: a node that cannot be reached confirms no end: its pod stays, marked for deletion, until the node is back", () => {
    const network = (at: string, how: string) => ({ at, node: { name: "n-1", network: how } })
    const shownAfter = (...more: ReadonlyArray<object>) =>
      last(
        simulate({
          nodes,
          runs: { main: [{ onTerm: { exitAfter: "0s", exitCode: 0 } }] },
          steps: [pod(), network("10s", "cut"), deletePod("20s"), ...more],
          until: "600s"
        })
      )
    const lost = shownAfter()
    expect([lost?.change, lost?.pod.status.phase]).toEqual(["MODIFIED", "Running"])
    expect(lost?.pod.metadata.deletionTimestamp).toBe("2026-01-01T00:00:30Z")
    const back = shownAfter(network("300s", "heal"))
    expect(back?.change).toBe("DELETED")
    expect(back?.seconds).toBeGreaterThan(300)
  })
})
