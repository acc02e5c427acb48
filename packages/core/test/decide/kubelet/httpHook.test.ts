import { describe, expect, it } from "vitest"
import type { HttpTarget } from "../../../src/decide/kubelet/httpGet.ts"
import { hookRequest, hookRequestEnd } from "../../../src/decide/kubelet/httpHook.ts"
import type { HttpReply } from "../../../src/decide/kubelet/replies.ts"
import { container } from "./given.ts"

const web = container("web", { ports: [{ name: "http", containerPort: 8080 }] })
const asked = { scheme: "http", host: "10.88.0.2", port: 80, path: "/up" }
const response = (status: number, more: object = {}): HttpReply => ({
  _tag: "Response",
  status,
  takes: 0,
  body: "",
  location: undefined,
  ...more
})

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
  const end = (reply: HttpReply, request: HttpTarget = asked) => hookRequestEnd(request, () => reply)

  it("any response is good, after the time that it takes", () => {
    expect(end(response(500, { takes: 3 }))).toMatchObject({ after: 3, error: undefined })
  })

  it("no response is not", () => {
    expect(end({ _tag: "Refused" })).toMatchObject({
      after: 0,
      error: 'Get "http://10.88.0.2:80/up": dial tcp 10.88.0.2:80: connect: connection refused'
    })
    expect(end({ _tag: "NotHttp" }).error).toContain('Get "http://10.88.0.2:80/up": net/http: HTTP/1.x')
    expect(end({ _tag: "NotHttp" }, { ...asked, scheme: "https" }).error).toBe(
      'Get "https://10.88.0.2:80/up": tls: first record does not look like a TLS handshake'
    )
  })

  it("there is no time limit: a server that says nothing is waited for until it is gone", () => {
    expect(end({ _tag: "Silent" }, { ...asked, host: "fd00::2" })).toEqual({
      after: Number.POSITIVE_INFINITY,
      error: undefined,
      broken: 'Get "http://[fd00::2]:80/up": EOF'
    })
  })

  it("redirects are followed within the host, ten at most", () => {
    const seen: Array<string> = []
    const through = (location: string, last: HttpReply) =>
      hookRequestEnd(asked, ({ host, path, port, scheme }) => {
        seen.push(`${scheme}://${host}:${port}${path}`)
        return path === "/up" ? response(302, { location, takes: 2 }) : last
      })
    expect(through("/next", response(200, { takes: 3 }))).toMatchObject({ after: 5, error: undefined })
    expect(seen.splice(0)).toEqual(["http://10.88.0.2:80/up", "http://10.88.0.2:80/next"])
    expect(through("next", { _tag: "Refused" }).error).toBe(
      'Get "http://10.88.0.2:80/next": dial tcp 10.88.0.2:80: connect: connection refused'
    )
    expect(through("http://elsewhere/", { _tag: "Refused" }).error).toBeUndefined()
    expect(through("/up", response(200)).error).toBe('Get "/up": stopped after 10 redirects')
  })

  it("with TLS to a server without it is repeated without", () => {
    const secure = { ...asked, scheme: "https" }
    const plain = (answer: HttpReply) =>
      hookRequestEnd(secure, ({ scheme }) => (scheme === "https" ? { _tag: "PlainHttp" } : answer))
    const error = 'Get "https://10.88.0.2:80/up": http: server gave HTTP response to HTTPS client'
    expect(plain(response(404, { takes: 4 }))).toEqual({ after: 4, error: undefined, broken: error })
    expect(plain({ _tag: "Refused" })).toMatchObject({ after: 0, error })
    expect(plain({ _tag: "Silent" })).toMatchObject({ after: Number.POSITIVE_INFINITY, broken: error })
  })
})
