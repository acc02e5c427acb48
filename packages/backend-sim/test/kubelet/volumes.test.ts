/** Volumes as users of Kubernetes are told of them: how long they live, who shares them, what keeps a pod from having them. */
import type { ClusterEvent, PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import {
  containerState,
  type Given,
  podManifest,
  podMessages,
  podMoments,
  simulate,
  waitingReasons,
  when
} from "../given.ts"

const apply = (name: string, spec: object, at = "0s") => ({ at, apply: { ...podManifest(name, []), spec } })
const remove = (name: string, at: string) => ({ at, delete: { kind: "Pod", name } })
const container = (name: string, more: object = {}) => ({
  name,
  image: "busybox:1",
  volumeMounts: [{ name: "v", mountPath: "/v" }],
  ...more
})
const emptyDir = (source: object) => [{ name: "v", emptyDir: source }]
const hostPath = (path: string, type: string) => [{ name: "v", hostPath: { path, type } }]
const writes = (size: string, more: object = {}) => ({ ...more, writes: [{ at: "1s", volume: "v", size }] })
const isEvicted = ({ status }: PodObject) => status.reason === "Evicted"
const last = (facts: ReadonlyArray<ClusterEvent>, name = "p") => podMoments(facts, name).at(-1)?.pod
const phaseOf = (facts: ReadonlyArray<ClusterEvent>, name = "p") => last(facts, name)?.status.phase

describe("an emptyDir", () => {
  const limit = { sizeLimit: "10Mi" }
  const full = 'Usage of EmptyDir volume "v" exceeds the limit "10Mi". '
  const crash = { exitAfter: "3s", exitCode: 1 }

  it("S-292, S-298, S-313: keeps what a container wrote before it was restarted", () => {
    const facts = simulate({
      runs: { main: [writes("11Mi", crash), {}] },
      steps: [apply("p", { volumes: emptyDir(limit), containers: [container("main")] })],
      until: "300s"
    })
    const evicted = when(podMoments(facts), isEvicted).pod
    expect(evicted.status.message).toBe(full)
    expect(evicted.status.containerStatuses?.[0]?.restartCount).toBe(1)
  })

  it("S-298: what it wrote beside its volumes goes with it", () => {
    const own = (exit: object) => ({ ...exit, writes: [{ at: "1s", volume: "(rootfs)", size: "11Mi" }] })
    const limits = { resources: { limits: { "ephemeral-storage": "10Mi" } } }
    const steps = [apply("p", { containers: [{ name: "main", image: "busybox:1", ...limits }] })]
    const phase = (runs: NonNullable<Given["runs"]>) => phaseOf(simulate({ runs, steps, until: "120s" }))
    expect(phase({ main: [own({ exitAfter: "1500ms", exitCode: 1 }), {}] })).toBe("Running")
    expect(phase({ main: [own({})] })).toBe("Failed")
  })

  it("S-297: is mounted into every new instance", () => {
    const facts = simulate({
      runs: { main: [crash, writes("11Mi")] },
      steps: [apply("p", { volumes: emptyDir(limit), containers: [container("main")] })],
      until: "300s"
    })
    const running = podMoments(facts).flatMap(({ pod }) => {
      const status = pod.status.containerStatuses?.[0]
      return status?.state?.running === undefined ? [] : [status]
    })
    expect(new Set(running.map(({ restartCount }) => restartCount))).toEqual(new Set([0, 1]))
    for (const { volumeMounts } of running) expect(volumeMounts?.[0]).toEqual({ name: "v", mountPath: "/v" })
    expect(last(facts)?.status.message).toBe(full)
  })

  it("S-008, S-295, S-312, S-317: is shared by those containers of its pod that mount it, the init containers among them, and by no other pod", () => {
    const spec = { volumes: emptyDir(limit), containers: [container("a"), container("b")] }
    const half = [writes("6Mi")]
    const shared = simulate({ runs: { a: half, b: half }, steps: [apply("p", spec)], until: "300s" })
    expect(last(shared)?.status.message).toBe(full)
    const filled = simulate({
      runs: { i: [writes("6Mi", { exitAfter: "2s" })], a: half },
      steps: [apply("p", { ...spec, initContainers: [container("i")], containers: [container("a")] })],
      until: "300s"
    })
    expect(last(filled)?.status.message).toBe(full)
    const alone = { volumes: emptyDir(limit), containers: [container("a")] }
    const two = simulate({ runs: { a: half }, steps: [apply("p", alone), apply("q", alone)], until: "300s" })
    expect([phaseOf(two), phaseOf(two, "q")]).toEqual(["Running", "Running"])
  })

  it("S-302: takes nothing from a container that mounts it read-only, while another one may write", () => {
    const of = (name: string, readOnly: boolean) =>
      container(name, { volumeMounts: [{ name: "v", mountPath: "/v", readOnly }] })
    const phase = (...containers: ReadonlyArray<object>) =>
      phaseOf(
        simulate({
          runs: { a: [writes("6Mi")], b: [writes("6Mi")] },
          steps: [apply("p", { volumes: emptyDir(limit), containers })],
          until: "300s"
        })
      )
    expect(phase(of("a", false), of("b", false))).toBe("Failed")
    expect(phase(of("a", false), of("b", true))).toBe("Running")
  })

  it("S-293, S-311: begins empty, and goes with its pod: the next one of that name begins empty", () => {
    const spec = { restartPolicy: "Never", volumes: emptyDir(limit), containers: [container("main")] }
    const facts = simulate({
      runs: { main: [writes("6Mi")] },
      steps: [apply("p", spec), remove("p", "60s"), apply("p", spec, "100s")],
      until: "400s"
    })
    expect(new Set(podMoments(facts).map(({ pod }) => pod.metadata.uid)).size).toBe(2)
    expect(podMoments(facts).some(({ pod }) => isEvicted(pod))).toBe(false)
    expect(phaseOf(facts)).toBe("Running")
  })

  it("S-314, S-315: on disk more than its limit ends the pod, in memory no more than its limit fits in; without one nothing does", () => {
    const of = (source: object) =>
      phaseOf(
        simulate({
          runs: { main: [writes("11Mi")] },
          steps: [apply("p", { volumes: emptyDir(source), containers: [container("main")] })],
          until: "300s"
        })
      )
    expect([of(limit), of({ medium: "Memory", ...limit }), of({})]).toEqual(["Failed", "Running", "Running"])
  })

  it("S-314: in memory it counts as memory of its pod", () => {
    const of = (medium: string) =>
      podMessages(
        simulate({
          runs: { main: [writes("1000Mi")] },
          nodes: [{ name: "n-1", cpu: 2, memory: "1Gi", pods: 110, profile: "rig" }],
          steps: [apply("p", { volumes: emptyDir({ medium }), containers: [container("main")] })],
          until: "300s"
        })
      ).filter((event) => event.includes("EvictionThresholdMet"))
    expect(of("Memory").length).toBeGreaterThan(0)
    expect(of("")).toEqual([])
  })
})

describe("a hostPath", () => {
  it.each([
    ["S-321: Directory", "/etc/hosts", "Directory", "is not a directory"],
    ["S-322: DirectoryOrCreate", "/etc/hosts", "DirectoryOrCreate", "is not a directory"],
    ["S-323: File", "/no/such", "File", "is not a file"],
    ["S-324: FileOrCreate", "/etc", "FileOrCreate", "is not a file"],
    ["S-325: Socket", "/etc", "Socket", "is not a socket file"],
    ["S-326: CharDevice", "/etc", "CharDevice", "is not a character device"],
    ["S-327: BlockDevice", "/dev/null", "BlockDevice", "is not a block device"]
  ])("S-303, S-328: %s: %s of type %s: no container runs, and an Event says that it %s", (_, path, type, why) => {
    const facts = simulate({
      steps: [
        apply("p", { volumes: hostPath(path, type), initContainers: [container("i")], containers: [container("main")] })
      ],
      until: "20s"
    })
    expect(phaseOf(facts)).toBe("Pending")
    expect(waitingReasons(podMoments(facts))).toEqual(["PodInitializing"])
    expect(last(facts)?.status.initContainerStatuses?.[0]?.state).toEqual({ waiting: { reason: "PodInitializing" } })
    expect(podMessages(facts)).toContain(
      `FailedMount x6: MountVolume.SetUp failed for volume "v" : hostPath type check failed: ${path} ${why}`
    )
  })

  it.each([
    ["S-318, S-320", "/no/such", ""],
    ["S-321", "/var/log", "Directory"],
    ["S-322", "/data/new", "DirectoryOrCreate"],
    ["S-323", "/etc/hosts", "File"],
    ["S-324", "/tmp/new", "FileOrCreate"],
    ["S-325", "/run/containerd/containerd.sock", "Socket"],
    ["S-326", "/dev/null", "CharDevice"]
  ])("%s: %s of type %j is mounted", (_, path, type) => {
    const facts = simulate({
      steps: [apply("p", { volumes: hostPath(path, type), containers: [container("main")] })],
      until: "9s"
    })
    expect(phaseOf(facts)).toBe("Running")
  })

  it("S-324: the directory of a file that is made must be there", () => {
    const facts = simulate({
      steps: [apply("p", { volumes: hostPath("/no/such/file", "FileOrCreate"), containers: [container("main")] })],
      until: "20s"
    })
    expect(podMessages(facts)).toContain(
      'FailedMount x6: MountVolume.SetUp failed for volume "v" : open /no/such/file: no such file or directory'
    )
  })

  const two = { nodes: ["n-1", "n-2"].map((name) => ({ name, cpu: 2, memory: "4Gi", pods: 110, profile: "rig" })) }
  const on = (nodeName: string, path: string, type: string) => ({
    nodeName,
    volumes: hostPath(path, type),
    containers: [container("main")]
  })

  it.each([
    ["S-322", "DirectoryOrCreate", "Directory"],
    ["S-324", "FileOrCreate", "File"],
    ["S-320", "", "Directory"]
  ])(
    "S-293, S-319, %s: what type %j made is there for a later pod of that node that wants a %s, and on no other node",
    (_, made, wanted) => {
      const facts = simulate({
        ...two,
        steps: [
          apply("first", on("n-1", "/tmp/made", made)),
          remove("first", "20s"),
          apply("p", on("n-1", "/tmp/made", wanted), "60s"),
          apply("q", on("n-2", "/tmp/made", wanted), "60s")
        ],
        until: "80s"
      })
      expect([phaseOf(facts), phaseOf(facts, "q")]).toEqual(["Running", "Pending"])
    }
  )

  it("S-319: what was made outlives the kubelet and the power of its machine", () => {
    const facts = simulate({
      steps: [
        apply("first", on("n-1", "/tmp/made", "DirectoryOrCreate")),
        { at: "20s", node: { name: "n-1", power: "off" } },
        { at: "30s", node: { name: "n-1", power: "on" } },
        apply("p", on("n-1", "/tmp/made", "Directory"), "90s")
      ],
      until: "120s"
    })
    expect(phaseOf(facts)).toBe("Running")
  })
})

it("S-336: a gitRepo is not cloned any more since 1.33: its pod waits, and an Event says why", () => {
  const volumes = [{ name: "v", gitRepo: { repository: "https://git.example/r.git" } }]
  const facts = (kubernetes: string) =>
    simulate({ kubernetes, steps: [apply("p", { volumes, containers: [container("main")] })], until: "20s" })
  expect(phaseOf(facts("1.36"))).toBe("Pending")
  expect(podMessages(facts("1.36"))).toContain(
    'FailedMount x6: MountVolume.SetUp failed for volume "v" : git-repo volume plugin has been disabled; if necessary, it may be re-enabled by enabling the feature-gate `GitRepoVolumeDriver`'
  )
  expect(phaseOf(facts("1.32"))).toBe("Running")
})

describe("a volume of any kind", () => {
  it("S-291: is there before any container, and goes after the last one has", () => {
    const facts = simulate({
      steps: [
        apply("p", { volumes: [{ name: "v", configMap: { name: "late" } }], containers: [container("main")] }),
        { at: "5s", apply: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "late" }, data: { a: "b" } } },
        remove("p", "60s")
      ],
      until: "120s"
    })
    const moments = podMoments(facts)
    expect(when(moments, (pod) => containerState(pod) === "running").seconds).toBeGreaterThan(5)
    const ended = moments.findIndex(
      ({ pod }) => pod.metadata.deletionTimestamp !== undefined && containerState(pod) === "terminated"
    )
    expect(ended).toBeGreaterThan(0)
    expect(moments.at(-1)?.change).toBe("DELETED")
    expect(moments.length - 1).toBeGreaterThan(ended)
  })

  const expanded = (subPathExpr: string, env: ReadonlyArray<object>) => {
    const mount = { name: "v", mountPath: "/v", subPathExpr }
    return simulate({
      steps: [apply("p", { volumes: emptyDir({}), containers: [container("main", { env, volumeMounts: [mount] })] })],
      until: "9s"
    })
  }
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } })

  it("S-301: is mounted at a path of variables that the pod defines", () => {
    expect(
      phaseOf(expanded("logs/$(POD)/$(WHERE)", [field("POD", "metadata.name"), { name: "WHERE", value: "$(POD)-x" }]))
    ).toBe("Running")
  })

  it.each([
    ["$(HOSTNAME)/$(B)/$(A)", [], "missing value for A, B, HOSTNAME"],
    ["$(ROLE)", [field("ROLE", "metadata.labels['role']")], "missing value for ROLE"],
    ["$(DIR)", [{ name: "DIR", value: "/etc" }], "error SubPath `/etc` must not be an absolute path"],
    ["a/$(DIR)", [{ name: "DIR", value: ".." }], "unable to provision SubPath `a/..`: must not contain '..'"]
  ])("S-301: at %j it is not, and the container waits with the reason", (subPathExpr, env, message) => {
    const facts = expanded(subPathExpr, env)
    const waiting = when(
      podMoments(facts),
      (pod) => pod.status.containerStatuses?.[0]?.state?.waiting?.["reason"] === "CreateContainerConfigError"
    ).pod.status.containerStatuses?.[0]?.state?.waiting
    expect(waiting?.["message"]).toBe(message)
    expect(podMessages(facts)).toContainEqual(expect.stringMatching(/^Failed x\d: Error: /))
    expect(podMessages(facts).map((event) => event.replace(/ x\d/, ""))).toContain(`Failed: Error: ${message}`)
  })
})
