/** What a write would make of objects that nobody keeps. */
import {
  builtInResourceOf,
  Instant,
  type JsonObject,
  type KubernetesObject,
  type ServedResource,
  type ServedWrite
} from "@kubereel/core"
import { expect, test } from "vitest"
import { tryWrite } from "../../src/served/tryWrite.ts"

const at = { now: Instant.make(1_767_225_600_000_000), version: "v1.36.3" }

const write = (kind: string, more: object): ServedWrite =>
  ({
    resource: builtInResourceOf(kind === "Pod" ? "v1" : "apps/v1", kind) as ServedResource,
    namespace: "shop",
    subresource: "",
    dryRun: true,
    fieldValidation: "Strict",
    fieldManager: "kubectl",
    ...more
  }) as unknown as ServedWrite

const manifest: JsonObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "main", image: "busybox" }] }
    }
  }
}

test("an object that is not there would be made, with its defaults, in a namespace that nobody recorded", () => {
  const { body, status } = tryWrite([], write("Deployment", { verb: "create", object: manifest }), at)
  expect(status).toBe(201)
  expect(body).toMatchObject({ metadata: { namespace: "shop" }, spec: { revisionHistoryLimit: 10 } })
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { containers: [{ name: "c", image: "b" }] }
  }
  expect(tryWrite([], write("Pod", { verb: "create", object: pod }), at)).toMatchObject({
    status: 201,
    body: { spec: { serviceAccountName: "default" } }
  })
})

test("an object that is there would be changed, and stays as it is", () => {
  const made = tryWrite([], write("Deployment", { verb: "create", object: manifest }), at)
    .body as unknown as KubernetesObject
  const before = JSON.stringify(made)
  const patch = { type: "merge", body: { spec: { replicas: 3 } } }
  const { body, status } = tryWrite([made], write("Deployment", { verb: "patch", name: "web", patch }), at)
  expect(status).toBe(200)
  expect(body).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 3 } })
  expect(JSON.stringify(made)).toBe(before)
})

test("what would be refused is refused in Kubernetes' words", () => {
  const { body, status } = tryWrite(
    [],
    write("Deployment", { verb: "patch", name: "web", patch: { type: "merge", body: {} } }),
    at
  )
  expect(status).toBe(404)
  expect(body).toMatchObject({ message: 'deployments.apps "web" not found' })
})
