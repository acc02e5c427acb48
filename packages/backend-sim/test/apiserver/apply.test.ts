/** Server-side apply at the simulated API server: who owns what, and whom it conflicts with. */
import type { Instant, JsonObject, KubernetesObject } from "@kubereel/core"
import { SECOND } from "@kubereel/core"
import { beforeEach, describe, expect, it } from "vitest"
import { ApiServer } from "../../src/apiserver/ApiServer.ts"
import { Store } from "../../src/apiserver/Store.ts"
import { Cluster } from "../../src/Cluster.ts"
import { Engine } from "../../src/engine/Engine.ts"
import { scenario } from "../given.ts"

const web = { kind: "Deployment", namespace: "n", name: "web" }
const labels = { app: "web" }

const config = (spec: object, metadata: object = {}): JsonObject =>
  ({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", ...metadata }, spec }) as never

const template = (...containers: ReadonlyArray<object>) => ({ metadata: { labels }, spec: { containers } })
const main = { name: "main", image: "a:1" }
const full = (more: object = {}) => config({ selector: { matchLabels: labels }, template: template(main), ...more })

let api: ApiServer
let store: Store

beforeEach(() => {
  store = new Store(100)
  api = new ApiServer(new Engine((1_767_225_600 * SECOND) as Instant), store, 0)
  api.create({ kind: "Namespace", apiVersion: "v1", metadata: { name: "n" } }, "")
})

const apply = (body: JsonObject, manager: string, force = false) =>
  api.apply(web, "", { type: "apply", body, force }, manager)

const found = () => api.get(web) as KubernetesObject & { readonly spec: JsonObject }
const owners = () => store.managedFields(found()).map(({ manager, operation }) => `${manager} ${operation}`)
const fieldsOf = (manager: string) => store.managedFields(found()).find((entry) => entry.manager === manager)?.fieldsV1
const image = (): unknown =>
  (found().spec as never as { template: { spec: { containers: ReadonlyArray<{ image: string }> } } }).template.spec
    .containers[0]?.image

describe("server-side apply", () => {
  it("S-424: makes what is not there; who applies owns what he says, and nothing of the defaults", () => {
    expect(apply(full({ replicas: 2 }), "a").status).toBe(201)
    expect(owners()).toEqual(["a Apply"])
    expect(fieldsOf("a")).toEqual({
      "f:spec": {
        "f:replicas": {},
        "f:selector": {},
        "f:template": {
          "f:metadata": { "f:labels": { "f:app": {} } },
          "f:spec": { "f:containers": { 'k:{"name":"main"}': { ".": {}, "f:image": {}, "f:name": {} } } }
        }
      }
    })
    expect(found().spec["progressDeadlineSeconds"]).toBe(600)
  })

  it("refuses what another one owns otherwise, naming him and each field; what both say they both own", () => {
    apply(full({ replicas: 2 }), "a")
    const { body, status } = apply(full({ replicas: 3 }), "b")
    expect(status).toBe(409)
    expect(body).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'Apply failed with 1 conflict: conflict with "a": .spec.replicas',
      reason: "Conflict",
      details: {
        causes: [{ reason: "FieldManagerConflict", message: 'conflict with "a"', field: ".spec.replicas" }]
      },
      code: 409
    })
    expect(apply(full({ replicas: 2 }), "b").status).toBe(200)
    expect(fieldsOf("b")).toEqual(fieldsOf("a"))
  })

  it("several conflicts are told by manager; an updater's with its version", () => {
    api.create(full({ replicas: 2 }) as never, "n", "u")
    const other = config({ replicas: 3, template: { spec: { containers: [{ ...main, image: "a:2" }] } } })
    expect(apply(other, "b").body["message"]).toBe(
      'Apply failed with 2 conflicts: conflicts with "u" using apps/v1:\n- .spec.replicas\n- .spec.template.spec.containers[name="main"].image'
    )
  })

  it("takes fields by force, and leaves the rest to whose they are", () => {
    apply(full({ replicas: 2 }), "a")
    expect(apply(config({ replicas: 3 }), "b", true).status).toBe(200)
    expect(found().spec["replicas"]).toBe(3)
    expect(fieldsOf("b")).toEqual({ "f:spec": { "f:replicas": {} } })
    expect(fieldsOf("a")?.["f:spec"]).not.toHaveProperty(["f:replicas"])
  })

  it("what one applied and applies no more goes, unless another one owns it", () => {
    const labelled = (given: object) =>
      config({ selector: { matchLabels: labels }, template: template(main) }, { labels: given })
    apply(labelled({ one: "1", two: "2" }), "a")
    apply(config({}, { labels: { two: "2" } }), "b")
    expect(apply(labelled({}), "a").status).toBe(200)
    expect(found().metadata.labels).toEqual({ two: "2" })
  })

  it("items are told apart by their keys: one's container is not another one's", () => {
    apply(full(), "a")
    const side = config({ template: { spec: { containers: [{ name: "side", image: "b:1" }] } } })
    expect(apply(side, "b").status).toBe(200)
    expect(found().spec).toMatchObject({ template: { spec: { containers: [{ name: "main" }, { name: "side" }] } } })
    apply(config({}), "b")
    expect(found().spec).toMatchObject({ template: { spec: { containers: [{ name: "main" }] } } })
    expect(fieldsOf("b")).toEqual({ "f:spec": {} })
  })

  it("C-033: the same again is no write", () => {
    apply(full({ replicas: 2 }), "a")
    const { resourceVersion } = found().metadata
    expect(apply(full({ replicas: 2 }), "a").status).toBe(200)
    expect(found().metadata.resourceVersion).toBe(resourceVersion)
  })

  it("of what nobody kept track of all is before-first-apply's", () => {
    api.create(full({ replicas: 2 }) as never, "n", "u")
    api.patch(web, "", { type: "merge", body: { metadata: { managedFields: [] } } }, "u")
    expect(owners()).toEqual([])
    expect(apply(config({ replicas: 3 }), "b").body["message"]).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using apps/v1: .spec.replicas'
    )
    expect(apply(config({ replicas: 2 }), "b").status).toBe(200)
    expect(owners()).toEqual(["b Apply", "before-first-apply Update"])
    expect(image()).toBe("a:1")
  })

  it("refuses managed fields, other kinds, and fields that there are not", () => {
    apply(full(), "a")
    expect(apply(config({}, { managedFields: [] }), "a").body["message"]).toBe("metadata.managedFields must be nil")
    expect(apply({ ...full(), kind: "DaemonSet" }, "a").body["message"]).toBe(
      "invalid object type: apps/v1, Kind=DaemonSet"
    )
    expect(apply(config({ foo: 1 }), "a")).toMatchObject({
      status: 500,
      body: {
        message:
          "failed to create typed patch object (n/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema"
      }
    })
  })
})

