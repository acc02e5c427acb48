import { describe, expect, it } from "vitest"
import { podManifest, replicaSetManifest } from "../given.ts"
import { create, get, list, live, names, pass, scope, write } from "./live.ts"

const pod = (name = "p") => podManifest(name, ["main"])
const deployment = (more: object = {}) => ({
  ...replicaSetManifest(1),
  kind: "Deployment",
  metadata: { name: "web", ...more }
})

describe("fields that a kind does not have", () => {
  const wrong = { ...deployment(), spec: { ...deployment().spec, replica: 3 } }
  const message =
    'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"'

  it("C-043: are refused, dropped with a warning, or dropped, as the client asks for it", async () => {
    const cluster = live()
    const ask = (fieldValidation: string) =>
      write(cluster, "deployments", { verb: "create", object: wrong, dryRun: true, fieldValidation })
    expect(await ask("Strict")).toMatchObject({ status: 400, body: { reason: "BadRequest", message } })
    const warned = await ask("Warn")
    expect(warned).toMatchObject({ status: 201, warnings: ['unknown field "spec.replica"'] })
    expect(warned.body["spec"]).not.toHaveProperty("replica")
    expect(await ask("Ignore")).toMatchObject({ status: 201 })
    expect((await ask("Ignore")).warnings).toBeUndefined()
  })

  it("the same of a PUT and of a PATCH", async () => {
    const cluster = live()
    await create(cluster, "deployments", deployment())
    const named = { ...wrong, metadata: { name: "web" } }
    const patch = { type: "merge", body: { spec: { replica: 3 } } }
    const put = { verb: "update", name: "web", object: named } as const
    expect(await write(cluster, "deployments", put)).toMatchObject({ status: 400, body: { message } })
    expect(await write(cluster, "deployments", { verb: "patch", name: "web", patch })).toMatchObject({ status: 422 })
    const warnings = ['unknown field "spec.replica"']
    const fieldValidation = "Warn"
    expect(await write(cluster, "deployments", { ...put, fieldValidation })).toMatchObject({ status: 200, warnings })
    const patched = await write(cluster, "deployments", { verb: "patch", name: "web", patch, fieldValidation })
    expect(patched).toMatchObject({ status: 200, warnings })
    expect(patched.body["spec"]).not.toHaveProperty("replica")
  })
})

describe("a body", () => {
  it("may leave out what its path says", async () => {
    const { apiVersion: _, kind: __, ...rest } = pod()
    expect(await create(live(), "pods", rest)).toMatchObject({ status: 201, body: { kind: "Pod", apiVersion: "v1" } })
  })

  it("of another version, of another kind or of another namespace is refused", async () => {
    const cluster = live()
    const ofVersion = await create(cluster, "deployments", { ...deployment(), apiVersion: "apps/v1beta1" })
    expect(ofVersion.body["message"]).toBe(
      "the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)"
    )
    const ofKind = await create(cluster, "pods", deployment())
    expect(ofKind.body["message"]).toBe(
      'Deployment in version "v1" cannot be handled as a Pod: converting (v1.Deployment) to (core.Pod): unknown conversion'
    )
    const elsewhere = await create(cluster, "pods", { ...pod(), metadata: { name: "p", namespace: "other" } })
    expect(elsewhere).toMatchObject({
      status: 400,
      body: { message: "the namespace of the provided object does not match the namespace sent on the request" }
    })
  })

  it("of a new object names no version", async () => {
    const metadata = { name: "p", resourceVersion: "7" }
    expect(await create(live(), "pods", { ...pod(), metadata })).toMatchObject({
      status: 500,
      body: { message: "resourceVersion should not be set on objects to be created" }
    })
  })
})

describe("PUT", () => {
  it("of an old version is refused; of none it overwrites", async () => {
    const cluster = live()
    const made = (await create(cluster, "deployments", deployment())).body
    const label = (value: string) => ({ ...deployment(), metadata: { name: "web", labels: { is: value } } })
    const put = (object: object) => write(cluster, "deployments", { verb: "update", name: "web", object })
    expect(await put(label("one"))).toMatchObject({ status: 200, body: { metadata: { labels: { is: "one" } } } })
    expect(await put(made)).toMatchObject({ status: 409, body: { reason: "Conflict" } })
  })

  it("makes what is not there of some kinds, and says of the others that it is not there", async () => {
    const cluster = live()
    const role = { kind: "Role", apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name: "r" }, rules: [] }
    expect(await write(cluster, "roles", { verb: "update", name: "r", object: role })).toMatchObject({ status: 201 })
    const put = await write(cluster, "deployments", { verb: "update", name: "web", object: deployment() })
    expect(put).toMatchObject({ status: 404, body: { message: 'deployments.apps "web" not found' } })
  })

  it("has to say of some kinds which version it is of", async () => {
    const cluster = live()
    const budget = {
      kind: "PodDisruptionBudget",
      apiVersion: "policy/v1",
      metadata: { name: "b" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } }
    }
    await create(cluster, "poddisruptionbudgets", budget)
    expect(await write(cluster, "poddisruptionbudgets", { verb: "update", name: "b", object: budget })).toMatchObject({
      status: 422,
      body: {
        message:
          'PodDisruptionBudget.policy "b" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update'
      }
    })
  })
})

