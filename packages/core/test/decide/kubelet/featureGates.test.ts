/** Versions: their gates, and what each of them changes in objects and words. */
import { describe, expect, it } from "vitest"
import { dropDisabledFields } from "../../../src/decide/apiserver/dropDisabledFields.ts"
import { containerCreated, containerStarted } from "../../../src/decide/kubelet/containerEvents.ts"
import { dropDisabledConditions, dropDisabledStatus } from "../../../src/decide/kubelet/dropDisabledStatus.ts"
import {
  type FeatureGate,
  type KubernetesRelease,
  latestRelease,
  releaseOf
} from "../../../src/decide/kubelet/featureGates.ts"
import { backOffFailure, imageWords } from "../../../src/decide/kubelet/images/imageWords.ts"
import { parsePod } from "../../../src/state/parsePod.ts"

const release = (version: string): KubernetesRelease => {
  const found = releaseOf(version)
  if (found === undefined) throw new Error(version)
  return found
}

describe("releaseOf", () => {
  it.each([
    ["1.29", "v1.29.0"],
    ["v1.33.4", "v1.33.4"],
    ["1.36.3", "v1.36.3"]
  ])("%s is %s", (text, version) => expect(release(text).version).toBe(version))

  it.each(["1.28", "1.37", "2.0", "1", "latest", "1.33-rc.1", "v1.33.4.5", ""])("of %j nothing is known", (text) =>
    expect(releaseOf(text)).toBeUndefined()
  )

  it("the newest one is that of the recordings", () => {
    expect(release("v1.36.3")).toEqual(latestRelease)
  })

  it.each<readonly [FeatureGate, string, boolean]>([
    ["SidecarContainers", "1.29", true],
    ["PodReadyToStartContainersCondition", "1.29", true],
    ["InPlacePodVerticalScaling", "1.32", false],
    ["InPlacePodVerticalScaling", "1.33", true],
    ["PodObservedGenerationTracking", "1.33", false],
    ["PodObservedGenerationTracking", "1.34", true],
    ["PodLevelResources", "1.33", false],
    ["PodLevelResources", "1.34", true],
    ["ContainerRestartRules", "1.34", false],
    ["ContainerRestartRules", "1.35", true],
    ["KubeletCrashLoopBackOffMax", "1.34", false],
    ["KubeletCrashLoopBackOffMax", "1.35", true],
    ["ImageVolume", "1.34", false],
    ["ImageVolume", "1.35", true],
    ["PLEGOnDemandRelist", "1.35", false],
    ["PLEGOnDemandRelist", "1.36", true],
    ["RestartAllContainersOnContainerExits", "1.35", false],
    ["RestartAllContainersOnContainerExits", "1.36", true],
    ["ReduceDefaultCrashLoopBackOffDecay", "1.36", false],
    ["ContainerStopSignals", "1.36", false],
    ["EnvFiles", "1.34", false],
    ["EnvFiles", "1.35", true],
    ["HostnameOverride", "1.34", false],
    ["HostnameOverride", "1.35", true],
    ["ImageVolume", "1.34", false],
    ["ImageVolume", "1.35", true],
    ["InPlacePodVerticalScalingInitContainers", "1.35", false],
    ["InPlacePodVerticalScalingInitContainers", "1.36", true],
    ["PodLifecycleSleepActionAllowZero", "1.32", false],
    ["PodLifecycleSleepActionAllowZero", "1.33", true],
    ["UserNamespacesSupport", "1.32", false],
    ["UserNamespacesSupport", "1.33", true]
  ])("X-12: %s in %s: %s", (gate, version, on) => expect(release(version).gates[gate]).toBe(on))
})

