import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { patchObject } from "../../../src/decide/apiserver/patchObject.ts"
import { applyPatch, isThere } from "../../../src/decide/client/applyPatch.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"

const deployment = (podSpec: JsonObject, more: JsonObject = {}): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", labels: { app: "a" } },
  spec: { selector: { matchLabels: { app: "a" } }, template: { spec: podSpec }, ...more }
})

const applied = (live: KubernetesObject, last: KubernetesObject, next: KubernetesObject): JsonObject =>
  Result.getOrThrow(patchObject(live, applyPatch(last, next), { group: "apps", resource: "deployments" }))

const container = (name: string, more: JsonObject = {}): JsonObject => ({ name, image: "i", ...more })

describe("what kubectl apply makes of an object that is there", () => {
  it("changes what the manifest says otherwise, and keeps what others said", () => {
    const last = deployment({ containers: [container("a")] })
    const live = deployment({ containers: [container("a", { imagePullPolicy: "Always" })] }, { replicas: 5 })
    const next = deployment({ containers: [container("a", { image: "j" })] })
    expect(applied(live, last, next)["spec"]).toMatchObject({
      replicas: 5,
      template: { spec: { containers: [{ name: "a", image: "j", imagePullPolicy: "Always" }] } }
    })
  })

  it("takes away what only the manifest before said: fields, items of lists, keys of maps", () => {
    const env = [
      { name: "A", value: "1" },
      { name: "B", value: "2" }
    ]
    const last = deployment({ containers: [container("a", { env }), container("b")], hostname: "h" }, { replicas: 3 })
    const next = deployment({ containers: [container("a", { env: [{ name: "B", value: "3" }] })] })
    const given = { ...next, metadata: { name: "d", labels: { tier: "x" } } }
    const result = applied(last, last, given)
    expect(result["metadata"]).toEqual({ name: "d", labels: { tier: "x" } })
    expect(result["spec"]).toEqual({
      selector: { matchLabels: { app: "a" } },
      template: { spec: { containers: [container("a", { env: [{ name: "B", value: "3" }] })] } }
    })
  })

  it("puts new items where the manifest has them", () => {
    const last = deployment({ containers: [container("a"), container("b")] })
    const next = deployment({ containers: [container("c"), container("b"), container("a")] })
    expect(applied(last, last, next)["spec"]).toMatchObject({
      template: { spec: { containers: [{ name: "c" }, { name: "b" }, { name: "a" }] } }
    })
  })

  it("changes nothing when the same is applied again", () => {
    const same = deployment({ containers: [container("a")] })
    expect(applied(same, same, same)).toEqual(same)
  })

  it("replaces lists of kinds that nobody knows", () => {
    const thing = (list: ReadonlyArray<number>) => ({
      apiVersion: "x/v1",
      kind: "Thing",
      metadata: { name: "t" },
      list
    })
    expect(applyPatch(thing([1]) as never, thing([2]) as never)).toMatchObject({ type: "merge", body: { list: [2] } })
  })

  it("is for what is there to stay", () => {
    const refused = (message: string) => ({ status: 409, body: { reason: "AlreadyExists", message } })
    expect(isThere(refused('pods "p" already exists'))).toBe(true)
    expect(isThere(refused('object is being deleted: pods "p" already exists'))).toBe(false)
    expect(isThere({ status: 201, body: {} })).toBe(false)
  })
})
