import { describe, expect, it } from "vitest"
import { sentWarnings } from "../../../src/decide/apiserver/warnings/sentWarnings.ts"

describe("the warnings that a client gets", () => {
  it("are those that were thought of, each once and in order", () => {
    expect(sentWarnings(["b", "a", "", "b"])).toEqual(["b", "a"])
  })

  it("have no control characters", () => {
    expect(sentWarnings(["a\nb", "c"])).toEqual(["c"])
  })

  it("are whole up to 4096 characters, and cut to 256 each beyond that", () => {
    const long = (n: number, first: string) => first.padEnd(n, "x")
    expect(sentWarnings([long(4000, "a"), long(96, "b")])).toEqual([long(4000, "a"), long(96, "b")])
    expect(sentWarnings([long(4000, "a"), long(97, "b")])).toEqual([long(256, "a"), long(97, "b")])
    const many = Array.from({ length: 40 }, (_, i) => long(300, `${i} `))
    expect(sentWarnings(many)).toEqual(many.slice(0, 16).map((text) => text.slice(0, 256)))
  })
})
