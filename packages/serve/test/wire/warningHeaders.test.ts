import { describe, expect, it } from "vitest"
import { warningHeaders } from "../../src/wire/warningHeaders.ts"

describe("warningHeaders", () => {
  it("C-186: quotes what is said, once", () => {
    expect(warningHeaders(['a "b" \\c', "", "d", 'a "b" \\c'])).toEqual(['299 - "a \\"b\\" \\\\c"', '299 - "d"'])
  })

  it("C-186: cuts each when all are too long together", () => {
    const long = (letter: string) => letter.repeat(2_000)
    expect(warningHeaders([long("a"), long("b")]).map(({ length }) => length)).toEqual([2_008, 2_008])
    expect(warningHeaders([long("a"), long("b"), long("c")])).toEqual(
      ["a", "b", "c"].map((letter) => `299 - "${letter.repeat(256)}"`)
    )
    const many = Array.from({ length: 100 }, (_, i) => `${i} ${long("x")}`)
    expect(warningHeaders(many)).toHaveLength(16)
  })

  it("C-186: sends UTF-8, without control characters", () => {
    expect(warningHeaders(["a\r\nb", "\u0007"])).toEqual(['299 - "a b"'])
    const [header = ""] = warningHeaders(["für 世界"])
    expect(Buffer.from(header, "latin1").toString("utf8")).toBe('299 - "für 世界"')
  })
})
