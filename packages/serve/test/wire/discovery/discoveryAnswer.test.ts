import { builtInResources } from "@kubereel/core"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { discoveredGroups } from "../../../src/wire/discovery/discovered.ts"
import { discoveryAnswer } from "../../../src/wire/discovery/discoveryAnswer.ts"
import { decodeProtobuf } from "../../../src/wire/protobuf.ts"

const accept =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"

const served = builtInResources().filter(({ resource, version }) => resource === "pods" || version === "v1")
const of = { groups: discoveredGroups(served, false), address: "127.0.0.1:6443" }

describe("discoveryAnswer", () => {
  it("C-189: gives one document to who asks for it, and the documents of old to all others", () => {
    const aggregated = discoveryAnswer("/apis", { accept }, of)
    expect(aggregated?.headers["content-type"]).toBe(
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    )
    expect(JSON.parse(String(aggregated?.body)).kind).toBe("APIGroupDiscoveryList")
    const legacy = discoveryAnswer("/apis", { accept: "application/json" }, of)
    expect(legacy?.headers).toEqual({ "content-type": "application/json" })
    expect(JSON.parse(String(legacy?.body)).kind).toBe("APIGroupList")
  })

  it("C-191: the document has a tag, and who has it is told so", () => {
    const first = discoveryAnswer("/api", { accept }, of)
    expect(first?.headers).toMatchObject({ vary: "Accept", "cache-control": "public" })
    expect(first?.headers["etag"]).toMatch(/^"[0-9A-F]{128}"$/)
    const again = discoveryAnswer("/api", { accept, ifNoneMatch: first?.headers["etag"] }, of)
    expect(again).toMatchObject({ code: 304, body: "", headers: { etag: first?.headers["etag"] } })
    const fewer = { ...of, groups: of.groups.slice(1) }
    expect(discoveryAnswer("/api", { accept, ifNoneMatch: first?.headers["etag"] }, fewer)?.code).toBe(200)
  })

  it("C-190: every group and version has a document of its own", () => {
    const kindAt = (path: string) => {
      const answer = discoveryAnswer(path, {}, of)
      return answer && JSON.parse(String(answer.body)).kind
    }
    expect(kindAt("/api")).toBe("APIVersions")
    expect(kindAt("/api/v1")).toBe("APIResourceList")
    expect(kindAt("/apis/apps")).toBe("APIGroup")
    expect(kindAt("/apis/apps/v1")).toBe("APIResourceList")
    for (const path of ["/api/v2", "/apis/example.com", "/apis/apps/v2", "/api/v1/pods", "/apis/apps/v1/x", "/"])
      expect(kindAt(path)).toBeUndefined()
  })

  it("is written in YAML, too", () => {
    const [json, yaml] = ["application/json", "application/yaml"].map((accepted) =>
      String(discoveryAnswer("/api/v1", { accept: accepted }, of)?.body)
    )
    expect(parse(yaml ?? "")).toEqual(JSON.parse(json ?? ""))
  })

  it("is written in protobuf, too", () => {
    const { body, headers } =
      discoveryAnswer("/apis/apps/v1", { accept: "application/vnd.kubernetes.protobuf" }, of) ?? {}
    expect(headers).toEqual({ "content-type": "application/vnd.kubernetes.protobuf" })
    const decoded = Result.getOrThrow(decodeProtobuf(Buffer.from(body ?? [])))
    expect(decoded).toMatchObject({ kind: "APIResourceList", apiVersion: "v1", groupVersion: "apps/v1" })
    const aggregated = "application/vnd.kubernetes.protobuf;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    const document = discoveryAnswer("/apis", { accept: aggregated }, of)
    expect(document?.headers["content-type"]).toBe(aggregated)
    expect(decodeProtobuf(Buffer.from(document?.body ?? [])).pipe(Result.isSuccess)).toBe(true)
  })

  it("C-180: refuses who takes nothing of that", () => {
    const refused = discoveryAnswer("/apis", { accept: "text/html" }, of)
    expect(refused).toMatchObject({ code: 406, headers: { "content-type": "application/json" } })
  })
})
