import { describe, expect, it } from "vitest"
import { brokenOff, hookRequest, hookRequestEnd } from "../../../src/decide/kubelet/httpHook.ts"
import { container } from "./given.ts"

const web = container("web", { ports: [{ name: "http", containerPort: 8080 }] })
const asked = { scheme: "http", host: "10.88.0.2", port: 80, path: "/up" }

describe("S-156: the request of an HTTP hook", () => {
  it("goes to the pod, to a port by number or name, in the scheme that is given", () => {
    expect(hookRequest({ port: "http", path: "/up" }, web, "10.88.0.2")).toEqual({ ...asked, port: 8080 })
    expect(hookRequest({ port: 80, path: "/up", scheme: "HTTPS" }, web, "10.88.0.2")).toEqual({
      ...asked,
      scheme: "https"
    })
    expect(hookRequest({ port: "81", path: "/up" }, web, "10.88.0.2")).toEqual({ ...asked, port: 81 })
  })

  it("S-157: or to the host that is named", () => {
    expect(hookRequest({ port: 80, path: "/up", host: "localhost" }, web, undefined)).toEqual({
      ...asked,
      host: "localhost"
    })
  })

  it("is none without a port or a network", () => {
    expect(hookRequest({ port: "web" }, web, "10.88.0.2")).toBe('strconv.Atoi: parsing "web": invalid syntax')
    expect(hookRequest({ port: 0 }, web, "10.88.0.2")).toBe("invalid port number: 0")
    expect(hookRequest({ port: 80 }, web, undefined)).toBe("failed to find networking container")
  })
})

describe("K-092: how it ends", () => {
  it("any response is good, after the time that it takes", () => {
    expect(hookRequestEnd(asked, { _tag: "Response", takes: 3 })).toEqual({ _tag: "Ends", after: 3, error: undefined })
  })

  it("no response is not", () => {
    expect(hookRequestEnd(asked, { _tag: "Refused" })).toEqual({
      _tag: "Ends",
      after: 0,
      error: 'Get "http://10.88.0.2:80/up": dial tcp 10.88.0.2:80: connect: connection refused'
    })
    expect(hookRequestEnd(asked, { _tag: "NotHttp" }).error).toContain(
      'Get "http://10.88.0.2:80/up": net/http: HTTP/1.x'
    )
    expect(hookRequestEnd({ ...asked, host: "fd00::2" }, { _tag: "Silent" })).toEqual({
      _tag: "Hangs",
      error: 'Get "http://[fd00::2]:80/up": EOF'
    })
    expect(brokenOff(asked)).toBe('Get "http://10.88.0.2:80/up": EOF')
  })
})