describe("apply", () => {
  it("takes every field of a kind whose fields are not known, and adds none", async () => {
    const cluster = live()
    const claim = (spec: object) => ({
      apiVersion: "resource.k8s.io/v1",
      kind: "ResourceClaim",
      metadata: { name: "c" },
      spec
    })
    const apply = (spec: object) =>
      write(cluster, "resourceclaims", {
        verb: "patch",
        name: "c",
        patch: { type: "apply", body: claim(spec), force: false }
      })
    const made = await apply({ devices: { requests: [{ name: "gpu" }] } })
    expect(made).toMatchObject({ status: 201, body: { spec: { devices: { requests: [{ name: "gpu" }] } } } })
    expect(Object.keys(made.body).sort()).toEqual(["apiVersion", "kind", "metadata", "spec", "status"])
    expect(await apply({ more: 1 })).toMatchObject({
      status: 200,
      body: { metadata: { uid: expect.any(String) }, spec: { devices: { requests: [{ name: "gpu" }] }, more: 1 } }
    })
  })

  const patch = (replicas: number) => ({
    type: "apply",
    body: { ...deployment(), spec: { ...deployment().spec, replicas } }
  })

  it("makes what is not there, changes what is, and needs a manager", async () => {
    const cluster = live()
    const apply = (replicas: number, more: object = {}) =>
      write(cluster, "deployments", { verb: "patch", name: "web", patch: patch(replicas), ...more })
    expect(await apply(1)).toMatchObject({ status: 201, body: { spec: { replicas: 1 } } })
    expect(await apply(2)).toMatchObject({ status: 200, body: { spec: { replicas: 2 } } })
    expect(await apply(3, { fieldManager: "other" })).toMatchObject({ status: 409, body: { reason: "Conflict" } })
    expect(await apply(3, { fieldManager: undefined })).toMatchObject({
      status: 422,
      body: {
        message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'
      }
    })
  })
})

describe("DELETE", () => {
  it("C-141: answers with a pod, and of other kinds only with what they were called", async () => {
    const cluster = live()
    await create(cluster, "pods", pod())
    await create(cluster, "deployments", deployment())
    const deletedPod = await write(cluster, "pods", { verb: "delete", name: "p" })
    expect(deletedPod).toMatchObject({ status: 200, body: { kind: "Pod", metadata: { name: "p" } } })
    const { uid } = (await get(cluster, "deployments", "web")).metadata
    expect(await write(cluster, "deployments", { verb: "delete", name: "web" })).toEqual({
      status: 200,
      body: {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Success",
        details: { name: "web", group: "apps", kind: "deployments", uid }
      }
    })
  })

  it("C-141: of what is still held answers with the object", async () => {
    const cluster = live()
    await create(cluster, "deployments", deployment({ finalizers: ["example.com/held"] }))
    expect(await write(cluster, "deployments", { verb: "delete", name: "web" })).toMatchObject({
      status: 200,
      body: { kind: "Deployment", metadata: { deletionTimestamp: expect.any(String) } }
    })
  })

  it("C-143: of a collection answers with what was there, and takes what is selected", async () => {
    const cluster = live()
    for (const name of ["a", "b"]) await create(cluster, "configmaps", { metadata: { name, labels: { is: name } } })
    const selects = ({ metadata }: { metadata: { labels?: { is?: string } } }) => metadata.labels?.is === "a"
    const answer = await write(cluster, "configmaps", { verb: "deletecollection", selects })
    expect(answer).toMatchObject({ status: 200, body: { kind: "ConfigMapList", items: [{ metadata: { name: "a" } }] } })
    expect(names(await list(cluster, "configmaps"))).toEqual(["b", "kube-root-ca.crt"])
  })

  it("C-140: of another life is refused", async () => {
    const cluster = live()
    await create(cluster, "pods", pod())
    const options = { preconditions: { uid: "other" } }
    expect(await write(cluster, "pods", { verb: "delete", name: "p", options })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining("the UID in the precondition (other) does not match the UID in record") }
    })
  })
})

