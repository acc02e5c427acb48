/** Pods that wait for something that is not there, and what happens when it comes. */
import { describe, expect, it } from "vitest"
import { containerState, podManifest, podMessages, podMoments, simulate, waitingReasons, when } from "../given.ts"

const apply = (manifest: object, at = "0s") => ({ at, apply: manifest })
const podWith = (container: object, spec: object = {}) => ({
  ...podManifest("p", []),
  spec: { ...spec, containers: [{ name: "main", image: "busybox:1", ...container }] }
})
const configMap = (name: string, data: object = { a: "1" }) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data
})
const mounted = (volume: object) =>
  podWith({ volumeMounts: [{ name: "v", mountPath: "/v" }] }, { volumes: [{ name: "v", ...volume }] })
const runningAt = (facts: ReturnType<typeof simulate>) =>
  when(podMoments(facts), (pod) => containerState(pod) === "running").seconds

describe("a missing ConfigMap in the environment", () => {
  const given = {
    steps: [apply(podWith({ envFrom: [{ configMapRef: { name: "later" } }] })), apply(configMap("later"), "20s")],
    until: "45s"
  }
  const facts = simulate(given)

  it("X-04, K-135: CreateContainerConfigError, an extra attempt at once and then every 10 to 16 seconds, until it is there", () => {
    expect(waitingReasons(podMoments(facts))).toEqual(["ContainerCreating", "CreateContainerConfigError"])
    const start = runningAt(facts)
    expect(start).toBeGreaterThan(20)
    expect(start).toBeLessThan(37)
    const { pod } = when(podMoments(facts), ({ status }) => status.phase === "Running")
    expect(pod.status.containerStatuses?.[0]?.restartCount).toBe(0)
  })

  it("K-132: Events word for word", () => {
    expect(podMessages(facts)).toContainEqual(expect.stringMatching(/^Failed x\d: Error: configmap "later" not found$/))
  })

  it("is no fact itself, nor is a Secret", () => {
    const kinds = simulate({
      ...given,
      steps: [...given.steps, apply({ ...configMap("s"), kind: "Secret", data: { a: "MQ==" } }, "1s")]
    }).flatMap((fact) => (fact._tag === "ObjectChanged" ? [fact.object.kind] : []))
    expect([...new Set(kinds)].sort()).toEqual(["Event", "Namespace", "Node", "Pod"])
  })
})

it("K-133: an image of root under runAsNonRoot is not started", () => {
  const facts = simulate({ steps: [apply(podWith({ securityContext: { runAsNonRoot: true } }))], until: "5s" })
  expect(waitingReasons(podMoments(facts))).toEqual(["ContainerCreating", "CreateContainerConfigError"])
  expect(podMessages(facts).at(-1)).toMatch(
    /^Failed x2: Error: container has runAsNonRoot and image will run as root \(pod: "p_test\(.*\)", container: main\)$/
  )
})

describe("pull secrets", () => {
  const auths = Buffer.from(JSON.stringify({ auths: { "r.example.com": { auth: "eDp5" } } })).toString("base64")
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "creds" },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": auths }
  }
  const images = [{ image: "r.example.com/*", error: "Unauthorized", pull: "1s" }]
  const privatePod = (name: string, pullSecrets: ReadonlyArray<object>) => ({
    ...podManifest(name, []),
    spec: { imagePullSecrets: pullSecrets, containers: [{ name: "main", image: "r.example.com/app:1" }] }
  })

  it("section 7.3: one that is missing is told at every sync; when it comes the pull succeeds", () => {
    const facts = simulate({
      images,
      steps: [apply(privatePod("p", [{ name: "creds" }])), apply(secret, "15s")],
      until: "60s"
    })
    const messages = podMessages(facts)
    expect(messages).toContainEqual(
      expect.stringMatching(
        /^FailedToRetrieveImagePullSecret x\d: Unable to retrieve some image pull secrets \(creds\); attempting to pull the image may not succeed\.$/
      )
    )
    expect(messages).toContainEqual(
      expect.stringMatching(/^Failed x\d: Failed to pull image .* no basic auth credentials$/)
    )
    expect(messages).toContainEqual(
      expect.stringMatching(/^Pulled x1: Successfully pulled image "r.example.com\/app:1" in 1s/)
    )
    expect(runningAt(facts)).toBeGreaterThan(15)
  })

  it("K-121: a pod without the secret may not use what was pulled with it", () => {
    const facts = simulate({
      images,
      steps: [apply(secret), apply(privatePod("p", [{ name: "creds" }])), apply(privatePod("q", []), "5s")],
      until: "8s"
    })
    expect(waitingReasons(podMoments(facts, "q"))).toContain("ErrImagePull")
    expect(runningAt(facts)).toBeLessThan(5)
  })
})

