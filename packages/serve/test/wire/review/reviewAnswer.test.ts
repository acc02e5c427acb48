import { builtInResources, type JsonObject } from "@kubereel/core"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { discoveredGroups } from "../../../src/wire/discovery/discovered.ts"
import { reviewAnswer, reviewKind } from "../../../src/wire/review/reviewAnswer.ts"

const resources = builtInResources().filter(
  ({ resource, version }) => version === "v1" && ["pods", "nodes", "deployments"].includes(resource)
)

const options = (writable: boolean) => ({
  rights: {
    groups: discoveredGroups(resources, writable),
    writable,
    unknown: ({ resource }: { readonly resource: string }) =>
      resource === "nodes" ? "the recorder was not allowed to list nodes" : undefined
  },
  isToken: (token: string) => token === "good",
  now: "2026-01-01T00:00:00Z"
})

const answered = (resource: string, body: JsonObject, writable = false): JsonObject =>
  Result.getOrThrow(reviewAnswer(resource, body, options(writable)))

const can = (verb: string, resource: string, more: JsonObject = {}, writable = false): unknown => {
  const [name = "", subresource = ""] = resource.split("/")
  const spec = { resourceAttributes: { namespace: "default", verb, resource: name, subresource, ...more } }
  return answered("selfsubjectaccessreviews", { spec }, writable)["status"]
}

const refused = (resource: string, body: JsonObject): unknown =>
  Result.match(reviewAnswer(resource, body, options(false)), {
    onSuccess: () => undefined,
    onFailure: ({ message }) => message
  })

describe("a review of access", () => {
  it("C-199: says yes to what works in the past", () => {
    expect(can("list", "pods")).toEqual({ allowed: true })
    expect(can("get", "pods/log")).toEqual({ allowed: true })
    expect(can("watch", "deployments", { group: "apps" })).toEqual({ allowed: true })
    expect(can("create", "selfsubjectaccessreviews", { group: "authorization.k8s.io" })).toEqual({ allowed: true })
  })

  it("C-199: says no to what writes, and why", () => {
    expect(can("delete", "pods")).toEqual({ allowed: false, reason: "the past is read-only" })
    expect(can("create", "pods/exec")).toEqual({ allowed: false, reason: "the past is read-only" })
    expect(can("*", "*", { group: "*" })).toEqual({ allowed: false, reason: "the past is read-only" })
  })

  it("says no to what is not served, and to what nobody looked at", () => {
    expect(can("list", "jobs", { group: "batch" })).toEqual({ allowed: false, reason: "jobs.batch is not served" })
    expect(can("list", "nodes")).toEqual({ allowed: false, reason: "the recorder was not allowed to list nodes" })
  })

  it("says yes to what a simulated cluster does", () => {
    expect(can("delete", "pods", {}, true)).toEqual({ allowed: true })
    expect(can("create", "pods/exec", {}, true)).toEqual({ allowed: true })
    expect(can("*", "*", { group: "*" }, true)).toEqual({ allowed: true })
    expect(can("update", "pods/log", {}, true)).toEqual({
      allowed: false,
      reason: "update is not served on pods/log"
    })
  })

  it("knows the paths that are no resources", () => {
    const of = (verb: string, path: string) =>
      answered("selfsubjectaccessreviews", { spec: { nonResourceAttributes: { verb, path } } })["status"]
    expect(of("get", "/version")).toEqual({ allowed: true })
    expect(of("get", "/openapi/v3")).toEqual({ allowed: true })
    expect(of("get", "/metrics")).toEqual({ allowed: false, reason: "/metrics is not served" })
    expect(of("post", "/version")).toEqual({ allowed: false, reason: "the past is read-only" })
  })

  it("is answered with what was asked", () => {
    const spec = { resourceAttributes: { verb: "list", resource: "pods" } }
    expect(answered("selfsubjectaccessreviews", { spec })).toEqual({
      kind: "SelfSubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      metadata: {},
      spec,
      status: { allowed: true }
    })
  })

  it("refuses what Kubernetes refuses", () => {
    expect(refused("selfsubjectaccessreviews", { spec: {} })).toBe(
      'SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified'
    )
    const spec = { resourceAttributes: { verb: "list", resource: "pods" } }
    expect(refused("subjectaccessreviews", { spec })).toContain("at least one of user or group must be specified")
    expect(refused("selfsubjectaccessreviews", { spec, metadata: { name: "x" } })).toContain("must be empty")
    expect(refused("selfsubjectaccessreviews", { kind: "Pod", apiVersion: "v1" })).toBe(
      'Pod in version "v1" cannot be handled as a SelfSubjectAccessReview'
    )
    expect(refused("tokenreviews", { spec: {} })).toBe("token is required for TokenReview in authentication")
    expect(refused("selfsubjectrulesreviews", { spec: {} })).toBe("no namespace on request")
  })

  it("of a token of the cluster's own says whose it is, and for whom", () => {
    const owner = { user: { username: "system:serviceaccount:n:a" }, audiences: ["vault"] }
    const reviewToken = (token: string, audiences: ReadonlyArray<string>) =>
      token === "known" && audiences.join() === "vault" ? owner : undefined
    const asked = (token: string) =>
      Result.getOrThrow(
        reviewAnswer("tokenreviews", { spec: { token, audiences: ["vault"] } }, { ...options(false), reviewToken })
      )["status"]
    expect(asked("known")).toEqual({ authenticated: true, ...owner })
    expect(asked("unknown")).toEqual({ user: {}, error: "invalid bearer token" })
  })

  it("of one namespace is about that namespace", () => {
    const spec = { user: "jane", resourceAttributes: { verb: "list", resource: "pods", namespace: "other" } }
    const here = { ...options(false), namespace: "default" }
    const review = reviewAnswer("localsubjectaccessreviews", { spec }, here)
    expect(Result.isFailure(review) && review.failure.message).toContain("must match metadata.namespace")
    const own = { ...spec, resourceAttributes: { ...spec.resourceAttributes, namespace: "default" } }
    expect(Result.isSuccess(reviewAnswer("localsubjectaccessreviews", { spec: own }, here))).toBe(true)
  })
})

describe("other reviews", () => {
  it("tell the rules for what is served", () => {
    const status = answered("selfsubjectrulesreviews", { spec: { namespace: "default" } })["status"]
    expect(status).toMatchObject({
      resourceRules: expect.arrayContaining([
        { verbs: ["get", "list", "watch"], apiGroups: ["apps"], resources: ["deployments"] },
        { verbs: ["get"], apiGroups: ["apps"], resources: ["deployments/scale", "deployments/status"] }
      ]),
      incomplete: false
    })
  })

  it("tell who asks", () => {
    expect(answered("selfsubjectreviews", {})).toMatchObject({
      metadata: { creationTimestamp: "2026-01-01T00:00:00Z" },
      status: { userInfo: { username: "kubereel" } }
    })
  })

  it("tell whether a token is one", () => {
    const status = (token: string) => answered("tokenreviews", { spec: { token } })["status"]
    expect(status("good")).toMatchObject({ authenticated: true, user: { username: "kubereel" } })
    expect(status("bad")).toEqual({ user: {}, error: "invalid bearer token" })
  })
})

describe("reviewKind", () => {
  it("knows the resources that are reviews", () => {
    const of = { group: "authorization.k8s.io", version: "v1", resource: "selfsubjectaccessreviews" }
    expect(reviewKind(of)).toBe("SelfSubjectAccessReview")
    expect(reviewKind({ ...of, group: "" })).toBeUndefined()
    expect(reviewKind({ ...of, resource: "constructor" })).toBeUndefined()
  })
})
