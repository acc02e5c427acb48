/** Which changes to stored objects the API server takes, and its words for those that it does not. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { admitPodResize } from "../../../src/decide/apiserver/admitPodResize.ts"
import { createPod } from "../../../src/decide/apiserver/createPod.ts"
import { mergePatch } from "../../../src/decide/apiserver/mergePatch.ts"
import { updateObject } from "../../../src/decide/apiserver/updateObject.ts"
import { releaseOf } from "../../../src/decide/kubelet/featureGates.ts"
import type { Json, JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../src/event/KubernetesObject.ts"
import { container, manifest, names, stored } from "./pods.ts"

const resources = { requests: { cpu: "100m" }, limits: { cpu: "200m" } }
const old = stored(
  manifest({
    containers: [container({ resources })],
    activeDeadlineSeconds: 60,
    tolerations: [{ key: "own", operator: "Exists", effect: "NoExecute" }]
  })
)

const update = (patch: Json, subresource = "", from: KubernetesObject = old) =>
  updateObject(from, mergePatch(from, patch) as JsonObject, subresource)

const taken = (patch: Json, subresource = "", from: KubernetesObject = old): PodObject =>
  Result.getOrThrow(update(patch, subresource, from)) as PodObject

const refusal = (patch: Json, subresource = "", from: KubernetesObject = old): string => {
  const result = update(patch, subresource, from)
  return Result.isFailure(result) ? `${result.failure.code} ${result.failure.message}` : "taken"
}

const withContainer = (fields: JsonObject): Json => ({
  spec: { containers: [{ ...old.spec.containers[0], ...fields }] }
})

describe("an update of a pod", () => {
  it("S-021: changes the image: one generation more, the status as it was", () => {
    const next = taken({ ...(withContainer({ image: "nginx:2" }) as JsonObject), status: { phase: "Failed" } })
    expect(next.spec.containers[0]?.image).toBe("nginx:2")
    expect(next.metadata.generation).toBe(2)
    expect(next.status).toEqual(old.status)
  })

  it("C-025: labels leave the generation", () => {
    expect(taken({ metadata: { labels: { a: "b" } } }).metadata).toMatchObject({ labels: { a: "b" }, generation: 1 })
  })

  it("C-028: that changes nothing is the object itself", () => {
    expect(taken({ metadata: { generation: 9, deletionTimestamp: "2026-01-01T00:00:00Z" } })).toBe(old)
  })

  it("keeps what admission wrote where the client takes it away", () => {
    expect(taken({ metadata: { labels: { a: "b" } }, spec: { priority: null } }).spec).toEqual(old.spec)
  })

  const fields =
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
  it.each<[string, Json, string]>([
    ["another field", { spec: { restartPolicy: "Never" } }, `spec: Forbidden: ${fields}`],
    ["resources", withContainer({ resources: {} }), `spec: Forbidden: ${fields}`],
    [
      "a container more",
      { spec: { containers: [old.spec.containers[0] as JsonObject, container({ name: "d" })] } },
      "spec.containers: Forbidden: pod updates may not add or remove containers"
    ],
    [
      "a longer deadline",
      { spec: { activeDeadlineSeconds: 61 } },
      "spec.activeDeadlineSeconds: Invalid value: 61: must be less than or equal to previous value"
    ],
    [
      "no deadline any more",
      { spec: { activeDeadlineSeconds: null } },
      "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value"
    ],
    [
      "another toleration",
      { spec: { tolerations: [{ key: "x", operator: "Exists" }] } },
      "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"
    ],
    [
      "a scheduling gate",
      { spec: { schedulingGates: [{ name: "a/b" }] } },
      "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'a/b'"
    ],
    ["another uid", { metadata: { uid: "x" } }, 'metadata.uid: Invalid value: "x": field is immutable'],
    [
      "a bad label",
      { metadata: { labels: { "-": "b" } } },
      'metadata.labels: Invalid value: "-": name part must consist'
    ]
  ])("S-021: refuses %s", (_, patch, text) => {
    expect(refusal(patch)).toMatch(/^422 /)
    expect(refusal(patch)).toContain(text)
  })

  it("C-111, S-021: takes a shorter deadline, more tolerations and other tolerationSeconds", () => {
    const tolerations = [
      { key: "more", operator: "Exists" },
      ...(old.spec.tolerations ?? []).map((toleration) => ({ ...toleration, tolerationSeconds: 5 }))
    ]
    expect(taken({ spec: { activeDeadlineSeconds: 30, tolerations } }).spec).toMatchObject({
      activeDeadlineSeconds: 30,
      tolerations
    })
  })

  it("C-117: adds no finalizer once the pod is being deleted", () => {
    const deleted = { ...old, metadata: { ...old.metadata, deletionTimestamp: "2026-01-01T00:00:30Z" } }
    expect(refusal({ metadata: { finalizers: ["b/a"] } }, "", deleted)).toContain(
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"b/a"}'
    )
  })
})

describe("a resize", () => {
  const cpu = (request: string, limit: string) =>
    withContainer({ image: "other", resources: { requests: { cpu: request }, limits: { cpu: limit } } })

  it("C-125, S-021: changes resources and nothing else", () => {
    const next = taken(cpu("150m", "300m"), "resize")
    expect(next.spec.containers[0]).toMatchObject({ image: "nginx:1.27", resources: { requests: { cpu: "150m" } } })
    expect(next.metadata.generation).toBe(2)
  })

  it.each<[string, Json, string]>([
    [
      "a change of the class of service",
      withContainer({ resources: { requests: { cpu: "1", memory: "1Mi" }, limits: { cpu: "1", memory: "1Mi" } } }),
      'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'
    ],
    [
      "taking a limit away",
      withContainer({ resources: { requests: { cpu: "100m" } } }),
      "spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed"
    ],
    [
      "other resources",
      withContainer({ resources: { requests: { cpu: "100m", "ephemeral-storage": "1Gi" }, limits: { cpu: "200m" } } }),
      "spec: Forbidden: only cpu and memory resources are mutable"
    ],
    [
      "a renamed container",
      withContainer({ name: "z" }),
      "spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize"
    ],
    ["a request above its limit", cpu("300m", "200m"), "must be less than or equal to cpu limit of 200m"]
  ])("refuses %s", (_, patch, text) => {
    expect(refusal(patch, "resize")).toContain(text)
  })
})

describe("a resize beyond the node (403)", () => {
  const bound = { ...old, spec: { ...old.spec, nodeName: "n" } }
  const grown = taken(
    withContainer({ resources: { requests: { cpu: "3", memory: "5Gi" }, limits: { cpu: "4" } } }),
    "resize",
    bound
  )
  const node = (labels: object = {}) =>
    ({
      metadata: { name: "n", labels },
      spec: {},
      status: { allocatable: { cpu: "2", memory: "4Gi", pods: "9" } }
    }) as never

  it("is forbidden with what is missing, in numbers", () => {
    expect(admitPodResize(grown, bound, node())).toMatchObject({
      code: 403,
      message:
        'pods "p" is forbidden: node didn\'t have enough allocatable resources: cpu, requested: 3000, allocatable: 2000; memory, requested: 5368709120, allocatable: 4294967296',
      details: { causes: [{ reason: "NodeCapacity" }] }
    })
  })

  it("is forbidden on another operating system and on no node at all; what changes nothing is not asked", () => {
    expect(admitPodResize(grown, bound, node({ "kubernetes.io/os": "windows" }))?.message).toContain(
      'pod resize is only supported on linux nodes, node "n" is "windows"'
    )
    expect(admitPodResize(grown, bound, undefined)?.message).toContain('node "n" not found')
    expect(admitPodResize(bound, bound, undefined)).toBeUndefined()
    expect(admitPodResize({ ...grown, spec: old.spec } as never, bound, undefined)).toBeUndefined()
  })
})

describe("what a new pod may say of resizes and gates", () => {
  const errors = (spec: JsonObject): string => {
    const created = createPod(manifest(spec), names)
    return Result.isFailure(created) ? (created.failure.message ?? "") : "taken"
  }
  const policy = (restartPolicy: string, resourceName = "cpu") => ({ resizePolicy: [{ resourceName, restartPolicy }] })

  it.each<[string, JsonObject, string]>([
    [
      "a restart for a resize of a pod that is never restarted",
      { restartPolicy: "Never", containers: [container(policy("RestartContainer"))] },
      "spec.containers[0].resizePolicy: Invalid value: \"RestartContainer\": must be 'NotRequired' when pod `restartPolicy` is 'Never'"
    ],
    [
      "a resize of other resources",
      { containers: [container(policy("NotRequired", "pods"))] },
      'spec.containers[0].resizePolicy: Unsupported value: "pods": supported values: "cpu", "memory"'
    ],
    [
      "a restart of an init container",
      { initContainers: [container({ name: "i", ...policy("RestartContainer") })] },
      "must not be set to 'RestartContainer' for non-sidecar initContainers"
    ],
    [
      "K-371: less for the pod than its containers ask for",
      { resources: { requests: { cpu: "50m" } }, containers: [container({ resources })] },
      'spec.resources.requests[cpu]: Invalid value: "50m": must be greater than or equal to aggregate container requests of 100m'
    ],
    [
      "K-371: a container's limit above its pod's",
      { resources: { limits: { cpu: "150m" } }, containers: [container({ resources })] },
      'spec.resources.containers[0][cpu].limits: Invalid value: "200m": must be less than or equal to pod limits of 150m'
    ],
    [
      "a gate without a name",
      { readinessGates: [{ conditionType: "" }] },
      "spec.readinessGates[0].conditionType: Invalid"
    ],
    [
      "a gate twice",
      { schedulingGates: [{ name: "a/b" }, { name: "a/b" }] },
      'spec.schedulingGates[1]: Duplicate value: "a/b"'
    ]
  ])("refuses %s", (_, spec, text) => {
    expect(errors(spec)).toContain(text)
  })
})

describe("ephemeral containers", () => {
  const debug = { name: "debug", image: "busybox", targetContainerName: "c" }
  const ephemeral = (...containers: ReadonlyArray<JsonObject>): Json => ({ spec: { ephemeralContainers: containers } })
  const debugged = taken(ephemeral(debug), "ephemeralcontainers")

  it("C-124, K-386: are added by their subresource, with defaults and one generation more", () => {
    expect(debugged.metadata.generation).toBe(2)
    expect(debugged.spec.ephemeralContainers?.[0]).toEqual({
      ...debug,
      imagePullPolicy: "Always",
      resources: {},
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File"
    })
  })

  it.each<[string, Json, string]>([
    [
      "a name that is taken",
      ephemeral({ ...debug, name: "c" }),
      'spec.ephemeralContainers[0].name: Duplicate value: "c"'
    ],
    [
      "a target that is not there",
      ephemeral({ ...debug, targetContainerName: "x" }),
      'spec.ephemeralContainers[0].targetContainerName: Not found: "x"'
    ],
    [
      "a probe",
      ephemeral({ ...debug, livenessProbe: { exec: { command: ["true"] } } }),
      "spec.ephemeralContainers[0].livenessProbe: Forbidden: cannot be set for an Ephemeral Container"
    ],
    [
      "resources",
      ephemeral({ ...debug, resources }),
      "spec.ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container"
    ]
  ])("K-385: are refused for %s", (_, patch, text) => {
    expect(refusal(patch, "ephemeralcontainers")).toContain(text)
  })

  it("stay as they are", () => {
    expect(refusal(ephemeral(), "ephemeralcontainers", debugged)).toContain(
      'existing ephemeral containers "debug" may not be removed'
    )
    expect(refusal(ephemeral({ ...debug, image: "x" }), "ephemeralcontainers", debugged)).toContain(
      'existing ephemeral containers "debug" may not be changed'
    )
    expect(refusal(ephemeral(debug))).toContain("pod updates may not change fields other than")
  })
})

describe("C-119: a status write of a client", () => {
  it("takes labels along, and leaves the spec", () => {
    const next = taken(
      { metadata: { labels: { a: "b" } }, spec: { restartPolicy: "Never" }, status: { phase: "Running" } },
      "status"
    )
    expect(next).toMatchObject({ metadata: { labels: { a: "b" }, generation: 1 }, status: { phase: "Running" } })
    expect(next.spec).toEqual(old.spec)
  })

  it.each<[string, Json, string]>([
    ["another class", { qosClass: "Guaranteed" }, 'status.qosClass: Invalid value: "Guaranteed": field is immutable'],
    [
      "a condition without a name",
      { conditions: [{ type: "a b", status: "True" }] },
      'status.conditions[0].Type: Invalid value: "a b": name part must consist'
    ],
    [
      "a nomination of a bound pod",
      { nominatedNodeName: "n" },
      "may not be set on pods that are already bound to a node"
    ]
  ])("refuses %s", (_, status, text) => {
    const bound = { ...old, spec: { ...old.spec, nodeName: "n" } }
    expect(refusal({ status }, "status", bound)).toContain(text)
  })

  it("C-119: brings no container back to life that is not restarted", () => {
    const terminated = { name: "c", state: { terminated: { exitCode: 0 } } }
    const never = stored(manifest({ restartPolicy: "Never" }))
    const ended = { ...never, status: { ...never.status, containerStatuses: [terminated] } } as unknown as PodObject
    const running = { status: { containerStatuses: [{ name: "c", state: { running: {} } }] } }
    expect(refusal(running, "status", ended)).toContain(
      "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"
    )
  })
})

describe("other kinds", () => {
  const node = {
    kind: "Node",
    apiVersion: "v1",
    metadata: { name: "n", uid: "u", resourceVersion: "1" },
    spec: {},
    status: { capacity: { cpu: "1" } }
  } as unknown as KubernetesObject

  it("a node takes labels and taints, its status only through the subresource", () => {
    const patch = {
      metadata: { labels: { a: "b" } },
      spec: { unschedulable: true },
      status: { capacity: { cpu: "9" } }
    }
    expect(taken(patch, "", node)).toMatchObject({
      metadata: { labels: { a: "b" } },
      spec: { unschedulable: true },
      status: { capacity: { cpu: "1" } }
    })
    expect(taken(patch, "status", node)).toMatchObject({ spec: {}, status: { capacity: { cpu: "9" } } })
  })

  it("a taint needs an effect", () => {
    expect(refusal({ spec: { taints: [{ key: "k" }] } }, "", node)).toContain(
      "metadata.taints[0].effect: Required value"
    )
  })

  it("a subresource that is not served is not found", () => {
    expect(refusal({}, "resize", node)).toBe("404 the server could not find the requested resource")
  })
})

describe("a resize in older versions", () => {
  const resized = (version: string, spec: object, patch: (pod: PodObject) => object): string => {
    const release = releaseOf(version)
    const pod = Result.getOrThrow(createPod(manifest(spec as never), { ...names, ...(release && { release }) }))
    const result = updateObject(pod, { ...pod, spec: { ...pod.spec, ...patch(pod) } }, "resize", { release })
    if (Result.isSuccess(result)) return "taken"
    return `${result.failure.code} ${result.failure.message}`.replace(/^(\d+) Pod ".*?" is invalid: /, "$1 ")
  }
  const larger = { requests: { cpu: "150m" }, limits: { cpu: "200m" } }
  const sized = { containers: [container({ resources })] }
  const grow = ({ spec }: PodObject) => ({ containers: [{ ...spec.containers[0], resources: larger }] })

  it("is not served before InPlacePodVerticalScaling", () => {
    expect(resized("1.32", sized, grow)).toBe("404 the server could not find the requested resource")
    expect(resized("1.33", sized, grow)).toBe("taken")
  })

  it("leaves init containers as they are before InPlacePodVerticalScalingInitContainers, but for sidecars", () => {
    const init = (more: object) => ({ ...sized, initContainers: [container({ name: "i", resources, ...more })] })
    const growInit = ({ spec }: PodObject) => ({
      initContainers: (spec.initContainers ?? []).map((one) => ({ ...one, resources: larger }))
    })
    expect(resized("1.35", init({}), growInit)).toBe(
      "422 spec: Forbidden: resources for non-sidecar init containers are immutable"
    )
    expect(resized("1.35", init({ restartPolicy: "Always" }), growInit)).toBe("taken")
    expect(resized("1.36", init({}), growInit)).toBe("taken")
  })

  it("leaves pods with resources of their own as they are before InPlacePodLevelResourcesVerticalScaling", () => {
    const whole = { ...sized, resources: { limits: { cpu: "1" }, requests: { cpu: "1" } } }
    expect(resized("1.35", whole, grow)).toMatch(
      /^422 : Forbidden: resize of pods with pod-level resources is forbidden/
    )
    expect(resized("1.36", whole, grow)).toBe("taken")
  })

  it("an update of the image does not bring back what the version does not know", () => {
    const release = releaseOf("1.32")
    const pod = Result.getOrThrow(createPod(manifest(sized as never), { ...names, ...(release && { release }) }))
    const spec = { ...pod.spec, containers: [{ ...pod.spec.containers[0], image: "nginx:2" }] }
    const next = Result.getOrThrow(updateObject(pod, { ...pod, spec } as never, "", { release })) as PodObject
    expect(next.spec.containers[0]).toMatchObject({ image: "nginx:2" })
    expect(next.spec.containers[0]).not.toHaveProperty("resizePolicy")
  })
})
