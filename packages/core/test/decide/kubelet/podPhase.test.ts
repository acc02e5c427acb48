import { expect, it } from "vitest"
import { containerStatuses, type ReasonCache } from "../../../src/decide/kubelet/containerStatuses.ts"
import { podPhase } from "../../../src/decide/kubelet/podPhase.ts"
import { noProbeResults, type ProbeResults } from "../../../src/decide/kubelet/prober/ProbeResults.ts"
import { updatePodStatus } from "../../../src/decide/kubelet/prober/updatePodStatus.ts"
import {
  hasAnyActiveRegularContainerStarted,
  type RuntimeContainer
} from "../../../src/decide/kubelet/RuntimeStatus.ts"
import type { ContainerSpec, PodSpec } from "../../../src/event/KubernetesObject.ts"
import { container, exited, inState, pod, running, runtime, sandbox } from "./given.ts"

const [a, b] = [container("a"), container("b")]
const [setup, sidecar] = [container("setup"), container("side", { restartPolicy: "Always" })]

interface Given {
  readonly terminal?: boolean
  readonly reasons?: ReasonCache
  readonly probes?: ProbeResults
  readonly sandboxes?: Parameters<typeof runtime>[1]
}

/** The phase of a pod with that spec whose instances are these. */
const phaseOf = (spec: Partial<PodSpec>, instances: ReadonlyArray<RuntimeContainer>, given: Given = {}) => {
  const it = pod(spec)
  const status = runtime(instances, given.sandboxes)
  const before = { conditions: [], containers: [] }
  const containers = containerStatuses(it, status, before, { reasons: given.reasons ?? new Map() })
  return podPhase(it, updatePodStatus(it, containers, given.probes ?? noProbeResults), {
    terminal: given.terminal ?? false,
    initialized: hasAnyActiveRegularContainerStarted(it, status)
  })
}

it.each([
  ["nothing started", "Always", [], false, "Pending"],
  ["one of two started", "Always", [running("a")], false, "Pending"],
  ["both run", "Always", [running("a"), running("b")], false, "Running"],
  ["one ended, one runs", "Never", [exited("a", 0), running("b")], false, "Running"],
  ["both ended, Always", "Always", [exited("a", 0), exited("b", 1)], false, "Running"],
  ["both succeeded, OnFailure", "OnFailure", [exited("a", 0), exited("b", 0)], false, "Succeeded"],
  ["one failed, OnFailure", "OnFailure", [exited("a", 0), exited("b", 1)], false, "Running"],
  ["both succeeded, Never", "Never", [exited("a", 0), exited("b", 0)], false, "Succeeded"],
  ["one failed, Never", "Never", [exited("a", 0), exited("b", 1)], false, "Failed"],
  ["stopped for good, all 0", "Always", [exited("a", 0), exited("b", 0)], true, "Succeeded"],
  ["stopped for good, one not 0", "Always", [exited("a", 137), exited("b", 0)], true, "Failed"]
] as const)("K-200, S-031, S-033, S-034, S-035: %s (%s)", (_, restartPolicy, instances, terminal, expected) => {
  expect(phaseOf({ containers: [a, b], restartPolicy }, instances, { terminal })).toBe(expected)
})

it("K-201, S-033: a container that waits in CrashLoopBackOff has stopped, and has not succeeded", () => {
  const reasons = new Map([["a", { reason: "CrashLoopBackOff", message: "" }]])
  const instances = [exited("a", 0), exited("b", 0)]
  expect(phaseOf({ containers: [a, b] }, instances, { reasons })).toBe("Running")
  expect(phaseOf({ containers: [a, b] }, instances, { reasons, terminal: true })).toBe("Failed")
})

it("K-202: the container's own restart policy decides before the pod's, and its rules before that", () => {
  const of = (more: Partial<ContainerSpec>) =>
    phaseOf({ containers: [container("a", more)], restartPolicy: "Always" }, [exited("a", 2)])
  const restart = { action: "Restart", exitCodes: { operator: "In", values: [2] } }
  expect(of({ restartPolicy: "Never" })).toBe("Failed")
  expect(of({ restartPolicy: "Never", restartPolicyRules: [restart] })).toBe("Running")
})

it.each([
  ["never started", "Always", [], "Pending"],
  ["running", "Always", [running("setup")], "Pending"],
  ["created", "Always", [inState("setup", "created")], "Pending"],
  ["succeeded, main not started", "Always", [exited("setup", 0)], "Pending"],
  ["failed, to be restarted", "OnFailure", [exited("setup", 1)], "Pending"],
  ["failed for good", "Never", [exited("setup", 1)], "Failed"],
  ["succeeded, main running", "Never", [exited("setup", 0), running("a")], "Running"]
] as const)("S-032: phase of a pod with an init container that is %s (%s)", (_, restartPolicy, instances, expected) => {
  expect(phaseOf({ containers: [a], initContainers: [setup], restartPolicy }, instances)).toBe(expected)
})

it("an init container that failed for good still fails the pod while it waits to be started", () => {
  const reasons = new Map([["setup", { reason: "CrashLoopBackOff", message: "" }]])
  const spec = { containers: [a], initContainers: [setup] }
  expect(phaseOf({ ...spec, restartPolicy: "Always" }, [exited("setup", 1)], { reasons })).toBe("Pending")
})

it.each([
  ["running, main not started", [running("side")], "Pending"],
  ["running beside main", [running("side"), running("a")], "Running"],
  ["crashed, main running", [exited("side", 1), running("a")], "Running"],
  ["running, main succeeded", [running("side"), exited("a", 0)], "Running"],
  ["killed, main succeeded", [exited("side", 137), exited("a", 0)], "Succeeded"]
] as const)("K-200: phase of a pod with a sidecar that is %s", (_, instances, expected) => {
  expect(phaseOf({ containers: [a], initContainers: [sidecar], restartPolicy: "Never" }, instances)).toBe(expected)
})

it("a sidecar that is not started holds the pod in Pending only until regular containers of this sandbox exist", () => {
  const probes: ProbeResults = { get: () => undefined, hasWorker: (type) => type === "startup" }
  const spec = { containers: [a], initContainers: [sidecar] }
  const instances = [running("side"), running("a")]
  expect(phaseOf(spec, instances, { probes })).toBe("Running")
  expect(phaseOf(spec, instances, { probes, sandboxes: [sandbox({ id: "s1", attempt: 1 })] })).toBe("Pending")
})
