/** What users of Kubernetes are told of a pod's containers: what each has for itself, what they share, what a restart leaves. */
import { type ClusterEvent, type Instant, type PodObject, podColumns } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { type Given, podManifest, podMoments, simulate, timedEvents, when } from "../given.ts"

const zero = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]
const apply = (spec: object) => ({ at: "0s", apply: { ...podManifest("p", []), spec } })
const container = (name: string, more: object = {}) => ({ name, image: "busybox:1", ...more })
const last = (facts: ReadonlyArray<ClusterEvent>): PodObject => {
  const moment = podMoments(facts).at(-1)
  if (moment === undefined) throw new Error("no pod was seen")
  return moment.pod
}
const isEvicted = ({ status }: PodObject) => status.reason === "Evicted"
const startsOf = (facts: ReadonlyArray<ClusterEvent>) =>
  timedEvents(facts)
    .filter((line) => line.includes(" Started "))
    .map((line) => line.split(" ").at(-1))

describe("a restart", () => {
  const mounted = { volumeMounts: [{ name: "cache", mountPath: "/cache" }] }
  const volumes = [{ name: "cache", emptyDir: { sizeLimit: "1Mi" } }]
  const observe = (volume: string, more: object, spec: object) =>
    podMoments(
      simulate({
        nodes: zero,
        // It writes before anybody measures, and ends; the next instance writes nothing.
        runs: { main: [{ exitAfter: "500ms", exitCode: 0, writes: [{ at: "0s", volume, size: "2Mi" }] }, {}] },
        steps: [apply({ ...spec, containers: [container("main", more)] })],
        until: "300s"
      })
    )

  it("S-076: leaves what is in a volume, and nothing of the container's own files", () => {
    const ephemeral = { resources: { limits: { "ephemeral-storage": "1Mi" } } }
    const inVolume = observe("cache", mounted, { volumes })
    expect(when(inVolume, isEvicted).pod.status).toMatchObject({
      containerStatuses: [{ restartCount: 1 }],
      message: 'Usage of EmptyDir volume "cache" exceeds the limit "1Mi". '
    })
    const own = observe("(rootfs)", ephemeral, {})
    expect(own.some(({ pod }) => isEvicted(pod))).toBe(false)
    expect(own.at(-1)?.pod.status).toMatchObject({ phase: "Running", containerStatuses: [{ restartCount: 1 }] })
  })

  it("S-272: begins a new log file; the old one is kept, and counts", () => {
    const line = (text: string) => [{ at: "1s", line: text }]
    const facts = (limit: string) =>
      simulate({
        nodes: zero,
        runs: {
          main: [
            { exitAfter: "2s", exitCode: 1, log: line("a".repeat(1_500)) },
            { exitAfter: "30s", exitCode: 1, log: line("b".repeat(1_500)) },
            {}
          ]
        },
        steps: [
          apply({
            containers: [
              container("main", {
                terminationMessagePolicy: "FallbackToLogsOnError",
                resources: { limits: { "ephemeral-storage": limit } }
              })
            ]
          })
        ],
        until: "90s"
      })
    const messages = podMoments(facts("4Ki")).flatMap(
      ({ pod }) => pod.status.containerStatuses?.[0]?.lastState?.terminated?.["message"] ?? []
    )
    expect([...new Set(messages)]).toEqual([`${"a".repeat(1_500)}\n`, `${"b".repeat(1_500)}\n`])
    // One of them is within the limit, both together are not.
    expect(podMoments(facts("4Ki")).some(({ pod }) => isEvicted(pod))).toBe(false)
    expect(when(podMoments(facts("2Ki")), isEvicted).seconds).toBeGreaterThan(4)
  })

  it("S-370: shows in three Events: the image is present, the container created, then started", () => {
    const facts = simulate({
      nodes: zero,
      images: [{ image: "*", pull: "1s" }],
      runs: { main: [{ exitAfter: "5s", exitCode: 1 }, {}] },
      steps: [apply({ containers: [container("main")] })],
      until: "30s"
    })
    const lines = timedEvents(facts).map((line) => line.split(" ").slice(1))
    expect(lines.slice(-3).map(([reason]) => reason)).toEqual(["Pulled", "Created", "Started"])
    expect(lines.at(-3)?.slice(2).join(" ")).toBe(
      'Container image "busybox:1" already present on machine and can be accessed by the pod'
    )
    const ids = podMoments(facts).flatMap(({ pod }) => pod.status.containerStatuses?.[0]?.containerID ?? [])
    expect(new Set(ids).size).toBe(2)
  })
})

