import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import { createPod } from "../../../../src/decide/apiserver/createPod.ts"
import type { Instant } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"

const identity = {
  namespace: "n",
  uid: "u",
  resourceVersion: "1",
  now: 1_767_225_600_000_000 as Instant,
  nameSuffix: "abcde"
}

const limitRange = (...limits: ReadonlyArray<JsonObject>): KubernetesObject =>
  Result.getOrThrow(
    createObject({ apiVersion: "v1", kind: "LimitRange", metadata: { name: "l" }, spec: { limits } } as never, identity)
  )

const create = (spec: JsonObject, limits: ReadonlyArray<KubernetesObject>) =>
  createPod({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec } as never, {
    ...identity,
    suffix: "abcde",
    limitRanges: limits
  })

const containers = (resources: JsonObject = {}) => [{ name: "x", image: "busybox:1", resources }]

const refusal = (spec: JsonObject, limits: ReadonlyArray<KubernetesObject>): string | undefined => {
  const created = create(spec, limits)
  return Result.isFailure(created) ? created.failure.message : undefined
}

describe("limit ranges", () => {
  it("C-015: give containers what they do not say, and note it", () => {
    const limits = [
      limitRange({ type: "Container", default: { cpu: "500m" }, defaultRequest: { cpu: "100m", memory: "64Mi" } })
    ]
    const init = [{ name: "i", image: "busybox:1", resources: { requests: { cpu: "50m", memory: "1Mi" } } }]
    const pod = Result.getOrThrow(create({ containers: containers(), initContainers: init }, limits))
    expect(pod.metadata.annotations).toEqual({
      "kubernetes.io/limit-ranger":
        "LimitRanger plugin set: cpu, memory request for container x; cpu limit for container x; cpu limit for init container i"
    })
    expect(pod.spec.containers[0]?.resources).toEqual({
      limits: { cpu: "500m" },
      requests: { cpu: "100m", memory: "64Mi" }
    })
  })

  it("C-015: the most of a container is its limit where no default is said, and what it asks for follows", () => {
    expect(limitRange({ type: "Container", max: { cpu: "2" }, min: { memory: "1Mi" } })["spec"]).toEqual({
      limits: [
        {
          type: "Container",
          max: { cpu: "2" },
          min: { memory: "1Mi" },
          default: { cpu: "2" },
          defaultRequest: { cpu: "2", memory: "1Mi" }
        }
      ]
    })
  })

  it.each([
    [{ type: "Pod", min: { cpu: "1" } }, {}, "minimum cpu usage per Pod is 1.  No request is specified"],
    [
      { type: "Container", min: { cpu: "1" } },
      { requests: { cpu: "500m" } },
      "minimum cpu usage per Container is 1, but request is 500m"
    ],
    [
      { type: "Container", max: { memory: "1Gi" } },
      { limits: { memory: "2Gi" }, requests: { memory: "1Gi" } },
      "maximum memory usage per Container is 1Gi, but limit is 2Gi"
    ],
    [{ type: "Pod", max: { memory: "1Gi" } }, {}, "maximum memory usage per Pod is 1Gi.  No limit is specified"],
    [
      { type: "Container", maxLimitRequestRatio: { cpu: "2" } },
      { limits: { cpu: "1" }, requests: { cpu: "250m" } },
      "cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000"
    ],
    [
      { type: "Container", maxLimitRequestRatio: { cpu: "2" } },
      { limits: { cpu: "1" }, requests: { cpu: "0" } },
      "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0"
    ]
  ])("C-016: %j forbids %j", (limit, resources, why) => {
    expect(refusal({ containers: containers(resources) }, [limitRange(limit)])).toBe(`pods "p" is forbidden: ${why}`)
  })

  it("C-016: everything that one of them forbids is said", () => {
    const limits = [limitRange({ type: "Pod", min: { cpu: "1", memory: "1Mi" } })]
    expect(refusal({ containers: containers() }, limits)).toBe(
      `pods "p" is forbidden: [minimum cpu usage per Pod is 1.  No request is specified, minimum memory usage per Pod is 1Mi.  No request is specified]`
    )
  })
})
