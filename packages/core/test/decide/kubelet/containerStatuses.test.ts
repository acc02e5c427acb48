import { describe, expect, it } from "vitest"
import { containerStatuses as convert, type ReasonCache } from "../../../src/decide/kubelet/containerStatuses.ts"
import { noProbeResults } from "../../../src/decide/kubelet/prober/ProbeResults.ts"
import { updatePodStatus } from "../../../src/decide/kubelet/prober/updatePodStatus.ts"
import type { RuntimePodStatus } from "../../../src/decide/kubelet/RuntimeStatus.ts"
import type { Container, Pod } from "../../../src/state/Pod.ts"
import { container, exited, inState, pod, running, runtime, sandbox } from "./given.ts"

const none = new Map<string, never>()

/** Of a pod that nobody probes. */
const containerStatuses = (
  it: Pod,
  status: RuntimePodStatus,
  old: ReadonlyArray<Container>,
  reasons: ReasonCache
): ReadonlyArray<Container> =>
  updatePodStatus(it, convert(it, status, { containers: old, conditions: [] }, { reasons }), noProbeResults)

const only = <A>(list: ReadonlyArray<A>): A => {
  const [first] = list
  if (first === undefined || list.length !== 1) throw new Error(`${list.length} statuses`)
  return first
}

describe("container statuses", () => {
  it("K-180, T-40: are sorted by name, not in the order of the spec", () => {
    const it = pod({ containers: [container("b"), container("a")] })
    expect(containerStatuses(it, runtime([]), [], none).map((one) => one.name)).toEqual(["a", "b"])
  })

  it("K-181, S-069: before anything started a container waits ContainerCreating with the image of the spec", () => {
    const status = only(containerStatuses(pod(), runtime([]), [], none))
    expect(status).toMatchObject({
      state: { _tag: "Waiting", reason: "ContainerCreating" },
      image: "busybox:1",
      imageID: "",
      ready: false,
      started: false
    })
    expect(status.containerID).toBeUndefined()
  })

  it("K-181, T-35: with init containers all wait PodInitializing", () => {
    const statuses = containerStatuses(pod({ initContainers: [container("i")] }), runtime([]), [], none)
    const waiting = { _tag: "Waiting", reason: "PodInitializing" }
    expect(statuses).toMatchObject([
      { kind: "init", name: "i", state: waiting, ready: false, started: false },
      { kind: "regular", name: "main", state: waiting }
    ])
  })

  it("K-182, K-183, S-073: image and IDs of a started container are the runtime's", () => {
    const status = only(containerStatuses(pod(), runtime([running("main")]), [], none))
    expect(status).toMatchObject({
      image: "docker.io/library/busybox:1",
      imageID: "busybox@sha256:0",
      containerID: "containerd://main-0"
    })
  })

  it("K-184, S-072: lastState is the second newest instance", () => {
    const status = only(containerStatuses(pod(), runtime([running("main", 1), exited("main", 7)]), [], none))
    expect(status).toMatchObject({
      restartCount: 1,
      state: { _tag: "Running" },
      lastState: { _tag: "Terminated", exitCode: 7 }
    })
  })

  it("K-184: a death that the runtime forgot is carried over", () => {
    const before = containerStatuses(pod(), runtime([exited("main", 7)]), [], none)
    const status = only(containerStatuses(pod(), runtime([running("main", 1)]), before, none))
    expect(status.lastState).toMatchObject({ _tag: "Terminated", exitCode: 7 })
  })

  it("K-186: one that was reported running and that the runtime does not know was lost", () => {
    const before = containerStatuses(pod(), runtime([running("main")]), [], none)
    const status = only(containerStatuses(pod(), runtime([]), before, none))
    expect(status).toMatchObject({
      restartCount: 1,
      state: { _tag: "Waiting" },
      lastState: { exitCode: 137, reason: "ContainerStatusUnknown" }
    })
    const deleted = pod({}, { metadata: { name: "p", deletionTimestamp: "2026-01-01T00:00:30Z" } })
    expect(only(containerStatuses(deleted, runtime([]), before, none)).restartCount).toBe(0)
  })

  it("K-187: a refused start shows as waiting with its reason, the death behind it as lastState", () => {
    const reasons = new Map([["main", { reason: "CrashLoopBackOff", message: "back-off 10s" }]])
    const status = only(containerStatuses(pod(), runtime([exited("main", 1)]), [], reasons))
    expect(status).toMatchObject({
      state: { _tag: "Waiting", reason: "CrashLoopBackOff", message: "back-off 10s" },
      lastState: { _tag: "Terminated", exitCode: 1 },
      ready: false
    })
  })

  it("K-187: never once the pod is being deleted", () => {
    const deleted = pod({}, { metadata: { name: "p", deletionTimestamp: "2026-01-01T00:00:30Z" } })
    const reasons = new Map([["main", { reason: "CrashLoopBackOff", message: "" }]])
    expect(only(containerStatuses(deleted, runtime([exited("main", 1)]), [], reasons)).state?._tag).toBe("Terminated")
  })

  it("K-189, K-190: started and ready mean running, without probes", () => {
    expect(only(containerStatuses(pod(), runtime([running("main")]), [], none))).toMatchObject({
      ready: true,
      started: true
    })
    expect(only(containerStatuses(pod(), runtime([exited("main", 0)]), [], none))).toMatchObject({
      ready: false,
      started: false
    })
  })

  it("K-191: resources appear with the first runtime container, an empty object if there are none", () => {
    expect(only(containerStatuses(pod(), runtime([]), [], none)).resources).toBeUndefined()
    expect(only(containerStatuses(pod(), runtime([running("main")]), [], none)).resources).toEqual({})
    const sized = pod({ containers: [container("main", { resources: { requests: { cpu: "10m" } } })] })
    const status = only(containerStatuses(sized, runtime([running("main")]), [], none))
    expect(status).toMatchObject({ resources: { requests: { cpu: "10m" } }, allocatedResources: { cpu: "10m" } })
  })

  it("K-194: mounts carry recursiveReadOnly only where they are read-only", () => {
    const mounted = container("main", {
      volumeMounts: [
        { name: "a", mountPath: "/a", readOnly: true },
        { name: "b", mountPath: "/b" }
      ]
    })
    expect(only(containerStatuses(pod({ containers: [mounted] }), runtime([]), [], none)).volumeMounts).toEqual([
      { name: "a", mountPath: "/a", readOnly: true, recursiveReadOnly: "Disabled" },
      { name: "b", mountPath: "/b" }
    ])
  })

  it("K-208, S-080: a restart count never goes down", () => {
    const before = containerStatuses(pod(), runtime([running("main", 5)]), [], none)
    expect(only(containerStatuses(pod(), runtime([running("main", 0)]), before, none)).restartCount).toBe(5)
  })

  it("K-185: what is only created waits without a reason; of what is unknown and ran before the end is presumed", () => {
    const of = (state: "created" | "unknown", old: ReadonlyArray<Container>) =>
      only(containerStatuses(pod(), runtime([inState("main", state)]), old, none))
    const before = containerStatuses(pod(), runtime([running("main")]), [], none)
    expect(of("created", []).state).toEqual({ _tag: "Waiting" })
    expect(of("unknown", []).state).toEqual({ _tag: "Waiting" })
    expect(of("unknown", before)).toMatchObject({
      restartCount: 1,
      state: { _tag: "Terminated", exitCode: 137, reason: "ContainerStatusUnknown" }
    })
  })

  it("K-188: an init container of which nothing is left has done its work when a regular one exists", () => {
    const it = pod({ initContainers: [container("i")] })
    const [init] = containerStatuses(it, runtime([running("main")]), [], none)
    expect(init?.state).toMatchObject({
      _tag: "Terminated",
      exitCode: 0,
      reason: "Completed",
      message:
        "Unable to get init container status from container runtime and pod has been initialized, treat it as exited normally"
    })
    const sidecar = pod({ initContainers: [container("i", { restartPolicy: "Always" })] })
    expect(containerStatuses(sidecar, runtime([running("main")]), [], none)[0]?.state?._tag).toBe("Waiting")
  })

  it("K-035: instances of all sandboxes count, the newest first", () => {
    const instances = [{ ...running("main", 2), sandbox: "s1" }, exited("main", 7)]
    const status = only(containerStatuses(pod(), runtime(instances, [sandbox({ id: "s1" }), sandbox()]), [], none))
    expect(status).toMatchObject({ restartCount: 2, lastState: { _tag: "Terminated", exitCode: 7 } })
  })
})
