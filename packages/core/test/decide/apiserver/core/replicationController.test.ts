/** ReplicationControllers as the API server keeps and refuses them, by the cases of `pkg/apis/core/validation/validation_test.go` and `v1/defaults_test.go`. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import { rescaled, scaleObjectOf } from "../../../../src/decide/apiserver/scale.ts"
import { updateObject } from "../../../../src/decide/apiserver/updateObject.ts"
import { type Instant, SECOND } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"

const now = (1_767_225_600 * SECOND) as Instant
const identity = { namespace: "n", uid: "u", resourceVersion: "1", now, nameSuffix: "" }
const labels = { app: "web" }
const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "i" }] } }

const given = (spec: JsonObject, metadata: JsonObject = {}): KubernetesObject =>
  ({
    kind: "ReplicationController",
    apiVersion: "v1",
    metadata: { name: "web", ...metadata },
    spec
  }) as unknown as KubernetesObject

const made = (spec: JsonObject, metadata: JsonObject = {}) => createObject(given(spec, metadata), identity)

const created = (spec: JsonObject, metadata: JsonObject = {}): KubernetesObject => {
  const one = made(spec, metadata)
  if (Result.isFailure(one)) throw new Error(one.failure.message)
  return one.success
}

const refused = (spec: JsonObject): string => {
  const one = made(spec)
  return Result.isSuccess(one) ? "taken" : `${one.failure.code} ${one.failure.message}`
}

const INVALID = '422 ReplicationController "web" is invalid: '

describe("a new ReplicationController", () => {
  it("means the pods that it makes, and is called as they are, unless it says otherwise", () => {
    const { metadata, spec, status } = created({ template })
    expect(metadata).toMatchObject({ labels, generation: 1 })
    expect(spec).toMatchObject({ replicas: 1, selector: labels, template: { spec: { restartPolicy: "Always" } } })
    expect(status).toEqual({ replicas: 0 })
    const own = created({ template, replicas: 0, selector: { app: "web" } }, { labels: { tier: "a" } })
    expect(own.metadata.labels).toEqual({ tier: "a" })
    expect(own["spec"]).toMatchObject({ replicas: 0, selector: { app: "web" } })
  })

  it.each([
    ["no template", { selector: labels }, "spec.template: Required value"],
    [
      "a selector that is not that of its pods",
      { selector: { app: "other" }, template },
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'
    ],
    [
      "fewer than no pods",
      { template, replicas: -1 },
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0"
    ],
    [
      "pods that end",
      { template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } },
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'
    ]
  ] as ReadonlyArray<[string, JsonObject, string]>)("is refused with %s", (_why, spec, message) => {
    expect(refused(spec)).toBe(`${INVALID}${message}`)
  })

  it("is refused without labels to be known by", () => {
    expect(refused({ template: { spec: template.spec } })).toBe(`${INVALID}spec.selector: Required value`)
  })
})

describe("a ReplicationController that is there", () => {
  const old = created({ template })

  it("may select others later on, which counts as a generation", () => {
    const next = { app: "web", tier: "a" }
    const asked = {
      ...old,
      spec: { selector: next, replicas: 1, template: { ...template, metadata: { labels: next } } }
    }
    const stored = updateObject(old, asked, "", { now })
    expect(Result.getOrThrow(stored)).toMatchObject({ metadata: { generation: 2 }, spec: { selector: next } })
  })

  it("cannot have more pods that are ready than it has", () => {
    const asked = { ...old, status: { replicas: 1, readyReplicas: 2 } }
    const stored = updateObject(old, asked, "status", { now })
    expect(Result.isFailure(stored) && stored.failure.message).toBe(
      'ReplicationController "web" is invalid: status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas'
    )
  })

  it("has a size of its own", () => {
    const scale = scaleObjectOf(old)
    expect(scale).toMatchObject({ kind: "Scale", spec: { replicas: 1 }, status: { replicas: 0, selector: "app=web" } })
    const larger = rescaled(old, { ...(scale as unknown as JsonObject), spec: { replicas: 3 } })
    expect(Result.getOrThrow(larger)["spec"]).toMatchObject({ replicas: 3, selector: labels })
  })
})
