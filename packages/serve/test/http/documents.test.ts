/** Reviews and documents as clients ask for them, over HTTP. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { decodeProtobuf, encodeProtobuf } from "../../src/wire/protobuf.ts"
import { changed, pod, serving } from "../serving.ts"

const review = {
  kind: "SelfSubjectAccessReview",
  apiVersion: "authorization.k8s.io/v1",
  metadata: {},
  spec: { resourceAttributes: { namespace: "shop", verb: "delete", resource: "pods" } }
}

const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

describe("a served past", () => {
  it("C-199: answers a review of access, although nothing can be written", async () => {
    const { ask } = await serving([changed("01", "ADDED", pod("a", 1))])
    const answer = await ask(path, { method: "POST", body: JSON.stringify(review) })
    expect(answer.status).toBe(201)
    expect(JSON.parse(answer.body)).toMatchObject({ status: { allowed: false, reason: "the past is read-only" } })
    expect((await ask(path)).status).toBe(405)
  })

  it("reads the review as protobuf, as kubectl sends it", async () => {
    const { ask } = await serving([changed("01", "ADDED", pod("a", 1))])
    const body = Buffer.from(encodeProtobuf(review) ?? []).toString("latin1")
    expect(Result.isSuccess(decodeProtobuf(Buffer.from(body, "latin1")))).toBe(true)
    const type = "application/vnd.kubernetes.protobuf"
    const answer = await ask(path, { method: "POST", body, type })
    expect(JSON.parse(answer.body)).toMatchObject({ spec: review.spec, status: { allowed: false } })
  })

  it("C-183: gives metadata of one object for one, and of a list for a list", async () => {
    const { ask, json } = await serving([changed("01", "ADDED", pod("a", 1))])
    const accept = (as: string) => `application/json;as=${as};v=v1;g=meta.k8s.io`
    const [list, one] = ["/api/v1/namespaces/shop/pods", "/api/v1/namespaces/shop/pods/a"] as const
    const refused = await ask(list, { accept: accept("PartialObjectMetadata") })
    expect(refused.status).toBe(406)
    expect(JSON.parse(refused.body).message).toBe(
      "you requested PartialObjectMetadata, but the requested object is a list (*core.PodList)"
    )
    expect((await json(one, { accept: accept("PartialObjectMetadataList") }))["message"]).toBe(
      "you requested PartialObjectMetadataList, but the requested object is not a list (*core.Pod)"
    )
    expect((await json(list, { accept: accept("PartialObjectMetadataList") }))["kind"]).toBe(
      "PartialObjectMetadataList"
    )
  })

  it("C-194: serves OpenAPI below a moment, too", async () => {
    const { json } = await serving([changed("01", "ADDED", pod("a", 1))])
    const index = await json("/at/start/openapi/v3")
    expect(Object.keys(index["paths"] as object)).toContain("api/v1")
    const document = await json("/at/start/openapi/v3/api/v1")
    expect(document["openapi"]).toBe("3.0.0")
  })
})
