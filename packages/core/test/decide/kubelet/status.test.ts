import { describe, expect, it } from "vitest"
import { type KubernetesRelease, latestRelease, releaseOf } from "../../../src/decide/kubelet/featureGates.ts"
import { generateAPIPodStatus } from "../../../src/decide/kubelet/generateAPIPodStatus.ts"
import { mergePodStatus } from "../../../src/decide/kubelet/mergePodStatus.ts"
import { podResources } from "../../../src/decide/kubelet/podResources.ts"
import type { RuntimePodStatus } from "../../../src/decide/kubelet/RuntimeStatus.ts"
import { terminatePod } from "../../../src/decide/kubelet/terminatePod.ts"
import { completeStatus, sameStatus } from "../../../src/decide/kubelet/updateStatus.ts"
import type { Pod } from "../../../src/state/Pod.ts"
import { at, container, exited, pod, running, runtime, sandbox } from "./given.ts"

const generate = (
  api: Pod,
  status: RuntimePodStatus,
  more: {
    readonly before?: Pod
    readonly now?: number
    readonly terminal?: boolean
    readonly release?: KubernetesRelease | undefined
  } = {}
) => {
  const now = at(more.now ?? 10)
  const view = {
    now,
    runtime: status,
    reasons: new Map(),
    hostIPs: ["10.89.0.1"],
    cgroup: "v1" as const,
    terminal: more.terminal ?? false,
    ...(more.release && { release: more.release })
  }
  const before = more.before ?? api
  return completeStatus(generateAPIPodStatus(api, before, view).pod, before, now)
}
const conditions = (status: Pod) =>
  status.conditions.map((one) => `${one.type}=${one.status}${one.reason === undefined ? "" : ` ${one.reason}`}`)

