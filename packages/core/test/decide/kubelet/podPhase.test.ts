import { expect, it } from "vitest"
import { containerStatuses } from "../../../src/decide/kubelet/containerStatuses.ts"
import { podPhase } from "../../../src/decide/kubelet/podPhase.ts"
import type { RuntimeContainer } from "../../../src/decide/kubelet/RuntimeStatus.ts"
import { container, exited, pod, running, runtime } from "./given.ts"

const [a, b] = [container("a"), container("b")]

/** The phase of a pod with two containers whose instances are these. */
const phase = (restartPolicy: string, instances: ReadonlyArray<RuntimeContainer>, terminal = false) => {
  const it = pod({ containers: [a, b], restartPolicy })
  return podPhase(it, containerStatuses(it, runtime(instances), [], new Map()), terminal)
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
] as const)("K-200: %s (%s)", (_, policy, instances, terminal, expected) => {
  expect(phase(policy, instances, terminal)).toBe(expected)
})

it("K-201: a container that waits in CrashLoopBackOff has stopped, and has not succeeded", () => {
  const it = pod({ containers: [a, b] })
  const reasons = new Map([["a", { reason: "CrashLoopBackOff", message: "" }]])
  const containers = containerStatuses(it, runtime([exited("a", 0), exited("b", 0)]), [], reasons)
  expect(containers.map((one) => one.state?._tag)).toEqual(["Waiting", "Terminated"])
  expect(podPhase(it, containers, false)).toBe("Running")
  expect(podPhase(it, containers, true)).toBe("Failed")
})

it("K-202: the container's own restart policy decides before the pod's", () => {
  const it = pod({ containers: [container("a", { restartPolicy: "Never" })], restartPolicy: "Always" })
  expect(podPhase(it, containerStatuses(it, runtime([exited("a", 2)]), [], new Map()), false)).toBe("Failed")
})