describe("a step that patches", () => {
  const step = (more: object) => ({
    at: "0s",
    patch: { kind: "ConfigMap", name: "c", patch: { apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } }, ...more }
  })
  const answers = (...steps: ReadonlyArray<object>) => {
    const made = scenario({ steps, until: "1s" })
    const cluster = new Cluster(made)
    return made.steps.flatMap(({ intention }) => cluster.submit(intention) ?? [])
  }

  it("may be a server-side apply, with a manager of its own and by force", () => {
    const other = { apiVersion: "v1", kind: "ConfigMap", data: { a: "2" } }
    const [made, refused, forced] = answers(
      step({ type: "apply" }),
      step({ type: "apply", fieldManager: "b", patch: other }),
      step({ type: "apply", fieldManager: "b", force: true, patch: other })
    )
    expect(made?.status).toBe(201)
    expect(refused?.body["message"]).toBe('Apply failed with 1 conflict: conflict with "kubereel": .data.a')
    expect(forced).toMatchObject({ status: 200, body: { data: { a: "2" } } })
  })

  it("of another type takes nothing by force", () => {
    const [, answer] = answers(step({ type: "apply" }), step({ type: "merge", force: true }))
    expect(answer).toMatchObject({
      status: 422,
      body: {
        message: 'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch'
      }
    })
  })
})

describe("an update", () => {
  it("C-030, C-031: is of its own entry, and takes from those who applied", () => {
    apply(full({ replicas: 2 }), "a")
    api.patch(web, "", { type: "merge", body: { spec: { replicas: 5 } } }, "u")
    expect(fieldsOf("u")).toEqual({ "f:spec": { "f:replicas": {} } })
    expect(fieldsOf("a")?.["f:spec"]).not.toHaveProperty(["f:replicas"])
  })

  it("C-031: of more than ten updaters the oldest become ancient-changes", () => {
    apply(full(), "a")
    for (let i = 0; i < 12; i++)
      api.patch(web, "", { type: "merge", body: { metadata: { labels: { [`l${i}`]: "x" } } } }, `u${i}`)
    const updaters = owners().filter((owner) => owner.endsWith("Update"))
    expect(updaters).toHaveLength(10)
    expect(updaters).toContain("ancient-changes Update")
    expect(fieldsOf("ancient-changes")?.["f:metadata"]?.["f:labels"]).toHaveProperty(["f:l0"])
  })
})
