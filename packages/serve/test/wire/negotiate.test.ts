import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { contentType, negotiate, negotiateBody, negotiateStatus } from "../../src/wire/negotiate.ts"
import { parseAccept } from "../../src/wire/parseAccept.ts"

const objects = { transforms: "objects" } as const
const plain = { stream: false, pretty: false }

/** As kubectl 1.36 sends it with `kubectl get`. */
const table =
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json"

/** As client-go sends it for discovery. */
const discovery =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"

const formatOf = (header: string) =>
  Result.match(negotiate(header, objects), { onSuccess: ({ format }) => format, onFailure: ({ code }) => code })

describe("negotiate", () => {
  it("C-180: the first clause that can be had decides, by its weight", () => {
    expect(formatOf("application/vnd.kubernetes.protobuf,application/json")).toBe("protobuf")
    expect(formatOf("application/vnd.kubernetes.protobuf;q=0.5,application/json")).toBe("json")
    expect(formatOf("text/html, application/yaml;q=0.9, application/json;q=0.8")).toBe("yaml")
    expect(formatOf("*/*")).toBe("json")
    expect(formatOf("application/*, application/yaml")).toBe("yaml")
    expect(formatOf("application/cbor, application/vnd.kubernetes.protobuf")).toBe("protobuf")
  })

  it("C-180: without a header the answer is JSON", () => {
    expect(negotiate(undefined, objects)).toEqual(Result.succeed({ format: "json", ...plain }))
    expect(negotiate("", objects)).toEqual(Result.succeed({ format: "json", ...plain }))
  })

  it("C-180: who takes nothing that there is gets a 406", () => {
    const refused = negotiate("application/cbor, text/html", objects)
    expect(refused).toEqual(
      Result.fail({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message:
          "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf",
        reason: "NotAcceptable",
        code: 406
      })
    )
  })

  it("a watch has no frames in YAML", () => {
    const refused = negotiate("application/yaml", objects, true)
    expect(Result.isFailure(refused) && refused.failure.message).toBe(
      "only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"
    )
    expect(negotiate("application/yaml;stream=watch, application/json", objects, true)).toEqual(
      Result.succeed({ format: "json", ...plain })
    )
    expect(negotiate("application/json;stream=watch", objects, true)).toEqual(
      Result.succeed({ format: "json", stream: true, pretty: false })
    )
  })

  it("C-183: a Table is had in JSON and YAML, metadata in everything", () => {
    expect(negotiate(table, objects)).toEqual(Result.succeed({ format: "json", as: "Table", version: "v1", ...plain }))
    expect(
      negotiate("application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json", objects)
    ).toEqual(Result.succeed({ format: "json", ...plain }))
    const metadata = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
    expect(negotiate(metadata, { ...objects, protobuf: false })).toEqual(
      Result.succeed({ format: "protobuf", as: "PartialObjectMetadataList", version: "v1", ...plain })
    )
    expect(Result.isFailure(negotiate("application/json;as=Table;v=v2;g=meta.k8s.io", objects))).toBe(true)
    expect(Result.isFailure(negotiate("application/json;as=Pod;v=v1;g=meta.k8s.io", objects))).toBe(true)
  })

  it("custom resources are not had in protobuf", () => {
    const header = "application/vnd.kubernetes.protobuf,application/json"
    expect(negotiate(header, { ...objects, protobuf: false })).toEqual(Result.succeed({ format: "json", ...plain }))
  })

  it("C-189: the one document of discovery is for those who ask for it", () => {
    expect(negotiate(discovery, { transforms: "discovery" })).toEqual(
      Result.succeed({ format: "json", as: "APIGroupDiscoveryList", version: "v2", ...plain })
    )
    expect(Result.isFailure(negotiate("application/json", { transforms: "discovery" }))).toBe(true)
    expect(negotiate(discovery, { transforms: "none" })).toEqual(Result.succeed({ format: "json", ...plain }))
  })

  it("a Status is written for everybody", () => {
    expect(negotiateStatus("application/json;as=Table;v=v1;g=meta.k8s.io", {}).format).toBe("json")
    expect(negotiateStatus("application/vnd.kubernetes.protobuf", {}).format).toBe("protobuf")
  })

  it("C-182: people get JSON with line breaks", () => {
    const pretty = (userAgent: string, asked?: string) =>
      Result.map(negotiate(undefined, { ...objects, userAgent, pretty: asked }), (accepted) => accepted.pretty)
    expect(pretty("curl/8.5.0")).toEqual(Result.succeed(true))
    expect(pretty("Mozilla/5.0 (X11)")).toEqual(Result.succeed(true))
    expect(pretty("kubectl/v1.36.3")).toEqual(Result.succeed(false))
    expect(pretty("kubectl/v1.36.3", "true")).toEqual(Result.succeed(true))
    expect(pretty("curl/8.5.0", "0")).toEqual(Result.succeed(false))
  })
})

describe("negotiateBody", () => {
  it("C-181: knows what a body is written in, and refuses the rest", () => {
    expect(negotiateBody(undefined)).toEqual(Result.succeed("json"))
    expect(negotiateBody("Application/JSON; charset=utf-8")).toEqual(Result.succeed("json"))
    expect(negotiateBody("application/yaml")).toEqual(Result.succeed("yaml"))
    expect(negotiateBody("application/vnd.kubernetes.protobuf")).toEqual(Result.succeed("protobuf"))
    const refused = negotiateBody("text/plain")
    expect(Result.isFailure(refused) && refused.failure).toMatchObject({
      code: 415,
      reason: "UnsupportedMediaType",
      message:
        "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"
    })
    expect(Result.isFailure(negotiateBody("application/json; charset"))).toBe(true)
  })
})

describe("contentType", () => {
  it("names the frames of a watch in protobuf only", () => {
    expect(contentType({ format: "json", ...plain }, true)).toBe("application/json")
    expect(contentType({ format: "protobuf", ...plain }, true)).toBe("application/vnd.kubernetes.protobuf;stream=watch")
  })

  it("C-189: names the document of discovery", () => {
    expect(contentType({ format: "json", as: "APIGroupDiscoveryList", version: "v2", ...plain })).toBe(
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    )
  })
})

describe("parseAccept", () => {
  it("leaves out what cannot be read", () => {
    expect(parseAccept("json, , a/b/c, text/plain;q=x;level")).toEqual([
      { type: "text", subType: "plain", q: 0, parameters: new Map() }
    ])
    expect(parseAccept("*")).toEqual([{ type: "*", subType: "*", q: 1, parameters: new Map() }])
  })
})
