import { describe, expect, it } from "vitest"
import { checkContainerStateTransition } from "../../../src/decide/kubelet/checkContainerStateTransition.ts"
import { containerStatuses } from "../../../src/decide/kubelet/containerStatuses.ts"
import type { RuntimeContainer } from "../../../src/decide/kubelet/RuntimeStatus.ts"
import type { ContainerSpec, PodSpec } from "../../../src/event/KubernetesObject.ts"
import { container, exited, pod, running, runtime } from "./given.ts"

const statuses = (spec: Partial<PodSpec>, instances: ReadonlyArray<RuntimeContainer>) =>
  containerStatuses(pod(spec), runtime(instances), { containers: [], conditions: [] }, { reasons: new Map() })

/** Whose way back from that exit is refused. */
const refused = (spec: Partial<PodSpec>, exitCode: number, name = "main") =>
  checkContainerStateTransition(statuses(spec, [exited(name, exitCode)]), statuses(spec, [running(name, 1)]), pod(spec))

const main = (more: Partial<ContainerSpec>) => ({ containers: [container("main", more)], restartPolicy: "Never" })

describe("K-229: a container that has ended for good is never reported as running again", () => {
  it.each([
    ["Always", 0, undefined],
    ["Always", 1, undefined],
    ["OnFailure", 0, "main"],
    ["OnFailure", 1, undefined],
    ["Never", 0, "main"],
    ["Never", 1, "main"]
  ])("policy %s after exit %i: %j", (restartPolicy, exitCode, name) => {
    expect(refused({ restartPolicy }, exitCode)).toBe(name)
  })

  it("unless its own policy or rules allow it", () => {
    const rule = (action: string) => ({ action, exitCodes: { operator: "In", values: [9] } })
    expect(refused(main({ restartPolicy: "Always" }), 0)).toBeUndefined()
    expect(refused(main({ restartPolicy: "Never", restartPolicyRules: [rule("Restart")] }), 9)).toBeUndefined()
    expect(refused(main({ restartPolicy: "Never", restartPolicyRules: [rule("Restart")] }), 8)).toBe("main")
    expect(
      refused(main({ restartPolicy: "Never", restartPolicyRules: [rule("RestartAllContainers")] }), 8)
    ).toBeUndefined()
  })

  it("init containers likewise, but sidecars may come back", () => {
    const spec = (more: Partial<ContainerSpec>) => ({ initContainers: [container("i", more)], restartPolicy: "Never" })
    expect(refused(spec({}), 0, "i")).toBe("i")
    expect(refused(spec({ restartPolicy: "Always" }), 0, "i")).toBeUndefined()
  })

  it("ending again is no way back", () => {
    const spec = { restartPolicy: "Never" }
    const ended = statuses(spec, [exited("main", 1)])
    expect(checkContainerStateTransition(ended, statuses(spec, [exited("main", 2)]), pod(spec))).toBeUndefined()
  })
})