describe("what is written through a path of its own", () => {
  it("scale, status and finalize", async () => {
    const cluster = live()
    await create(cluster, "deployments", deployment())
    const scale = { type: "merge", body: { spec: { replicas: 4 } } }
    const scaled = await write(cluster, "deployments", {
      verb: "patch",
      name: "web",
      subresource: "scale",
      patch: scale
    })
    expect(scaled).toMatchObject({ status: 200, body: { kind: "Scale", spec: { replicas: 4 } } })
    const status = { type: "merge", body: { status: { replicas: 9 }, spec: { replicas: 1 } } }
    const patch = { verb: "patch", name: "web", subresource: "status", patch: status } as const
    expect(await write(cluster, "deployments", patch)).toMatchObject({
      status: 200,
      body: { spec: { replicas: 4 }, status: { replicas: 9 } }
    })
    await create(cluster, "namespaces", { metadata: { name: "ns" } })
    const object = { metadata: { name: "ns" }, spec: { finalizers: ["kubernetes", "example.com/held"] } }
    const finalized = await write(cluster, "namespaces", {
      verb: "update",
      name: "ns",
      subresource: "finalize",
      object
    })
    expect(finalized).toMatchObject({ status: 200, body: { spec: { finalizers: ["kubernetes", "example.com/held"] } } })
  })

  it("a binding puts a pod on a node, once", async () => {
    const cluster = live()
    await create(cluster, "pods", { ...pod(), spec: { ...pod().spec, schedulerName: "mine" } })
    const bind = (name: string, target: object) =>
      write(cluster, "pods", {
        verb: "create",
        name,
        subresource: "binding",
        object: { metadata: { name: "p" }, target }
      })
    expect(await bind("q", { name: "n-1" })).toMatchObject({
      status: 400,
      body: { message: "name in URL does not match name in Binding object" }
    })
    expect(await bind("p", { kind: "Pod" })).toMatchObject({ status: 500 })
    expect(await bind("p", { kind: "Node", name: "n-1" })).toMatchObject({ status: 201, body: { status: "Success" } })
    expect(await get(cluster, "pods", "p")).toMatchObject({ spec: { nodeName: "n-1" } })
    expect(await bind("p", { name: "n-1" })).toMatchObject({ status: 409 })
    pass(cluster, "10s")
    expect(await get(cluster, "pods", "p")).toMatchObject({ status: { phase: "Running" } })
  })

  it("C-145: an eviction ends a pod, and tries only where it is asked to", async () => {
    const cluster = live()
    await create(cluster, "pods", pod())
    const object = { metadata: { name: "p" } }
    const evict = (more: object) =>
      write(cluster, "pods", { verb: "create", name: "p", subresource: "eviction", object, ...more })
    expect(await evict({ dryRun: true })).toMatchObject({ status: 201 })
    expect(names(await list(cluster, "pods"))).toEqual(["p"])
    expect(await evict({})).toMatchObject({ status: 201, body: { kind: "Status", status: "Success" } })
    expect(names(await list(cluster, "pods"))).toEqual([])
  })

  it("a token is its account's, for whom it is, as long as both last", async () => {
    const cluster = live()
    const asked = { verb: "create", name: "default", subresource: "token" } as const
    const given = async (spec: object) => {
      const { body } = await write(cluster, "serviceaccounts", { ...asked, object: { spec } })
      return String((body["status"] as { readonly token: string }).token)
    }
    const [token, other] = [await given({ expirationSeconds: 600 }), await given({ audiences: ["vault"] })]
    const mine = [expect.stringMatching(/^https:/)]
    expect(cluster.reviewToken(token, [])).toMatchObject({
      audiences: mine,
      user: {
        username: "system:serviceaccount:default:default",
        groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"]
      }
    })
    expect(cluster.reviewToken(token, ["vault"])).toBeUndefined()
    expect(cluster.reviewToken(other, [])).toBeUndefined()
    expect(cluster.reviewToken(other, ["vault", "more"])).toMatchObject({ audiences: ["vault"] })
    for (const forged of ["", "a.b.c", `${token}x`, `${token}.x`, token.slice(3)])
      expect(cluster.reviewToken(forged, [])).toBeUndefined()
    pass(cluster, "11m")
    expect(cluster.reviewToken(token, [])).toBeUndefined()
    expect(cluster.reviewToken(other, ["vault"])).toBeDefined()
    await write(cluster, "serviceaccounts", { verb: "delete", name: "default" })
    expect(cluster.reviewToken(other, ["vault"])).toBeUndefined()
  })

  it("a token for an account that is there", async () => {
    const cluster = live()
    const ask = (name: string, spec: object) =>
      write(cluster, "serviceaccounts", { verb: "create", name, subresource: "token", object: { spec } })
    expect(await ask("default", {})).toMatchObject({
      status: 201,
      body: { kind: "TokenRequest", status: { token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) } }
    })
    expect(await ask("default", { expirationSeconds: 5 })).toMatchObject({ status: 422 })
    expect(await ask("nobody", {})).toMatchObject({ status: 404 })
    const object = { spec: {} }
    const lenient = { verb: "create", name: "default", subresource: "token", object, fieldValidation: "Warn" } as const
    expect(await write(cluster, "serviceaccounts", lenient)).toMatchObject({ status: 201 })
  })

  it("ephemeral containers and a pod's resources", async () => {
    const cluster = live()
    await create(cluster, "pods", pod())
    pass(cluster, "10s")
    const body = { spec: { ephemeralContainers: [{ name: "debug", image: "busybox:1" }] } }
    const patch = { type: "strategic", body }
    const debug = { verb: "patch", name: "p", subresource: "ephemeralcontainers", patch } as const
    expect(await write(cluster, "pods", debug)).toMatchObject({
      status: 200,
      body: { spec: { ephemeralContainers: [{ name: "debug" }] } }
    })
    pass(cluster, "10s")
    expect(await get(cluster, "pods", "p")).toMatchObject({
      status: { ephemeralContainerStatuses: [{ name: "debug", state: { running: {} } }] }
    })
  })
})

