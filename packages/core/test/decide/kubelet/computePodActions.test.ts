import { describe, expect, it } from "vitest"
import { computePodActions } from "../../../src/decide/kubelet/computePodActions.ts"
import { container, exited, pod, running, runtime, sandbox } from "./given.ts"

const two = (restartPolicy: string) => pod({ containers: [container("a"), container("b")], restartPolicy })

describe("what a sync does", () => {
  it("K-050: a pod without a sandbox gets its first one, then all containers in the order of the spec", () => {
    expect(computePodActions(two("Always"), runtime([], []))).toEqual({
      killPod: true,
      createSandbox: true,
      sandbox: undefined,
      attempt: 0,
      ephemeralContainersToStart: [],
      initContainersToStart: [],
      containersToStart: [0, 1],
      containersToKill: [],
      containersToReset: [],
      containersToUpdate: [],
      updatePodResources: false
    })
  })

  it.each([
    ["not ready", [sandbox({ ready: false })]],
    ["without an address", [sandbox({ ips: [] })]],
    ["not the only ready one", [sandbox({ id: "s1" }), sandbox()]]
  ])("K-050: a sandbox that is %s is replaced", (_, sandboxes) => {
    const actions = computePodActions(two("Always"), runtime([running("a"), running("b")], sandboxes))
    expect(actions).toMatchObject({ killPod: true, createSandbox: true, attempt: 1, containersToStart: [0, 1] })
  })

  it("K-050: a pod on the host's network needs no address", () => {
    const host = pod({ hostNetwork: true })
    expect(computePodActions(host, runtime([running("main")], [sandbox({ ips: [] })])).createSandbox).toBe(false)
  })

  it("K-052: with policy Never a lost sandbox ends the pod", () => {
    const actions = computePodActions(two("Never"), runtime([running("a")], [sandbox({ ready: false })]))
    expect(actions).toMatchObject({ killPod: true, createSandbox: false, containersToStart: [] })
  })

  it("K-054: a new sandbox starts no container that succeeded under OnFailure", () => {
    const actions = computePodActions(
      two("OnFailure"),
      runtime([exited("a", 0), exited("b", 1)], [sandbox({ ready: false })])
    )
    expect(actions).toMatchObject({ createSandbox: true, containersToStart: [1] })
  })

  it.each([
    ["Always", 0, [0]],
    ["Always", 1, [0]],
    ["OnFailure", 0, []],
    ["OnFailure", 1, [0]],
    ["Never", 1, []]
  ])("K-070, S-089, S-090, S-091: policy %s after exit %i starts %j", (policy, code, expected) => {
    const actions = computePodActions(two(policy), runtime([exited("a", code), running("b")]))
    expect(actions).toMatchObject({ killPod: false, containersToStart: expected })
  })

  it("K-070: nothing is started once the pod is being deleted", () => {
    const deleted = pod({}, { metadata: { name: "p", deletionTimestamp: "2026-01-01T00:00:30Z" } })
    expect(computePodActions(deleted, runtime([exited("main", 1)])).containersToStart).toEqual([])
  })

  it("K-074, S-101: with nothing to keep and nothing to start the pod is killed", () => {
    expect(computePodActions(two("Never"), runtime([exited("a", 0), exited("b", 0)])).killPod).toBe(true)
    expect(computePodActions(two("Never"), runtime([exited("a", 0), running("b")])).killPod).toBe(false)
  })
})
