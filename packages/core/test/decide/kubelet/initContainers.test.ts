import { describe, expect, it } from "vitest"
import { computePodActions, type SyncContext } from "../../../src/decide/kubelet/computePodActions.ts"
import type { ProbeResult, ProbeResults, ProbeType } from "../../../src/decide/kubelet/prober/ProbeResults.ts"
import type { RuntimeContainer } from "../../../src/decide/kubelet/RuntimeStatus.ts"
import type { ContainerSpec, PodSpec } from "../../../src/event/KubernetesObject.ts"
import { container, exited, inState, pod, running, runtime, sandbox } from "./given.ts"

const [one, two] = [container("one"), container("two")]
const side = (name: string, more: Partial<ContainerSpec> = {}) => container(name, { restartPolicy: "Always", ...more })

const actionsOf = (spec: Partial<PodSpec>, instances: ReadonlyArray<RuntimeContainer>, context: SyncContext = {}) => {
  const actions = computePodActions(pod(spec), runtime(instances), context)
  return {
    init: actions.initContainersToStart,
    main: actions.containersToStart,
    kill: actions.containersToKill.map(({ message }) => message),
    killPod: actions.killPod
  }
}

const idle = { init: [], main: [], kill: [], killPod: false }

/** What the probes say of the containers of those names. */
const probes = (results: { readonly [key: string]: ProbeResult }): { readonly probes: ProbeResults } => ({
  probes: {
    get: (type: ProbeType, id: string) => results[`${type} ${id.replace(/-\d+$/, "")}`],
    hasWorker: () => true
  }
})

describe("init containers", () => {
  const spec = { initContainers: [one, two] }

  it.each([
    ["K-061, S-114: nothing is known of any: the first one", [], { ...idle, init: [0] }],
    ["the first one runs: nothing", [running("one")], idle],
    ["K-062, S-114: the first one succeeded: the second", [exited("one", 0)], { ...idle, init: [1] }],
    ["K-061: only the last one is known, and it succeeded: the others", [exited("two", 0)], { ...idle, main: [0] }],
    ["K-067: one is stuck as created: it is started again", [inState("one", "created")], { ...idle, init: [0] }],
    ["K-063, S-118: one failed: it is started again", [exited("one", 1)], { ...idle, init: [0] }],
    [
      "K-060, S-120: a regular container runs: nothing, whatever else is known",
      [running("main"), exited("one", 1)],
      idle
    ]
  ] as const)("%s", (_, instances, expected) => {
    expect(actionsOf(spec, instances)).toEqual(expected)
  })

  it("K-060: exited regular containers say nothing about initialization", () => {
    expect(actionsOf(spec, [exited("main", 1)])).toEqual({ ...idle, init: [0] })
  })

  it("K-062: one out of memory has failed even with exit code 0, and then only policy Always starts it again", () => {
    const instances = [exited("one", 0, { reason: "OOMKilled" })]
    expect(actionsOf(spec, instances)).toEqual({ ...idle, init: [0] })
    expect(actionsOf({ ...spec, restartPolicy: "OnFailure" }, instances)).toEqual({ ...idle, killPod: true })
  })

  it("K-063, S-119: one that failed for good ends the pod, unless its own policy or rules start it again", () => {
    const of = (more: Partial<ContainerSpec>) =>
      actionsOf({ initContainers: [container("one", more)], restartPolicy: "Never" }, [exited("one", 3)])
    expect(of({})).toEqual({ ...idle, killPod: true })
    expect(of({ restartPolicy: "OnFailure" })).toEqual({ ...idle, init: [0] })
    const restart = { action: "Restart", exitCodes: { operator: "NotIn", values: [1, 2] } }
    expect(of({ restartPolicy: "Never", restartPolicyRules: [restart] })).toEqual({ ...idle, init: [0] })
  })

  it("one in an unknown state is killed before it is started again", () => {
    const kill = ['Init container is in "unknown" state, try killing it before restart']
    expect(actionsOf(spec, [inState("one", "unknown")])).toEqual({ ...idle, init: [0], kill })
    expect(actionsOf({ ...spec, restartPolicy: "Never" }, [inState("one", "unknown")]).killPod).toBe(true)
  })

  it("K-053, S-121: in a new sandbox they start over", () => {
    const status = runtime([running("main"), exited("two", 0), exited("one", 0)], [sandbox({ ready: false })])
    expect(computePodActions(pod(spec), status)).toMatchObject({
      killPod: true,
      createSandbox: true,
      initContainersToStart: [0],
      containersToStart: []
    })
  })
})

