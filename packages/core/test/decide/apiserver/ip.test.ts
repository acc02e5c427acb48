import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { canonicalIpErrors, cidrErrors, endpointIpErrors, ipErrors, parseIp } from "../../../src/decide/apiserver/ip.ts"

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
    ["10.0.0.0/8", 0],
    ["fd00::/64", 0],
    ["10.1.2.3", 1],
    ["10.0.0.0/33", 1],
    ["10.0.0.0/a", 1]
  ])("%s is a network or not", (text, errors) => expect(cidrErrors(text, "f")).toHaveLength(errors))

  it.each([
    ["010.0.0.1", "must not have leading 0s"],
    ["::ffff:10.0.0.1", "must not be an IPv4-mapped IPv6 address"],
    ["2001:DB8:0:0::1", undefined],
    ["0.0.0.0", undefined]
  ])("%s is an address that everybody reads alike, or says why not", (text, why) => {
    expect(ipErrors(text, "f").map(({ body }) => body)).toEqual(why === undefined ? [] : [expect.stringContaining(why)])
  })

  it.each([
    ["010.0.0.0/8", "must not have leading 0s in IP or prefix length"],
    ["10.0.0.0/08", "must not have leading 0s in IP or prefix length"],
    ["::ffff:10.0.0.0/120", "must not have an IPv4-mapped IPv6 address"],
    ["10.0.0.1/8", "must not have bits set beyond the prefix length"],
    ["2001:db8:0:0::1/64", "must not have bits set beyond the prefix length"]
  ])("%s is no network: %s", (text, why) => {
    expect(cidrErrors(text, "f").map(({ body }) => body)).toEqual([expect.stringContaining(why)])
  })

  it.each([
    ["2001:db8:0:0::1", "2001:db8::1"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["FE80::A", "fe80::a"],
    ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"]
  ])("%s has one form that is the right one: %s", (text, form) => {
    const errors = canonicalIpErrors(text, "f").map(({ body }) => body)
    expect(errors).toEqual(text === form ? [] : [expect.stringContaining(`must be in canonical form ("${form}")`)])
  })

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
