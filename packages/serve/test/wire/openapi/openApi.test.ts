/** The OpenAPI documents: Kubernetes' own, and those of custom resources. */
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { builtInResources, customResources, type JsonObject, type KubernetesObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import type { WireAnswer } from "../../../src/wire/answer.ts"
import { discoveredGroups } from "../../../src/wire/discovery/discovered.ts"
import { openApiAnswer } from "../../../src/wire/openapi/openApiAnswer.ts"
import { openApiIndex } from "../../../src/wire/openapi/openApiIndex.ts"
import { openApiDocument, unpackOpenApi } from "../../../src/wire/openapi/store.ts"
import { openApiDocuments, openApiSource } from "../../../tool/openapi/documents.ts"

const cache = process.env["GOMODCACHE"] ?? `${homedir()}/go/pkg/mod`

const crd: KubernetesObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "crontabs.stable.example.com" },
  spec: {
    group: "stable.example.com",
    scope: "Namespaced",
    names: { plural: "crontabs", singular: "crontab", kind: "CronTab" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {}, scale: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            description: "A job by the clock.",
            properties: {
              spec: {
                type: "object",
                properties: {
                  cronSpec: { type: "string", pattern: "^x" },
                  port: { "x-kubernetes-int-or-string": true },
                  template: { type: "object", "x-kubernetes-embedded-resource": true }
                }
              }
            }
          }
        }
      }
    ]
  },
  status: { conditions: [{ type: "Established", status: "True" }] }
}

const served = builtInResources().filter(({ group, version }) => (group === "" || group === "apps") && version === "v1")
const groups = discoveredGroups([...served, ...customResources(crd)], true)
const now = new Date("2026-01-01T00:00:00Z")
const ask = (path: string, more: object = {}): Promise<WireAnswer | undefined> =>
  openApiAnswer(path, { now, ...more }, groups)
const asked = async (path: string): Promise<JsonObject> =>
  JSON.parse(Buffer.from((await ask(path))?.body ?? "").toString("utf8"))
const index = async () =>
  (await asked("/openapi/v3"))["paths"] as { readonly [path: string]: { readonly serverRelativeURL: string } }

interface Paths {
  readonly [path: string]: {
    readonly [verb: string]: { readonly parameters: ReadonlyArray<{ readonly name: string }> }
  }
}

const parametersOf = (document: JsonObject, path: string, verb: string): ReadonlyArray<string> =>
  (document["paths"] as unknown as Paths)[path]?.[verb]?.parameters.map(({ name }) => name) ?? []

describe("the committed documents", () => {
  it.skipIf(!existsSync(`${cache}/${openApiSource}`))("are those of Kubernetes 1.36.3", async () => {
    await unpackOpenApi()
    const { index: said, text } = openApiDocuments(cache)
    expect(said).toContain(openApiIndex.map((line) => `  ${JSON.stringify(line)}`).join(",\n"))
    const written = openApiIndex.map((line) =>
      Buffer.from(openApiDocument(line.split(" ")[0] ?? "") ?? []).toString("utf8")
    )
    expect(written.join("") === text).toBe(true)
  })
})