describe("a volume that cannot be mounted", () => {
  it.each([
    [{ configMap: { name: "later" } }, 'configmap "later" not found'],
    [{ secret: { secretName: "later" } }, 'secret "later" not found'],
    [{ projected: { sources: [{ configMap: { name: "later" } }] } }, 'configmap "later" not found'],
    [{ hostPath: { path: "/no/such", type: "Directory" } }, "hostPath type check failed: /no/such is not a directory"]
  ])("section 7.3, S-303, S-337: FailedMount for %j; the pod stays ContainerCreating", (volume, why) => {
    const facts = simulate({ steps: [apply(mounted(volume))], until: "20s" })
    expect(waitingReasons(podMoments(facts))).toEqual(["ContainerCreating"])
    // At 0.1 s, then after 0.5, 1, 2, 4 and 8 seconds.
    expect(podMessages(facts)).toContain(`FailedMount x6: MountVolume.SetUp failed for volume "v" : ${why}`)
  })

  it("is mounted after the back-off when the object comes", () => {
    const facts = simulate({
      steps: [apply(mounted({ configMap: { name: "later" } })), apply(configMap("later"), "9s")],
      until: "40s"
    })
    const start = runningAt(facts)
    expect(start).toBeGreaterThan(15)
    expect(start).toBeLessThan(19)
  })

  it("T-39, K-330: the wait gives up after 2m3s without an Event of its own, and begins again", () => {
    const facts = simulate({ steps: [apply(mounted({ configMap: { name: "later" } }))], until: "300s" })
    expect(podMessages(facts).filter((event) => !event.startsWith("Scheduled"))).toEqual([
      expect.stringMatching(/^FailedMount x\d+: MountVolume.SetUp failed for volume "v" : configmap "later" not found$/)
    ])
  })

  it("K-013: the end of the pod interrupts the wait", () => {
    const facts = simulate({
      steps: [apply(mounted({ configMap: { name: "later" } })), { at: "5s", delete: { kind: "Pod", name: "p" } }],
      until: "20s"
    })
    const gone = podMoments(facts).find(({ change }) => change === "DELETED")
    expect(gone?.seconds).toBeLessThan(8)
  })

  it("a volume that no container uses is not mounted, and optional ones may be missing", () => {
    const unused = simulate({
      steps: [apply(podWith({}, { volumes: [{ name: "v", configMap: { name: "later" } }] }))],
      until: "5s"
    })
    expect(runningAt(unused)).toBeLessThan(3)
    const optional = simulate({
      steps: [apply(mounted({ configMap: { name: "later", optional: true } }))],
      until: "5s"
    })
    expect(runningAt(optional)).toBeLessThan(3)
  })

  it("one that goes while the pod runs is told at the next sync, and the pod runs on", () => {
    const facts = simulate({
      steps: [
        apply(configMap("cm")),
        apply(mounted({ configMap: { name: "cm" } })),
        { at: "5s", delete: { kind: "ConfigMap", name: "cm" } }
      ],
      until: "120s"
    })
    expect(podMessages(facts)).toContainEqual(expect.stringMatching(/^FailedMount x\d+: .*configmap "cm" not found$/))
    expect(podMoments(facts).at(-1)?.pod.status.phase).toBe("Running")
  })

  it("K-330: a claim that nobody has ends the wait with an Event", () => {
    const manifest = mounted({ persistentVolumeClaim: { claimName: "none" } })
    const facts = simulate({
      steps: [apply({ ...manifest, spec: { ...manifest.spec, nodeName: "n-1" } })],
      until: "20s"
    })
    expect(podMessages(facts)).toContainEqual(
      expect.stringMatching(
        /^FailedMount x[23]: Unable to attach or mount volumes: unmounted volumes=\[v\], unattached volumes=\[\], failed to process volumes=\[v\]: error processing PVC test\/none: failed to fetch PVC from API server: persistentvolumeclaims "none" not found$/
      )
    )
  })
})

it("C-012: a pod of a service account that is not there is refused; one that is there gives its pull secrets", () => {
  const facts = simulate({
    steps: [
      apply({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "robot" },
        imagePullSecrets: [{ name: "s" }]
      }),
      apply({ ...podManifest("q", ["main"], { serviceAccountName: "nobody" }) }),
      apply({ ...podManifest("p", ["main"], { serviceAccountName: "robot" }) })
    ],
    until: "3s"
  })
  expect(podMoments(facts, "q")).toEqual([])
  expect(podMoments(facts)[0]?.pod.spec["imagePullSecrets"]).toEqual([{ name: "s" }])
})
