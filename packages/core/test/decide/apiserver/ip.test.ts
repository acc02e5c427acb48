import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { cidrErrors, endpointIpErrors, parseIp } from "../../../src/decide/apiserver/ip.ts"

describe("IP addresses", () => {
  it("are read whatever their family", () => {
    fc.assert(fc.property(fc.ipV4(), (text) => parseIp(text)?.bytes.join(".") === text))
    fc.assert(fc.property(fc.ipV6(), (text) => [4, 16].includes(parseIp(text)?.bytes.length ?? 0)))
  })

  it.each(["", "10.1.2", "10.1.2.256", "10.1.2.3.4", "a", "1:2", ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7:8:9"])(
    "%j is none",
    (text) => expect(parseIp(text)).toBeUndefined()
  )

  it.each([
    ["10.1.2.3/8", 0],
    ["fd00::/64", 0],
    ["10.1.2.3", 1],
    ["10.0.0.0/33", 1],
    ["10.0.0.0/a", 1]
  ])("%s is a network or not", (text, errors) => expect(cidrErrors(text, "f")).toHaveLength(errors))

  it.each([
    ["0.0.0.0", "unspecified"],
    ["::", "unspecified"],
    ["127.1.2.3", "loopback"],
    ["::1", "loopback"],
    ["169.254.1.1", "link-local range"],
    ["fe80::1", "link-local range"],
    ["224.0.0.1", "link-local multicast"],
    ["ff02::1", "link-local multicast"]
  ])("%s is nobody's endpoint: %s", (text, why) => {
    expect(endpointIpErrors(text, "f").map(({ body }) => body)).toEqual([expect.stringContaining(why)])
  })
})