describe("openApiAnswer", () => {
  it("C-194: lists the documents of what is served, each with the hash of its content", async () => {
    const paths = await index()
    expect(Object.keys(paths)).toEqual([
      "api",
      "api/v1",
      "apis",
      "apis/apps",
      "apis/apps/v1",
      "apis/authentication.k8s.io",
      "apis/authentication.k8s.io/v1",
      "apis/authorization.k8s.io",
      "apis/authorization.k8s.io/v1",
      "apis/stable.example.com/v1",
      "version"
    ])
    expect(paths["api/v1"]?.serverRelativeURL).toMatch(/^\/openapi\/v3\/api\/v1\?hash=[0-9A-F]{40}$/)
    expect(await ask("/openapi/v3/apis/batch/v1")).toBeUndefined()
  })

  it("C-194: a document asked for by its hash may be kept, another hash leads to the right one", async () => {
    const hash = (await index())["api/v1"]?.serverRelativeURL.split("=")[1]
    const answer = await ask("/openapi/v3/api/v1", { hash, accept: "application/json" })
    expect(answer?.headers).toEqual({
      vary: "Accept",
      "cache-control": "public, immutable",
      expires: "Fri, 01 Jan 2027 00:00:00 GMT",
      etag: `"${hash}"`,
      "content-type": "application/json"
    })
    expect(await ask("/openapi/v3/api/v1", { hash: "0" })).toMatchObject({
      code: 301,
      headers: { location: `?hash=${hash}` }
    })
    expect(await ask("/openapi/v3/api/v1", { ifNoneMatch: `"${hash}"` })).toMatchObject({ code: 304, body: "" })
    expect((await ask("/openapi/v3/api/v1"))?.headers).not.toHaveProperty("expires")
  })

  it("C-195, C-196: PATCH knows field validation and dry runs, of custom resources too", async () => {
    const pods = parametersOf(await asked("/openapi/v3/api/v1"), "/api/v1/namespaces/{namespace}/pods/{name}", "patch")
    expect(pods).toEqual(expect.arrayContaining(["fieldValidation", "dryRun"]))
    const custom = await asked("/openapi/v3/apis/stable.example.com/v1")
    const path = "/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}"
    expect(parametersOf(custom, path, "patch")).toEqual(expect.arrayContaining(["fieldValidation", "dryRun"]))
  })

  it("C-195: the second version is had in JSON, and as protobuf for old clients", async () => {
    expect((await asked("/openapi/v2"))["swagger"]).toBe("2.0")
    const accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
    const { body = "", headers } = (await ask("/openapi/v2", { accept })) ?? {}
    expect(headers?.["content-type"]).toBe("application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
    // Of these bytes gnostic's own reader (openapiv2, v0.7.0) makes the same document as of the JSON.
    expect(createHash("sha256").update(body).digest("hex")).toBe(
      "f60a0e32f1aa7721d150ec36a8ba14f6d5e8d36d3d8912ac0234df3dafe21fd0"
    )
    expect((await ask("/openapi/v2", { accept: "application/vnd.kubernetes.protobuf" }))?.code).toBe(406)
    expect((await ask("/openapi/v3/api/v1", { accept }))?.code).toBe(406)
  })

  it("say which values a field may have, and what each means, as a server does that knows them (`kubectl explain`)", async () => {
    const { components } = await asked("/openapi/v3/api/v1")
    const schemas = (components as { readonly schemas: { readonly [name: string]: JsonObject } }).schemas
    const field = (schema: string, name: string) => {
      const { properties = {} } = schemas[`io.k8s.api.core.v1.${schema}`] ?? {}
      return (properties as JsonObject)[name]
    }
    expect(field("Container", "imagePullPolicy")).toMatchObject({
      description: expect.stringContaining('\n\nPossible enum values:\n - `"Always"` means that kubelet always'),
      enum: ["Always", "IfNotPresent", "Never"]
    })
    expect(field("PersistentVolumeClaimSpec", "accessModes")).toMatchObject({
      items: { enum: ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"] }
    })
    expect(field("PersistentVolumeClaimStatus", "allocatedResourceStatuses")).toMatchObject({
      additionalProperties: { enum: expect.arrayContaining(["NodeResizePending"]) }
    })
    const { definitions } = await asked("/openapi/v2")
    expect((definitions as typeof schemas)["io.k8s.api.core.v1.Container"]).toEqual(
      expect.objectContaining({
        properties: expect.objectContaining({
          imagePullPolicy: expect.objectContaining({ enum: ["Always", "IfNotPresent", "Never"] })
        })
      })
    )
  })

  it("is nothing at other paths", async () => {
    expect(await ask("/openapi")).toBeUndefined()
    expect(await ask("/openapi/v3/../v2")).toBeUndefined()
  })
})

describe("the document of custom resources", async () => {
  const document = await asked("/openapi/v3/apis/stable.example.com/v1")
  const root = "/apis/stable.example.com/v1"

  it("has the paths that Kubernetes makes of a CustomResourceDefinition", () => {
    const one = `${root}/namespaces/{namespace}/crontabs/{name}`
    expect(Object.keys(document["paths"] as JsonObject)).toEqual([
      `${root}/crontabs`,
      `${root}/namespaces/{namespace}/crontabs`,
      one,
      `${one}/status`,
      `${one}/scale`
    ])
    const text = JSON.stringify(document["paths"])
    expect(text).not.toMatch(/Lease|coordination|Deployment|strategic-merge|protobuf|cbor/)
    expect(text).toContain('"operationId":"listStableExampleComV1NamespacedCronTab"')
    expect(text).toContain(
      '"x-kubernetes-group-version-kind":{"group":"stable.example.com","version":"v1","kind":"CronTab"}'
    )
  })

  it("has every schema that it names", () => {
    const schemas = (document["components"] as JsonObject)["schemas"] as JsonObject
    const named = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]+)/g)].map(
      ([, name = ""]) => name
    )
    expect(named.filter((name) => schemas[name] === undefined)).toEqual([])
    expect(named).toContain("com.example.stable.v1.CronTab")
  })

  it("says of the fields what the definition says, and what every object has", () => {
    const schemas = (document["components"] as JsonObject)["schemas"] as JsonObject
    expect(schemas["com.example.stable.v1.CronTab"]).toMatchObject({
      description: "A job by the clock.",
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { allOf: [{ $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" }] },
        spec: {
          properties: {
            cronSpec: { type: "string", pattern: "^x" },
            port: { anyOf: [{ type: "integer" }, { type: "string" }] },
            template: { required: ["kind", "apiVersion"] }
          }
        }
      },
      "x-kubernetes-group-version-kind": [{ group: "stable.example.com", version: "v1", kind: "CronTab" }]
    })
  })
})
