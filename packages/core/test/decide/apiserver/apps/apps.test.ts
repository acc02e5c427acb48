/** Deployments and ReplicaSets as the API server keeps and refuses them, by the cases of `pkg/apis/apps/validation/validation_test.go` and `v1/defaults_test.go`. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import { patchObject } from "../../../../src/decide/apiserver/patchObject.ts"
import { apiResource } from "../../../../src/decide/apiserver/resources.ts"
import { rescaled, scaleObjectOf } from "../../../../src/decide/apiserver/scale.ts"
import type { Status } from "../../../../src/decide/apiserver/status.ts"
import { updateObject } from "../../../../src/decide/apiserver/updateObject.ts"
import type { Instant } from "../../../../src/event/Instant.ts"
import { SECOND } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"

const identity = {
  namespace: "n",
  uid: "u",
  resourceVersion: "1",
  now: (1_767_225_600 * SECOND) as Instant,
  nameSuffix: ""
}
const labels = { app: "web" }
const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "i" }] } }

const given = (kind: string, spec: JsonObject = {}, metadata: JsonObject = {}): KubernetesObject =>
  ({
    kind,
    apiVersion: "apps/v1",
    metadata: { name: "web", ...metadata },
    spec: { selector: { matchLabels: labels }, template, ...spec }
  }) as unknown as KubernetesObject

const created = (object: KubernetesObject): KubernetesObject => {
  const made = createObject(object, identity)
  if (Result.isFailure(made)) throw new Error(made.failure.message)
  return made.success
}

const refusal = (made: Result.Result<unknown, Status>): string => {
  if (Result.isSuccess(made)) return "taken"
  const { code, message } = made.failure
  return `${code} ${message}`
}

const refused = (kind: string, spec: JsonObject, metadata: JsonObject = {}) =>
  refusal(createObject(given(kind, spec, metadata), identity))

describe("a new Deployment", () => {
  it("has the defaults of Kubernetes", () => {
    const { metadata, spec, status } = created(given("Deployment"))
    expect(metadata).toMatchObject({ name: "web", namespace: "n", generation: 1 })
    expect(status).toEqual({})
    expect(spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
      template: { spec: { restartPolicy: "Always", terminationGracePeriodSeconds: 30, dnsPolicy: "ClusterFirst" } }
    })
  })

  it.each<[JsonObject, JsonObject]>([
    [{ strategy: { type: "Recreate" } }, { type: "Recreate" }],
    [{ strategy: { type: "Recreate", rollingUpdate: null } }, { type: "Recreate" }],
    [
      { strategy: { rollingUpdate: { maxSurge: 3 } } },
      { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: 3 } }
    ],
    [
      { strategy: { type: "", rollingUpdate: { maxUnavailable: null } } },
      { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } }
    ]
  ])("with %j has the strategy %j", (spec, strategy) => {
    expect((created(given("Deployment", spec))["spec"] as JsonObject)["strategy"]).toEqual(strategy)
  })

  it("what is null is not given", () => {
    const nothing = { replicas: null, revisionHistoryLimit: null, progressDeadlineSeconds: null }
    expect(created(given("Deployment", nothing))["spec"]).toEqual(created(given("Deployment"))["spec"])
    expect((created(given("ReplicaSet", { replicas: null }))["spec"] as JsonObject)["replicas"]).toBe(1)
  })
})

const NOT_MATCHING = "`selector` does not match template `labels`"
const OF_SURGE = "may not be 0 when `maxSurge` is 0"

describe("a Deployment is refused", () => {
  it.each<[string, JsonObject, string]>([
    ["negative replicas", { replicas: -1 }, "spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
    [
      "no selector",
      { selector: null },
      `[spec.selector: Required value, spec.template.metadata.labels: Invalid value: {"app":"web"}: ${NOT_MATCHING}]`
    ],
    [
      "an empty selector",
      { selector: {} },
      "spec.selector: Invalid value: {}: empty selector is invalid for deployment"
    ],
    [
      "a selector that does not match",
      { selector: { matchLabels: { app: "other" } } },
      `spec.template.metadata.labels: Invalid value: {"app":"web"}: ${NOT_MATCHING}`
    ],
    [
      "a template without labels",
      { template: { spec: template.spec } },
      `spec.template.metadata.labels: Invalid value: null: ${NOT_MATCHING}`
    ],
    [
      "an operator that is none",
      { selector: { matchExpressions: [{ key: "app", operator: "Near" }] } },
      '[spec.selector.matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator, ' +
        'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Near"}]}: invalid label selector]'
    ],
    [
      "pods that end",
      { template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } },
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'
    ],
    [
      "pods with a deadline",
      { template: { ...template, spec: { ...template.spec, activeDeadlineSeconds: 5 } } },
      "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported"
    ],
    [
      "pods without containers",
      { template: { metadata: { labels }, spec: {} } },
      "spec.template.spec.containers: Required value"
    ],
    [
      "a strategy that is none",
      { strategy: { type: "BlueGreen" } },
      'spec.strategy: Unsupported value: {"Type":"BlueGreen","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"'
    ],
    [
      "recreation with a surge",
      { strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } },
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"
    ],
    [
      "a roll-out that cannot move",
      { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
      `spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: ${OF_SURGE}`
    ],
    [
      "a roll-out that cannot move, in per cent",
      { strategy: { rollingUpdate: { maxSurge: "0%", maxUnavailable: "0%" } } },
      `spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": ${OF_SURGE}`
    ],
    [
      "more than all unavailable",
      { strategy: { rollingUpdate: { maxUnavailable: "101%" } } },
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%'
    ],
    [
      "a surge that is no number",
      { strategy: { rollingUpdate: { maxSurge: "ten" } } },
      "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"ten\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
    ],
    [
      "a negative surge",
      { strategy: { rollingUpdate: { maxSurge: -1, maxUnavailable: 1 } } },
      "spec.strategy.rollingUpdate.maxSurge: Invalid value: -1: must be greater than or equal to 0"
    ],
    [
      "negative seconds",
      { minReadySeconds: -1 },
      "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"
    ],
    [
      "a negative history",
      { revisionHistoryLimit: -1 },
      "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0"
    ],
    [
      "a deadline before pods are available",
      { progressDeadlineSeconds: 10, minReadySeconds: 10 },
      "spec.progressDeadlineSeconds: Invalid value: 10: must be greater than minReadySeconds"
    ]
  ])("for %s", (_, spec, text) => {
    expect(refused("Deployment", spec)).toBe(`422 Deployment.apps "web" is invalid: ${text}`)
  })

  it("for a name that is none", () => {
    expect(refused("Deployment", {}, { name: "Web_1" })).toContain(
      '422 Deployment.apps "Web_1" is invalid: metadata.name: Invalid value: "Web_1": a lowercase RFC 1123 subdomain'
    )
  })
})

describe("a ReplicaSet is refused", () => {
  it.each<[string, JsonObject, string]>([
    ["negative replicas", { replicas: -1 }, "spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
    [
      "negative seconds",
      { minReadySeconds: -1 },
      "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"
    ],
    [
      "a selector that does not match",
      { selector: { matchLabels: { app: "other" } } },
      `spec.template.metadata.labels: Invalid value: {"app":"web"}: ${NOT_MATCHING}`
    ],
    [
      "an empty selector",
      { selector: {} },
      "spec.selector: Invalid value: {}: empty selector is invalid for deployment"
    ]
  ])("for %s", (_, spec, text) => {
    expect(refused("ReplicaSet", spec)).toBe(`422 ReplicaSet.apps "web" is invalid: ${text}`)
  })
})

const patched = (object: KubernetesObject, body: JsonObject, subresource = "") => {
  const asked = patchObject(object, { type: "merge", body }, apiResource(object.kind))
  return Result.isFailure(asked) ? Result.fail(asked.failure) : updateObject(object, asked.success, subresource)
}

const taken = (object: KubernetesObject, body: JsonObject, subresource = ""): KubernetesObject => {
  const next = patched(object, body, subresource)
  if (Result.isFailure(next)) throw new Error(next.failure.message)
  return next.success
}

describe("an update", () => {
  it.each(["Deployment", "ReplicaSet"])("of a %s never changes its selector", (kind) => {
    const body = { spec: { selector: { matchLabels: { app: "x" } }, template: { metadata: { labels: { app: "x" } } } } }
    expect(refusal(patched(created(given(kind)), body))).toBe(
      `422 ${kind}.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: field is immutable`
    )
  })

  it("counts what is asked for: the spec, and of a Deployment its annotations", () => {
    const [deployment, replicaSet] = ["Deployment", "ReplicaSet"].map((kind) => created(given(kind)))
    if (deployment === undefined || replicaSet === undefined) throw new Error("both are made")
    const generation = (object: KubernetesObject, body: JsonObject) => taken(object, body).metadata.generation
    expect(generation(deployment, { spec: { replicas: 2 } })).toBe(2)
    expect(generation(deployment, { metadata: { annotations: { a: "b" } } })).toBe(2)
    expect(generation(replicaSet, { metadata: { annotations: { a: "b" } } })).toBe(1)
    expect(generation(deployment, { metadata: { labels: { a: "b" } } })).toBe(1)
  })

  it("C-369: of a Deployment's status keeps its annotations, and neither spec nor labels", () => {
    const body = {
      metadata: { annotations: { "deployment.kubernetes.io/revision": "1" }, labels: { a: "b" } },
      spec: { replicas: 9 },
      status: { observedGeneration: 1 }
    }
    const next = taken(created(given("Deployment")), body, "status")
    expect(next.metadata.annotations).toEqual({ "deployment.kubernetes.io/revision": "1" })
    expect(next.metadata).toMatchObject({ generation: 1 })
    expect(next.metadata.labels).toBeUndefined()
    expect([(next["spec"] as JsonObject)["replicas"], next["status"]]).toEqual([1, { observedGeneration: 1 }])
  })

  it.each<[string, string, JsonObject, string]>([
    [
      "Deployment",
      "more ready than there are",
      { replicas: 1, readyReplicas: 2 },
      "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas"
    ],
    [
      "Deployment",
      "more available than ready",
      { replicas: 2, availableReplicas: 1 },
      "status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas"
    ],
    [
      "Deployment",
      "a negative count",
      { terminatingReplicas: -1 },
      "status.terminatingReplicas: Invalid value: -1: must be greater than or equal to 0"
    ],
    [
      "ReplicaSet",
      "more labelled than there are",
      { replicas: 1, fullyLabeledReplicas: 2 },
      "status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas"
    ]
  ])("of the status of a %s is refused with %s", (kind, _, status, text) => {
    expect(refusal(patched(created(given(kind)), { status }, "status"))).toBe(
      `422 ${kind}.apps "web" is invalid: ${text}`
    )
  })

  it("never counts fewer collisions", () => {
    const collided = taken(created(given("Deployment")), { status: { collisionCount: 2 } }, "status")
    const text = "status.collisionCount: Invalid value: 1: cannot be decremented"
    expect(refusal(patched(collided, { status: { collisionCount: 1 } }, "status"))).toContain(text)
    expect(refusal(patched(collided, { status: { collisionCount: null } }, "status"))).toContain("Invalid value: 0")
  })
})

describe("scale", () => {
  const deployment = created(
    given("Deployment", {
      replicas: 3,
      selector: { matchLabels: labels, matchExpressions: [{ key: "b", operator: "In", values: ["y", "x"] }] },
      template: { ...template, metadata: { labels: { app: "web", b: "x" } } }
    })
  )
  const asked = (body: JsonObject) => {
    const scale = scaleObjectOf({ ...deployment, status: { replicas: 2 } }) as KubernetesObject
    const wanted = patchObject(scale, { type: "merge", body }, apiResource("Deployment"))
    return Result.isFailure(wanted) ? wanted : rescaled(deployment, wanted.success)
  }

  it("is an object of its own: what is wanted, what there is, and which pods count", () => {
    expect(scaleObjectOf({ ...deployment, status: { replicas: 2 } })).toEqual({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      metadata: {
        name: "web",
        namespace: "n",
        uid: "u",
        resourceVersion: "1",
        creationTimestamp: "2026-01-01T00:00:00Z"
      },
      spec: { replicas: 3 },
      status: { replicas: 2, selector: "app=web,b in (x,y)" }
    })
    expect(scaleObjectOf(given("Pod"))).toBeUndefined()
  })

  it("changes the size of its object and nothing else", () => {
    const next = asked({ spec: { replicas: 5 } })
    if (Result.isFailure(next)) throw new Error(next.failure.message)
    expect(next.success).toEqual({ ...deployment, spec: { ...(deployment["spec"] as JsonObject), replicas: 5 } })
  })

  it("refuses negative sizes, other lives and what is no Scale", () => {
    expect(refusal(asked({ spec: { replicas: -1 } }))).toBe(
      '422 Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0'
    )
    expect(refusal(asked({ metadata: { uid: "other" } }))).toBe(
      '409 Operation cannot be fulfilled on deployments/scale.apps "web": Precondition failed: UID in precondition: other, UID in object meta: u'
    )
    expect(refusal(rescaled(deployment, deployment))).toBe("400 expected input object type to be Scale, but Deployment")
  })
})