describe("the words of Events", () => {
  it.each([
    ["1.29", "Created container c", "Started container c"],
    ["1.31", "Created container c", "Started container c"],
    ["1.32", "Created container: c", "Started container c"],
    ["1.34", "Created container: c", "Started container c"],
    ["1.35", "Container created", "Container started"],
    ["1.36", "Container created", "Container started"]
  ])("of %s for a container that is created and started", (version, created, started) => {
    expect([containerCreated(release(version), "c"), containerStarted(release(version), "c")]).toEqual([
      created,
      started
    ])
  })

  it("T-10: an image that is present may be used by the pod since 1.35", () => {
    expect(imageWords.present("i", release("1.34"))).toBe('Container image "i" already present on machine')
    expect(imageWords.present("i", release("1.35"))).toContain(
      "already present on machine and can be accessed by the pod"
    )
  })

  it("a pulled image has a size since 1.30", () => {
    expect(imageWords.pulled("i", { pull: 1_000, whole: 2_000, size: 7 }, release("1.29"))).toBe(
      'Successfully pulled image "i" in 1ms (2ms including waiting)'
    )
    expect(imageWords.pulled("i", { pull: 1_000, whole: 2_000, size: 7 }, release("1.30"))).toMatch(
      / Image size: 7 bytes\.$/
    )
  })

  it("T-11: the error of the pull before is in state.waiting since 1.32", () => {
    const before = { reason: "ErrImagePull", message: "no" } as const
    expect(backOffFailure("i", before, release("1.31")).message).toBe('Back-off pulling image "i"')
    expect(backOffFailure("i", before, release("1.32")).message).toBe('Back-off pulling image "i": ErrImagePull: no')
  })
})

const pod = parsePod({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", generation: 1 },
  spec: { containers: [{ name: "c", image: "i" }] },
  status: {
    phase: "Running",
    observedGeneration: 1,
    resources: {},
    allocatedResources: { cpu: "1" },
    conditions: [{ type: "Ready", status: "True", observedGeneration: 1 }],
    containerStatuses: [
      {
        ...{ name: "c", ready: true, restartCount: 0, image: "i", imageID: "x" },
        ...{ resources: {}, allocatedResources: {}, volumeMounts: [], user: {} }
      }
    ]
  }
})

describe("dropDisabledStatus", () => {
  const fields = (version: string): ReadonlyArray<string> => {
    const { allocatedResources, conditions, containers, observedGeneration, resources } = dropDisabledStatus(
      pod,
      release(version)
    )
    const [container] = containers
    const shown = {
      observedGeneration,
      resources,
      allocatedResources,
      "condition.observedGeneration": conditions[0]?.observedGeneration,
      "container.resources": container?.resources,
      "container.allocatedResources": container?.allocatedResources,
      "container.volumeMounts": container?.volumeMounts,
      "container.user": container?.user
    }
    return Object.entries(shown).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  }

  it.each([
    ["1.30", []],
    ["1.31", ["container.volumeMounts"]],
    ["1.33", ["container.resources", "container.allocatedResources", "container.volumeMounts", "container.user"]],
    [
      "1.35",
      [
        "observedGeneration",
        "condition.observedGeneration",
        "container.resources",
        "container.allocatedResources",
        "container.volumeMounts",
        "container.user"
      ]
    ],
    [
      "1.36",
      [
        "observedGeneration",
        "resources",
        "allocatedResources",
        "condition.observedGeneration",
        "container.resources",
        "container.allocatedResources",
        "container.volumeMounts",
        "container.user"
      ]
    ]
  ])("K-191, K-209, K-213: %s reports %j", (version, names) => expect(fields(version)).toEqual(names))

  it("leaves the conditions of other writers alone but for that", () => {
    const condition = { type: "x", observedGeneration: 1 }
    expect(dropDisabledConditions([condition], release("1.33"))).toEqual([{ type: "x" }])
    expect(dropDisabledConditions([condition], release("1.34"))).toEqual([condition])
  })
})

