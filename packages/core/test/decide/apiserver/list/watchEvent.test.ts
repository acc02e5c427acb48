/** What a watch tells. */
import { describe, expect, it } from "vitest"
import { expiredWatch } from "../../../../src/decide/apiserver/list/expired.ts"
import { errorEvent, selectedChange } from "../../../../src/decide/apiserver/list/watchEvent.ts"
import {
  tooLargeResourceVersion,
  tooOldResourceVersion
} from "../../../../src/decide/apiserver/resourceVersionErrors.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"

const pod = (resourceVersion: string, app: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", resourceVersion, labels: { app } }
})
const isWeb = ({ metadata }: KubernetesObject) => metadata.labels?.["app"] === "web"

describe("C-174: who watches with a selector", () => {
  const [web, other] = [pod("5", "web"), pod("6", "other")]

  it("is told of what comes into the selection as new", () => {
    const back = pod("7", "web")
    expect(selectedChange({ type: "MODIFIED", object: back, previous: other }, isWeb)).toEqual({
      type: "ADDED",
      object: back
    })
    expect(selectedChange({ type: "ADDED", object: web }, isWeb)).toEqual({ type: "ADDED", object: web })
  })

  it("is told of what leaves it as gone: the version that was selected, with the new resourceVersion", () => {
    expect(selectedChange({ type: "MODIFIED", object: other, previous: web }, isWeb)).toEqual({
      type: "DELETED",
      object: pod("6", "web")
    })
  })

  it("is told of what stays as it is", () => {
    const next = pod("8", "web")
    expect(selectedChange({ type: "MODIFIED", object: next, previous: web }, isWeb)).toEqual({
      type: "MODIFIED",
      object: next
    })
  })

  it("is not told of what was never selected, nor of its end", () => {
    expect(selectedChange({ type: "ADDED", object: other }, isWeb)).toBeUndefined()
    expect(selectedChange({ type: "MODIFIED", object: pod("9", "x"), previous: other }, isWeb)).toBeUndefined()
    expect(selectedChange({ type: "DELETED", object: pod("9", "other"), previous: other }, isWeb)).toBeUndefined()
  })

  it("C-136, C-175: is told of a deletion with the last version and the deletion's resourceVersion", () => {
    const gone = pod("9", "web")
    expect(selectedChange({ type: "DELETED", object: gone, previous: web }, isWeb)).toEqual({
      type: "DELETED",
      object: gone
    })
    expect(selectedChange({ type: "DELETED", object: gone }, isWeb)).toEqual({ type: "DELETED", object: gone })
  })
})

describe("C-172, C-173: the frame that ends a watch", () => {
  it("is a Status of 410, exactly", () => {
    expect(JSON.stringify(errorEvent(tooOldResourceVersion("5", "900")))).toBe(
      '{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version: 5 (900)","reason":"Expired","code":410}}'
    )
    expect(expiredWatch.message).toBe("The resourceVersion for the provided watch is too old.")
  })
})

describe("C-162: a version that has not come yet", () => {
  it("is a timeout that says when to ask again, whatever the size of the numbers", () => {
    expect(tooLargeResourceVersion("9007199254740993", "7")).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "Timeout: Too large resource version: 9007199254740993, current: 7",
      reason: "Timeout",
      details: {
        causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
        retryAfterSeconds: 1
      },
      code: 504
    })
  })
})
