import { describe, expect, it } from "vitest"
import type { ProbeResult } from "../../../../src/decide/kubelet/prober/ProbeResults.ts"
import { updatePodStatus } from "../../../../src/decide/kubelet/prober/updatePodStatus.ts"
import { later, SECOND } from "../../../../src/event/Instant.ts"
import { at, container, pod } from "../given.ts"

const probed = (ready: boolean) =>
  pod(
    { containers: [container("main", { readinessProbe: { tcpSocket: { port: 80 } } })] },
    {
      status: {
        phase: "Running",
        conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
        containerStatuses: [
          {
            name: "main",
            image: "i",
            imageID: "",
            containerID: "containerd://1",
            ready,
            started: true,
            restartCount: 0,
            state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
            lastState: {}
          }
        ]
      }
    }
  )

const readyAfter = (was: boolean, seconds: number, result?: ProbeResult, hasWorker = true) => {
  const it = probed(was)
  const probes = {
    get: (type: string) => (type === "readiness" ? result : undefined),
    hasWorker: (type: string) => type === "readiness" && hasWorker,
    start: later(at(0), seconds * SECOND)
  }
  return updatePodStatus(it, it.containers, probes)[0]?.ready
}

describe("readiness after a restart of the kubelet (K-163)", () => {
  it("stays what the pod's was until the first result", () => {
    expect([readyAfter(true, 11), readyAfter(false, 11)]).toEqual([true, false])
    expect([readyAfter(true, 11, undefined, false), readyAfter(false, 11, undefined, false)]).toEqual([true, false])
    expect([readyAfter(true, 11, "Failure"), readyAfter(false, 11, "Success")]).toEqual([false, true])
  })

  it("is not taken over for a container that started not ten seconds before", () => {
    expect(readyAfter(true, 10)).toBe(false)
  })
})
