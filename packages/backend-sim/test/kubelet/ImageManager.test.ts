/** Images on a simulated node, against the rules of the real kubelet. */
import { describe, expect, it } from "vitest"
import { containerState, podManifest, podMessages, podMoments, simulate, waitingReasons, when } from "../given.ts"

const apply = (manifest: object, at = "0s") => ({ at, apply: manifest })
const missing = { image: "busybox:1", error: "NotFound" }
const withPolicy = (imagePullPolicy: string, name = "p") => {
  const pod = podManifest(name, ["main"])
  return { ...pod, spec: { ...pod.spec, containers: [{ name: "main", image: "busybox:1", imagePullPolicy }] } }
}
const events = (given: Parameters<typeof simulate>[0], seed = 0) => podMessages(simulate(given, seed))
const NOT_FOUND =
  'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/busybox:1": failed to resolve image: docker.io/library/busybox:1: not found'

describe("an image that the registry does not have", () => {
  const facts = simulate({ images: [missing], steps: [apply(podManifest("p", ["main"]))], until: "40s" })

  it("X-03, K-040, K-125: ErrImagePull and ImagePullBackOff take turns, one sync late", () => {
    const reasons = waitingReasons(podMoments(facts))
    expect(reasons.slice(0, 4)).toEqual(["ContainerCreating", "ErrImagePull", "ImagePullBackOff", "ErrImagePull"])
  })

  it("X-03, section 3.3: Events word for word", () => {
    expect(podMessages(facts).map((event) => event.replace(/ x\d+/, ""))).toEqual([
      "Scheduled: Successfully assigned test/p to n-1",
      'Pulling: Pulling image "busybox:1"',
      `Failed: Failed to pull image "busybox:1": ${NOT_FOUND}`,
      "Failed: Error: ErrImagePull",
      'BackOff: Back-off pulling image "busybox:1"',
      "Failed: Error: ImagePullBackOff"
    ])
  })

  it("T-11: the waiting message of the back-off says why", () => {
    const { pod } = when(
      podMoments(facts),
      ({ status }) => status.containerStatuses?.[0]?.state?.waiting?.["reason"] === "ImagePullBackOff"
    )
    expect(pod.status.containerStatuses?.[0]?.state?.waiting?.["message"]).toBe(
      `Back-off pulling image "busybox:1": ErrImagePull: ${NOT_FOUND}`
    )
  })

  it("X-03, K-120, S-266: with policy Never nobody asks for it", () => {
    const never = events({ images: [missing], steps: [apply(withPolicy("Never"))], until: "5s" })
    expect(never).toContain(
      'ErrImageNeverPull x2: Container image "busybox:1" is not present with pull policy of Never'
    )
    expect(never).toContain("Failed x2: Error: ErrImageNeverPull")
  })

  it("an image that a scenario with images does not name is in no registry", () => {
    const other = events({
      images: [{ image: "other", present: true }],
      steps: [apply(withPolicy("Always"))],
      until: "3s"
    })
    expect(other).toContain(`Failed x1: Failed to pull image "busybox:1": ${NOT_FOUND}`)
  })
})

