/** Which resource a path means. */
import { expect, test } from "vitest"
import { requestInfo } from "../../src/http/requestInfo.ts"

test("a path names a group, a version, a namespace, a resource, an object and what is written of it", () => {
  const core = { group: "", version: "v1", subresource: "", watch: false }
  expect(requestInfo("/api/v1/pods")).toEqual({ ...core, resource: "pods" })
  expect(requestInfo("/api/v1/namespaces/a/pods/p/log")).toEqual({
    ...core,
    namespace: "a",
    resource: "pods",
    name: "p",
    subresource: "log"
  })
  expect(requestInfo("/apis/apps/v1/namespaces/a/deployments/d")).toEqual({
    ...core,
    group: "apps",
    namespace: "a",
    resource: "deployments",
    name: "d"
  })
})

test("a namespace is an object too, and has subresources of its own", () => {
  const core = { group: "", version: "v1", resource: "namespaces", watch: false }
  expect(requestInfo("/api/v1/namespaces/a")).toEqual({ ...core, name: "a", subresource: "" })
  expect(requestInfo("/api/v1/namespaces/a/finalize")).toEqual({ ...core, name: "a", subresource: "finalize" })
})

test("old clients watch by the path", () => {
  expect(requestInfo("/api/v1/watch/namespaces/a/pods/p")).toMatchObject({
    namespace: "a",
    resource: "pods",
    name: "p",
    watch: true
  })
})

test("no path climbs out of its place, and none that is not well-formed means anything", () => {
  expect(requestInfo("/api/v1/namespaces/a/pods/..%2f..%2fsecrets")).toBeUndefined()
  expect(requestInfo("/api/v1/namespaces/../secrets/s")).toBeUndefined()
  expect(requestInfo("/api/v1/namespaces/a/pods/%")).toBeUndefined()
  expect(requestInfo("/version")).toBeUndefined()
  expect(requestInfo("/apis/apps")).toBeUndefined()
})
