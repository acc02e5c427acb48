import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { fromYaml, toYaml } from "../../src/wire/yaml.ts"

describe("fromYaml", () => {
  it("reads what Go reads", () => {
    const text = "a: 2026-01-01\nb: yes\nc: 0755\nd: 12:30\ne: &x {q: 1}\nf: {<<: *x, r: 2}\n"
    const expected = { a: "2026-01-01", b: true, c: 493, d: "12:30", e: { q: 1 }, f: { q: 1, r: 2 } }
    expect(fromYaml(text)).toEqual(Result.succeed(expected))
  })

  it("says what is wrong", () => {
    expect(fromYaml("- a")).toEqual(Result.fail("the body of the request is no object"))
    const refused = fromYaml("a: [")
    expect(Result.isFailure(refused) && refused.failure).toMatch(/^error converting YAML to JSON: /)
  })
})

describe("toYaml", () => {
  it("writes texts that other readers would take for something else as texts", () => {
    const object = { kind: "X", b: "yes", a: "1", c: "0755", d: "2026-01-01", e: "line\nline", f: "null" }
    expect(toYaml(object)).toMatch(/^a: "1"\nb: "yes"\n/)
    expect(fromYaml(toYaml(object))).toEqual(Result.succeed(object))
  })
})