describe("an image that has to be pulled", () => {
  const slow = { image: "busybox:1", pull: "4s", size: 5_000_000 }
  const two = {
    images: [slow, { image: "slow:1", pull: "4s", size: 7 }],
    steps: [
      apply(podManifest("a", ["main"])),
      apply({ ...podManifest("b", []), spec: { containers: [{ name: "main", image: "slow:1" }] } })
    ],
    until: "12s"
  }
  const pulled = (given: Parameters<typeof simulate>[0]) =>
    events(given).filter((event) => event.startsWith("Pulled x1: Success"))

  it("K-122, S-268, S-269: one after the other: the second one's Event says how long it waited", () => {
    const [first = "", second = ""] = pulled(two)
    expect(first).toMatch(/in 4s \(4s including waiting\)\. Image size: \d+ bytes\.$/)
    expect(second).toMatch(/in 4s \((7\.\d+s|8s) including waiting\)\. Image size: \d+ bytes\.$/)
  })

  it("K-122: at once if the node is told so", () => {
    const node = { name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "rig" }
    for (const kubelet of [{ serializeImagePulls: false }, { maxParallelImagePulls: 2 }]) {
      for (const event of pulled({ ...two, nodes: [{ ...node, kubelet }] }))
        expect(event).toMatch(/in 4s \(4s including waiting\)/)
    }
  })

  it("S-265: is there for the next pod, with the name that the runtime gives it (T-10, T-31, K-182)", () => {
    const facts = simulate({
      images: [slow],
      steps: [apply(podManifest("p", ["main"])), apply(podManifest("q", ["main"]), "6s")],
      until: "9s"
    })
    expect(podMessages(facts)).toContain(
      'Pulled x1: Container image "busybox:1" already present on machine and can be accessed by the pod'
    )
    const moments = podMoments(facts, "q")
    const image = (pod: (typeof moments)[number]["pod"]) => pod.status.containerStatuses?.[0]
    expect(image(when(moments, (pod) => containerState(pod) === "waiting").pod)).toMatchObject({
      image: "busybox:1",
      imageID: ""
    })
    const status = image(when(moments, (pod) => containerState(pod) === "running").pod)
    expect(status?.image).toBe("docker.io/library/busybox:1")
    expect(status?.imageID).toMatch(/^docker\.io\/library\/busybox@sha256:[0-9a-f]{64}$/)
  })

  it("K-120, S-263: policy Always asks the registry also for an image that is there", () => {
    const facts = simulate({ steps: [apply(withPolicy("Always"))], until: "3s" })
    expect(podMessages(facts)).toContainEqual(
      expect.stringMatching(/^Pulled x1: Successfully pulled image "busybox:1" in \d+ms/)
    )
  })

  it("T-36, S-136, S-138: the containers after it wait", () => {
    const manifest = {
      ...podManifest("p", []),
      spec: {
        containers: [
          { name: "a", image: "busybox:1" },
          { name: "b", image: "there:1" }
        ]
      }
    }
    const facts = simulate({
      images: [slow, { image: "there:1", present: true }],
      steps: [apply(manifest)],
      until: "8s"
    })
    const moments = podMoments(facts)
    const b = when(moments, (pod) => containerState(pod, "b") === "running")
    expect(b.seconds).toBeGreaterThan(4)
  })

  it("K-123: the eleventh pull within a moment fails for the kubelet's own limit", () => {
    const containers = Array.from({ length: 12 }, (_, i) => ({ name: `c${i}`, image: `i${i}:1` }))
    const facts = simulate({
      images: [{ image: "*", pull: "0s" }],
      nodes: [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }],
      steps: [apply({ ...podManifest("p", []), spec: { containers } })],
      until: "2s"
    })
    const failed = podMessages(facts).filter((event) => event.includes("pull QPS exceeded"))
    expect(failed.length).toBeGreaterThan(0)
  })
})

describe("a name that is none", () => {
  it("X-03, section 3.3: InspectFailed and InvalidImageName, again and again", () => {
    const manifest = { ...podManifest("p", []), spec: { containers: [{ name: "main", image: "Not A Name" }] } }
    const facts = simulate({ steps: [apply(manifest)], until: "20s" })
    expect(waitingReasons(podMoments(facts))).toEqual(["ContainerCreating", "InvalidImageName"])
    expect(podMessages(facts)[1]).toMatch(
      /^InspectFailed x[34]: Failed to apply default image tag "Not A Name": couldn't parse image name "Not A Name": invalid reference format: repository name \(library\/Not A Name\) must be lowercase$/
    )
  })
})

describe("a process that cannot be started", () => {
  const facts = simulate({
    runs: { main: [{ startError: 'exec: "/no": stat /no: no such file or directory' }] },
    steps: [apply(podManifest("p", ["main"]))],
    until: "30s"
  })
  const message =
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/no": stat /no: no such file or directory'

  it("X-04, K-134, T-32: RunContainerError before a StartError of 1970, exit 128; the crash back-off follows", () => {
    const moments = podMoments(facts)
    const { pod } = when(
      moments,
      ({ status }) => status.containerStatuses?.[0]?.state?.waiting?.["reason"] === "RunContainerError"
    )
    const [status] = pod.status.containerStatuses ?? []
    expect(pod.status.phase).toBe("Running")
    expect(status?.state?.waiting).toEqual({ reason: "RunContainerError", message })
    expect(status?.lastState?.terminated).toMatchObject({
      exitCode: 128,
      reason: "StartError",
      message,
      startedAt: "1970-01-01T00:00:00Z"
    })
    expect(waitingReasons(moments).slice(0, 3)).toEqual(["ContainerCreating", "RunContainerError", "CrashLoopBackOff"])
  })

  it("K-130, K-131: Created but never Started; Failed says the runtime's words without gRPC's", () => {
    const words = podMessages(facts).map((event) => event.replace(/ x\d+/, ""))
    expect(words).toContain(`Failed: Error: ${message}`)
    expect(words.some((event) => event.startsWith("Started"))).toBe(false)
  })
})

it("X-05, section 3.5: a container that is killed for memory ends OOMKilled with 137", () => {
  const facts = simulate({
    runs: { main: [{ exitAfter: "1s", oom: true }] },
    steps: [apply(podManifest("p", ["main"], { restartPolicy: "Never" }))],
    until: "5s"
  })
  const ended = when(podMoments(facts), (pod) => containerState(pod) === "terminated").pod.status.containerStatuses?.[0]
  expect(ended?.state?.terminated).toMatchObject({ exitCode: 137, reason: "OOMKilled" })
})