describe("init containers", () => {
  const files = {
    volumes: [
      { name: "content", emptyDir: { sizeLimit: "1Mi" } },
      { name: "token", secret: { secretName: "registration" } }
    ]
  }
  const secret = {
    at: "0s",
    apply: { apiVersion: "v1", kind: "Secret", metadata: { name: "registration" }, stringData: { token: "t" } }
  }

  it("S-129: what one writes into a volume is there when the main containers run", () => {
    const run = (exitAfter: string) =>
      simulate({
        nodes: zero,
        runs: { i: [{ exitAfter, writes: [{ at: "0s", volume: "content", size: "2Mi" }] }] },
        steps: [
          secret,
          apply({
            ...files,
            initContainers: [container("i", { volumeMounts: [{ name: "content", mountPath: "/out" }] })],
            containers: [container("main", { volumeMounts: [{ name: "content", mountPath: "/in" }] })]
          })
        ],
        until: "300s"
      })
    // The volume is first measured long after the init container's end: what is in it is the pod's.
    const facts = run("500ms")
    const { pod, seconds } = when(podMoments(facts), isEvicted)
    const [main = 0] = timedEvents(facts)
      .filter((line) => line.endsWith("Started main"))
      .map((line) => Number.parseInt(line, 10))
    expect(seconds).toBeGreaterThan(main)
    expect(pod.status.message).toBe('Usage of EmptyDir volume "content" exceeds the limit "1Mi". ')
  })

  it("S-132, S-144, S-145: each container mounts what it names, where and how it says; the others do not see it", () => {
    const facts = simulate({
      nodes: zero,
      runs: { i: [{ exitAfter: "1s" }] },
      steps: [
        secret,
        apply({
          ...files,
          automountServiceAccountToken: false,
          initContainers: [container("i", { volumeMounts: [{ name: "token", mountPath: "/token", readOnly: true }] })],
          containers: [
            container("writer", { volumeMounts: [{ name: "content", mountPath: "/var/out" }] }),
            container("reader", { volumeMounts: [{ name: "content", mountPath: "/usr/in", readOnly: true }] }),
            container("neither")
          ]
        })
      ],
      until: "20s"
    })
    const { status } = last(facts)
    const mounts = (all: PodObject["status"]["containerStatuses"]) =>
      Object.fromEntries(
        (all ?? []).map(({ name, volumeMounts }) => [
          name,
          (volumeMounts as ReadonlyArray<{ name: string; mountPath: string; readOnly?: boolean }> | undefined)?.map(
            (mount) => `${mount.name} ${mount.mountPath} ${mount.readOnly === true ? "ro" : "rw"}`
          )
        ])
      )
    expect(status.phase).toBe("Running")
    expect(mounts(status.initContainerStatuses)).toEqual({ i: ["token /token ro"] })
    expect(mounts(status.containerStatuses)).toEqual({
      writer: ["content /var/out rw"],
      reader: ["content /usr/in ro"],
      neither: undefined
    })
  })

  it("S-113: are declared in a list of their own, are containers like any other, and come first", () => {
    const ordinary = {
      env: [{ name: "A", value: "1" }],
      resources: { requests: { cpu: "10m" } },
      ports: [{ containerPort: 80 }],
      imagePullPolicy: "Always"
    }
    const facts = simulate({
      nodes: zero,
      images: [{ image: "*", pull: "1s" }],
      runs: { i: [{ exitAfter: "2s" }] },
      steps: [apply({ containers: [container("main", ordinary)], initContainers: [container("i", ordinary)] })],
      until: "20s"
    })
    const { spec, status } = last(facts)
    const [init] = spec.initContainers ?? []
    // The same defaults are filled in, the same things are reported.
    expect({ ...init, name: "main" }).toEqual(spec.containers[0])
    expect(Object.keys(status.initContainerStatuses?.[0] ?? {}).sort()).toEqual(
      Object.keys(status.containerStatuses?.[0] ?? {}).sort()
    )
    expect(startsOf(facts)).toEqual(["i", "main"])
  })
})

describe("READY and STATUS", () => {
  /** Each `READY STATUS` that was to be seen, the last one first. */
  const columns = (spec: object, runs: Given["runs"] = {}) =>
    podMoments(simulate({ nodes: zero, runs, steps: [apply(spec)], until: "15s" }))
      .map(({ pod }) =>
        podColumns(pod, 0 as Instant)
          .slice(1, 3)
          .join(" ")
      )
      .reverse()
  const crashes = [{ exitAfter: "1s", exitCode: 1 }]
  const unready = { readinessProbe: { exec: { command: ["check"] }, periodSeconds: 1 } }
  const fails = [{ execs: [{ command: ["check"], exitCode: 1 }] }]

  it("S-148: sum up all regular containers and sidecars, and no init container that ends", () => {
    const two = { containers: [container("a"), container("b")] }
    expect(columns(two)[0]).toBe("2/2 Running")
    expect(columns(two, { b: crashes })).toContain("1/2 CrashLoopBackOff")
    expect(columns({ containers: [container("a"), container("b", unready)] }, { b: fails })[0]).toBe("1/2 Running")
    const init = { ...two, initContainers: [container("i"), container("s", { restartPolicy: "Always" })] }
    expect(columns(init, { i: [{ exitAfter: "1s" }] })[0]).toBe("3/3 Running")
    const sidecar = { ...two, initContainers: [container("s", { restartPolicy: "Always", ...unready })] }
    expect(columns(sidecar, { s: fails })[0]).toBe("2/3 Running")
  })
})