describe("the status of a pod", () => {
  it("conditions come in the kubelet's order, those of others first", () => {
    const gated = pod({}, { status: { conditions: [{ type: "example.com/gate", status: "True" }] } })
    expect(generate(gated, runtime([running("main")])).conditions.map((one) => one.type)).toEqual([
      "example.com/gate",
      "PodReadyToStartContainers",
      "Initialized",
      "Ready",
      "ContainersReady",
      "PodScheduled"
    ])
  })

  it("S-043: names the containers that are not ready, in the order of the spec", () => {
    const status = generate(pod({ containers: [container("b"), container("a")] }), runtime([]))
    const ready = status.conditions.find((one) => one.type === "Ready")
    expect(ready).toMatchObject({
      status: "False",
      reason: "ContainersNotReady",
      message: "containers with unready status: [b a]"
    })
  })

  it("T-21: a pod that succeeded is Initialized for the reason PodCompleted, one that failed without a reason", () => {
    const never = pod({ restartPolicy: "Never" })
    expect(conditions(generate(never, runtime([exited("main", 0)])))).toContain("Initialized=True PodCompleted")
    expect(conditions(generate(never, runtime([exited("main", 1)])))).toContain("Initialized=True")
    expect(conditions(generate(never, runtime([exited("main", 1)])))).toContain("Ready=False PodFailed")
  })

  it("S-044: readiness gates hold Ready back while all containers are ready", () => {
    const gated = pod({ readinessGates: [{ conditionType: "g" }] })
    const ready = generate(gated, runtime([running("main")])).conditions.find((one) => one.type === "Ready")
    expect(ready).toMatchObject({
      reason: "ReadinessGatesNotReady",
      message: 'corresponding condition of pod readiness gate "g" does not exist.'
    })
  })

  it("K-203: a terminal phase sticks", () => {
    const failed = pod({}, { status: { phase: "Failed", reason: "Evicted" } })
    expect(generate(failed, runtime([running("main")]))).toMatchObject({ phase: "Failed", reason: "Evicted" })
  })

  it("K-204: reason and message stay while the phase does", () => {
    const evicted = pod({}, { status: { phase: "Pending", reason: "Waiting", message: "m" } })
    expect(generate(evicted, runtime([]))).toMatchObject({ phase: "Pending", reason: "Waiting", message: "m" })
    expect(generate(evicted, runtime([running("main")])).reason).toBeUndefined()
  })

  it("K-205, K-270, K-271: past its deadline, counted from startTime, a pod fails", () => {
    const late = pod({ activeDeadlineSeconds: 8 }, { status: { phase: "Running", startTime: "2026-01-01T00:00:00Z" } })
    expect(generate(late, runtime([running("main")]), { now: 7.9 }).phase).toBe("Running")
    expect(generate(late, runtime([running("main")]), { now: 8 })).toMatchObject({
      phase: "Failed",
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline"
    })
  })

  it("K-206, S-047, S-051: a transition time changes with the status of the condition only", () => {
    const first = generate(pod(), runtime([]), { now: 1 })
    const second = generate(pod(), runtime([running("main")]), { before: first, now: 5 })
    const third = generate(pod(), runtime([running("main")]), { before: second, now: 9 })
    const times = (status: Pod) =>
      Object.fromEntries(status.conditions.map((one) => [one.type, one.lastTransitionTime]))
    expect(times(second)).toMatchObject({ Ready: "2026-01-01T00:00:05Z", Initialized: "2026-01-01T00:00:01Z" })
    expect(times(third)).toEqual(times(second))
  })

  it("K-209: the status carries the generation that it was made for, and never an older one", () => {
    const newer = pod({}, { metadata: { name: "p", generation: 3 }, status: { observedGeneration: 5 } })
    expect(generate(newer, runtime([])).observedGeneration).toBe(5)
    expect(
      generate(pod({}, { metadata: { name: "p", generation: 2 } }), runtime([])).conditions[0]?.observedGeneration
    ).toBe(2)
  })

  it("K-210: startTime is the moment of the first status and stays", () => {
    const first = generate(pod(), runtime([]), { now: 1.9 })
    expect(first.startTime).toBe("2026-01-01T00:00:01Z")
    expect(generate(pod(), runtime([]), { before: first, now: 60 }).startTime).toBe("2026-01-01T00:00:01Z")
  })

  it("K-211: addresses remain when the sandbox is gone", () => {
    const up = generate(pod(), runtime([running("main")]))
    expect(up).toMatchObject({ podIP: "10.88.0.2", podIPs: [{ ip: "10.88.0.2" }], hostIP: "10.89.0.1" })
    expect(generate(pod(), runtime([], []), { before: up }).podIP).toBe("10.88.0.2")
  })

  it("K-213, K-375, K-377: resources of the pod; a running one without a memory limit shows what cgroup v1 says", () => {
    const sized = (phase: string) =>
      pod(
        {
          containers: [
            container("a", { resources: { requests: { cpu: "10m" } } }),
            container("b", { resources: { requests: { cpu: "20m" } } })
          ]
        },
        { status: { phase } }
      )
    expect(podResources(sized("Pending"), "v1")).toEqual({ requests: { cpu: "30m" } })
    expect(podResources(sized("Running"), "v1")).toEqual({
      limits: { memory: "9007199254740988Ki" },
      requests: { cpu: "30m" }
    })
  })

  it("K-211: a pod on the node's network has the node's addresses from its first status on", () => {
    const first = generate(pod({ hostNetwork: true }), runtime([], [sandbox({ ips: [] })]))
    expect(first).toMatchObject({ podIP: "10.89.0.1", podIPs: [{ ip: "10.89.0.1" }] })
  })

  it("K-220: times alone do not make another status", () => {
    const first = generate(pod(), runtime([running("main")]), { now: 1 })
    const again = {
      ...first,
      conditions: first.conditions.map((one) => ({ ...one, lastTransitionTime: "2030-01-01T00:00:00Z" }))
    }
    expect(sameStatus(first, again)).toBe(true)
    expect(sameStatus(first, { ...first, phase: "Failed" })).toBe(false)
    expect(sameStatus(first, generate(pod(), runtime([exited("main", 1)]), { before: first }))).toBe(false)
  })
})