describe("dropDisabledFields", () => {
  const spec = {
    resources: { limits: { cpu: "1" } },
    containers: [
      {
        name: "c",
        resizePolicy: [{ resourceName: "cpu", restartPolicy: "NotRequired" }],
        restartPolicyRules: [],
        lifecycle: { stopSignal: "SIGUSR1", preStop: { sleep: { seconds: 1 } } }
      }
    ],
    initContainers: [{ name: "i", resizePolicy: [] }]
  }
  const container = (version: string) =>
    (dropDisabledFields(spec, release(version))["containers"] as ReadonlyArray<object>)[0]

  it("keeps what the version knows", () => {
    expect(dropDisabledFields(spec, release("1.36"))).toHaveProperty("resources")
    expect(dropDisabledFields(spec, release("1.33"))).not.toHaveProperty("resources")
    expect(Object.keys(container("1.35") ?? {})).toEqual(["name", "resizePolicy", "restartPolicyRules", "lifecycle"])
    expect(Object.keys(container("1.34") ?? {})).toEqual(["name", "resizePolicy", "lifecycle"])
    expect(Object.keys(container("1.32") ?? {})).toEqual(["name", "lifecycle"])
    expect(dropDisabledFields(spec, release("1.32"))["initContainers"]).toEqual([{ name: "i" }])
  })

  it("no version has stop signals by default, and 1.29 no hook that sleeps", () => {
    expect(container("1.36")).toMatchObject({ lifecycle: { preStop: { sleep: { seconds: 1 } } } })
    expect(container("1.36")).not.toHaveProperty("lifecycle.stopSignal")
    expect(container("1.29")).not.toHaveProperty("lifecycle")
  })

  it("K-071: a container's own restart policy is dropped in 1.34, and left to be refused before; sidecars keep theirs", () => {
    const policies = (version: string) => {
      const given = (name: string, restartPolicy: string) => ({ name, restartPolicy, restartPolicyRules: [] })
      const mixed = {
        initContainers: [given("sidecar", "Always"), given("init", "Never")],
        containers: [given("main", "Always")]
      }
      const { containers, initContainers } = dropDisabledFields(mixed, release(version))
      return [initContainers, containers].flatMap((list) =>
        (list as ReadonlyArray<{ readonly restartPolicy?: string }>).map(({ restartPolicy }) => restartPolicy)
      )
    }
    expect(policies("1.35")).toEqual(["Always", "Never", "Always"])
    expect(policies("1.34")).toEqual(["Always", undefined, undefined])
    expect(policies("1.33")).toEqual(["Always", "Never", "Always"])
  })

  it("without SidecarContainers an init container has no restart policy", () => {
    const none = { ...release("1.29"), gates: { ...release("1.29").gates, SidecarContainers: false } }
    const sidecar = { initContainers: [{ name: "i", restartPolicy: "Always" }] }
    expect(dropDisabledFields(sidecar, none)).toEqual({ initContainers: [{ name: "i" }] })
    expect(dropDisabledFields(sidecar, release("1.29"))).toEqual(sidecar)
  })

  it("a hook that sleeps goes, the other hook and other handlers stay", () => {
    const lifecycle = { preStop: { sleep: { seconds: 1 } }, postStart: { exec: { command: ["a"] } } }
    const [kept] = dropDisabledFields({ containers: [{ lifecycle }] }, release("1.29"))[
      "containers"
    ] as ReadonlyArray<object>
    expect(kept).toEqual({ lifecycle: { postStart: { exec: { command: ["a"] } } } })
  })

  it.each<readonly [string, string, string, object]>([
    ["hostUsers", "1.32", "1.33", { hostUsers: false }],
    ["hostnameOverride", "1.34", "1.35", { hostnameOverride: "h" }],
    ["supplementalGroupsPolicy", "1.32", "1.33", { securityContext: { supplementalGroupsPolicy: "Strict" } }],
    [
      "recursiveReadOnly",
      "1.30",
      "1.31",
      { containers: [{ volumeMounts: [{ name: "v", recursiveReadOnly: "Enabled" }] }] }
    ],
    ["fileKeyRef", "1.34", "1.35", { containers: [{ env: [{ name: "E", valueFrom: { fileKeyRef: { key: "k" } } }] }] }],
    ["image", "1.34", "1.35", { volumes: [{ name: "v", image: {} }], containers: [{ volumeMounts: [{ name: "v" }] }] }]
  ])("%s is not in %s, and is in %s", (field, before, since, given) => {
    expect(JSON.stringify(dropDisabledFields(given as never, release(before)))).not.toContain(`"${field}"`)
    expect(dropDisabledFields(given as never, release(since))).toEqual(given)
  })

  it("with a volume from an image goes what is mounted of it, and nothing else", () => {
    const given = {
      volumes: [{ name: "v", image: {} }, { name: "w" }],
      containers: [{ volumeMounts: [{ name: "v" }, { name: "w" }] }]
    }
    expect(dropDisabledFields(given, release("1.34"))).toEqual({
      volumes: [{ name: "w" }],
      containers: [{ volumeMounts: [{ name: "w" }] }]
    })
  })
})