describe("kinds upon which nothing acts", () => {
  const ingress = {
    kind: "Ingress",
    apiVersion: "networking.k8s.io/v1",
    metadata: { name: "web" },
    spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } }
  }

  it("are kept as they are given, which is said once", async () => {
    const cluster = live()
    const first = await create(cluster, "ingresses", ingress)
    expect(first).toMatchObject({
      status: 201,
      body: { ...ingress, metadata: { namespace: "default", generation: 1 } },
      warnings: ["kubereel keeps objects of kind Ingress but nothing acts upon them"]
    })
    const second = await create(cluster, "ingresses", { ...ingress, metadata: { name: "other" } })
    expect(second.warnings).toBeUndefined()
    expect(names(await list(cluster, "ingresses"))).toEqual(["other", "web"])
  })

  it("have names and labels that are looked at", async () => {
    const cluster = live()
    const bad = { ...ingress, metadata: { name: "Not_a_name" } }
    expect(await create(cluster, "ingresses", bad)).toMatchObject({ status: 422, body: { reason: "Invalid" } })
    const role = { metadata: { name: "system:my/role" } }
    expect(await create(cluster, "clusterroles", role)).toMatchObject({ status: 422 })
    expect(await create(cluster, "clusterroles", { metadata: { name: "system:my:role" } })).toMatchObject({
      status: 201
    })
  })

  it("go with their namespace and with their owner", async () => {
    const cluster = live()
    await create(cluster, "namespaces", { metadata: { name: "ns" } })
    await write(cluster, "ingresses", { verb: "create", namespace: "ns", object: ingress })
    const owner = (await create(cluster, "deployments", deployment())).body as { metadata: { uid: string } }
    const ownerReferences = [{ apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: owner.metadata.uid }]
    await create(cluster, "ingresses", { ...ingress, metadata: { name: "owned", ownerReferences } })
    await write(cluster, "namespaces", { verb: "delete", name: "ns" })
    await write(cluster, "deployments", { verb: "delete", name: "web" })
    pass(cluster, "2m")
    expect(names(await list(cluster, "namespaces"))).not.toContain("ns")
    expect(names(await list(cluster, "ingresses"))).toEqual([])
    expect(await cluster.get(scope(cluster, "ingresses", "ns"), "web")).toBeUndefined()
  })

  it("custom resources are refused, with where there are some", async () => {
    const answer = await create(live(), "customresourcedefinitions", { metadata: { name: "cats.example.com" } })
    expect(answer).toMatchObject({ status: 403, body: { message: expect.stringContaining("`kubereel join`") } })
  })
})

describe("what changes nothing in a simulation", () => {
  it("is said when it is asked for, and not again", async () => {
    const cluster = live()
    const spec = { ...pod().spec, hostPID: true }
    const warnings = ["not simulated: spec.hostPID"]
    expect(await create(cluster, "pods", { ...pod(), spec })).toMatchObject({ status: 201, warnings })
    const patch = { type: "merge", body: { metadata: { labels: { a: "b" } } } }
    expect((await write(cluster, "pods", { verb: "patch", name: "p", patch })).warnings).toBeUndefined()
    expect((await create(cluster, "pods", pod("q"))).warnings).toBeUndefined()
  })
})