describe("what is written over the API's status", () => {
  const api = pod(
    { restartPolicy: "Never" },
    { status: { phase: "Running", conditions: [{ type: "other.io/x", status: "True" }] } }
  )
  const ended = generate(api, runtime([exited("main", 1)]))

  it("K-225: conditions of others are the API's", () => {
    const foreign = { ...ended, conditions: ended.conditions.filter((one) => one.type !== "other.io/x") }
    expect(mergePodStatus(api, foreign, true, at(20)).conditions.map((one) => one.type)).toContain("other.io/x")
  })

  it("K-226, K-227: a terminal phase is held back while a container may run; container states are not", () => {
    expect(mergePodStatus(api, ended, true, at(20))).toMatchObject({
      phase: "Running",
      containers: [{ state: { _tag: "Terminated" } }]
    })
    expect(mergePodStatus(api, ended, false, at(20)).phase).toBe("Failed")
  })

  it("K-228: with a terminal phase nothing is ready", () => {
    const ready = { ...generate(api, runtime([running("main")])), phase: "Failed" }
    expect(conditions(mergePodStatus(api, ready, false, at(20)))).toEqual(
      expect.arrayContaining(["Ready=False PodFailed", "ContainersReady=False PodFailed"])
    )
  })

  it("K-232: at the end what has no known end gets one, and the phase is Failed", () => {
    expect(terminatePod(pod(), generate(pod(), runtime([])))).toMatchObject({
      phase: "Failed",
      containers: [{ state: { _tag: "Terminated", exitCode: 137, reason: "ContainerStatusUnknown" } }]
    })
    expect(terminatePod(pod(), ended)).toMatchObject({ phase: "Failed", containers: [{ state: { exitCode: 1 } }] })
  })
})

describe("the status of a pod in older versions", () => {
  const [v35, v36] = [releaseOf("1.35"), releaseOf("1.36")]
  const initContainers = [container("i")]

  it("K-207: what was initialized is so no longer when its init containers begin anew, before 1.36", () => {
    const before = pod({ initContainers }, { status: { conditions: [{ type: "Initialized", status: "True" }] } })
    const anew = (release: KubernetesRelease | undefined) =>
      conditions(generate(before, runtime([running("i")]), { release })).find((one) => one.startsWith("Initialized"))
    expect(anew(v35)).toBe("Initialized=False ContainersNotInitialized")
    expect(anew(v36)).toBe("Initialized=True")
  })

  it("K-208, K-184: before 1.36 restarts are what the runtime counts, and deaths what it remembers", () => {
    const containerStatuses = [
      {
        ...{ name: "main", ready: false, restartCount: 4, image: "busybox:1", imageID: "" },
        state: { terminated: { exitCode: 7, reason: "Error", startedAt: null, finishedAt: null } }
      }
    ]
    const before = pod({}, { status: { containerStatuses } as never })
    const shown = (release: KubernetesRelease | undefined) => {
      const [status] = generate(before, runtime([running("main", 1)]), { release }).containers
      return [status?.restartCount, status?.lastState?._tag]
    }
    expect(shown(v35)).toEqual([1, "NoState"])
    expect(shown(v36)).toEqual([5, "Terminated"])
  })

  it("K-081: nothing says that all containers restart before RestartAllContainersOnContainerExits", () => {
    const restartPolicyRules = [{ action: "RestartAllContainers", exitCodes: { operator: "In", values: [1] } }]
    const ruled = pod({ containers: [container("main", { restartPolicy: "Never", restartPolicyRules })] })
    const types = (release: KubernetesRelease | undefined) =>
      generate(ruled, runtime([exited("main", 1)]), { release }).conditions.map(({ type }) => type)
    expect(types(v35)).not.toContain("AllContainersRestarting")
    expect(types(v36)).toContain("AllContainersRestarting")
  })

  it("K-055: without PodReadyToStartContainersCondition there is no such condition", () => {
    const gates = { ...latestRelease.gates, PodReadyToStartContainersCondition: false }
    const types = (release: KubernetesRelease) =>
      generate(pod(), runtime([running("main")]), { release }).conditions.map(({ type }) => type)
    expect(types({ ...latestRelease, gates })).not.toContain("PodReadyToStartContainers")
    expect(types(latestRelease)).toContain("PodReadyToStartContainers")
  })
})