describe("sidecars", () => {
  const spec = { initContainers: [side("a"), side("b")] }
  const probed = { initContainers: [side("a", { startupProbe: {}, livenessProbe: {} })] }

  it.each([
    ["K-065: the first one runs: the second starts", [running("a")], { ...idle, init: [1] }],
    ["K-065: the last one runs: regular containers start", [running("a"), running("b")], { ...idle, main: [0] }],
    ["K-066: one crashed: it starts again", [exited("a", 1), running("b"), running("main")], { ...idle, init: [0] }],
    ["K-066: one is gone: it starts again", [running("b"), running("main")], { ...idle, init: [0] }],
    ["K-066: both exited: both start in their order", [exited("a", 0), exited("b", 0)], { ...idle, init: [0, 1] }],
    ["K-074: the regular ones have ended: all is killed", [running("a"), running("b"), exited("main", 0)], idle]
  ] as const)("%s", (name, instances, expected) => {
    const over = name.startsWith("K-074")
    const policy = over ? { restartPolicy: "Never" } : {}
    expect(actionsOf({ ...spec, ...policy }, instances)).toEqual(over ? { ...idle, killPod: true } : expected)
  })

  it("K-074: a crashed sidecar is not started again when nothing else is left", () => {
    const instances = [exited("a", 1), running("b"), exited("main", 0)]
    expect(actionsOf({ ...spec, restartPolicy: "Never" }, instances)).toEqual({ ...idle, killPod: true })
  })

  it("K-064: with a startup probe it gates the others until that succeeds", () => {
    expect(actionsOf(probed, [running("a")])).toEqual(idle)
    expect(actionsOf(probed, [running("a")], probes({ "startup a": "Unknown" }))).toEqual(idle)
    const started = actionsOf(probed, [running("a")], probes({ "startup a": "Success", "liveness a": "Success" }))
    expect(started).toEqual({ ...idle, main: [0] })
  })

  it("K-064, T-13: one that fails to start up is killed and started again, and the message does not say so", () => {
    expect(actionsOf(probed, [running("a")], probes({ "startup a": "Failure" }))).toEqual({
      ...idle,
      init: [0],
      kill: ["Init container a failed startup probe"]
    })
  })

  it("K-066: a failed liveness probe or another image restarts it", () => {
    const failed = probes({ "startup a": "Success", "liveness a": "Failure" })
    const live = [running("a"), running("main")]
    expect(actionsOf(probed, live, failed)).toEqual({
      ...idle,
      init: [0],
      kill: ["Init container a failed liveness probe"]
    })
    expect(actionsOf({ initContainers: [side("a", { image: "busybox:2" })] }, live)).toEqual({
      ...idle,
      init: [0],
      kill: ["Init container a definition changed"]
    })
  })
})

describe("regular containers", () => {
  it("K-071, S-015: the first matching rule decides, then the container's policy, then the pod's", () => {
    const rules = [
      { action: "Restart", exitCodes: { operator: "In", values: [42] } },
      { action: "Restart", exitCodes: { operator: "NotIn", values: [1, 42] } }
    ]
    const of = (more: Partial<ContainerSpec>, code: number) =>
      actionsOf({ containers: [container("main", more)], restartPolicy: "Never" }, [exited("main", code)]).main
    expect([42, 7, 1].map((code) => of({ restartPolicy: "Never", restartPolicyRules: rules }, code))).toEqual([
      [0],
      [0],
      []
    ])
    expect(of({ restartPolicy: "Always" }, 0)).toEqual([0])
    expect(of({ restartPolicyRules: rules }, 42)).toEqual([])
  })

  it("K-072, K-073: another image restarts it under any policy, other fields do not", () => {
    const of = (more: Partial<ContainerSpec>) =>
      actionsOf({ containers: [container("main", more)], restartPolicy: "Never" }, [running("main")])
    expect(of({ image: "busybox:2" })).toEqual({
      ...idle,
      main: [0],
      kill: ["Container main definition changed, will be restarted"]
    })
    expect(of({ command: ["other"] })).toEqual(idle)
  })

  it("K-072: a failed probe kills it, and starts it again unless the policy is Never", () => {
    const spec = { containers: [container("main"), container("other")] }
    const both = [running("main"), running("other")]
    expect(actionsOf(spec, both, probes({ "liveness main": "Failure" }))).toEqual({
      ...idle,
      main: [0],
      kill: ["Container main failed liveness probe, will be restarted"]
    })
    const never = { ...spec, restartPolicy: "Never" }
    const kill = ["Container main failed startup probe"]
    expect(actionsOf(never, both, probes({ "startup main": "Failure" }))).toEqual({ ...idle, kill })
    expect(actionsOf({ restartPolicy: "Never" }, both, probes({ "liveness main": "Failure" })).killPod).toBe(true)
  })

  it("K-070: one in an unknown state is killed before it is started again", () => {
    const kill = ['Container is in "unknown" state, try killing it before restart']
    expect(actionsOf({}, [inState("main", "unknown")])).toEqual({ ...idle, main: [0], kill })
  })

  it("K-075: ephemeral containers start once, even while the pod initializes", () => {
    const it = pod({ initContainers: [one], ephemeralContainers: [container("debug")] })
    expect(computePodActions(it, runtime([running("one")])).ephemeralContainersToStart).toEqual([0])
    expect(computePodActions(it, runtime([running("one"), exited("debug", 1)])).ephemeralContainersToStart).toEqual([])
  })
})

describe("all containers at once", () => {
  const rule = { action: "RestartAllContainers", exitCodes: { operator: "In", values: [9] } }
  const spec = {
    initContainers: [one],
    containers: [container("main", { restartPolicy: "Never", restartPolicyRules: [rule] }), container("other")]
  }

  it("K-081: every instance is removed, running ones are killed first, the one that began it is the last", () => {
    const instances = [exited("main", 9), exited("main", 1, { restartCount: 7 }), running("other"), exited("one", 0)]
    const actions = computePodActions(pod(spec), runtime(instances), { restartAllContainers: true })
    expect(actions.containersToReset).toEqual([
      { id: "main-7", name: "main", kill: false },
      { id: "other-0", name: "other", kill: true },
      { id: "one-0", name: "one", kill: false },
      { id: "main-0", name: "main", kill: false }
    ])
    expect(actions).toMatchObject({ killPod: false, initContainersToStart: [], containersToStart: [] })
  })
})
