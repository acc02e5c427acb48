/** Kubernetes' own samples of every kind, in JSON and in protobuf (`k8s.io/api/testdata`), where they are installed. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { homedir } from "node:os"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { typeOfKind } from "../../src/wire/protobuf/fields.ts"
import { decodeProtobuf, encodeProtobuf } from "../../src/wire/protobuf.ts"

const cache = process.env["GOMODCACHE"] ?? `${homedir()}/go/pkg/mod`
const samples = `${cache}/k8s.io/api@v0.36.3/testdata/HEAD`
const known = globSync("*.pb", { cwd: samples })
  .map((file) => file.slice(0, -3))
  .flatMap((name) => {
    const json = JSON.parse(readFileSync(`${samples}/${name}.json`, "utf8"))
    return typeOfKind(json.apiVersion, json.kind) === undefined ? [] : [{ name, json }]
  })

describe.skipIf(!existsSync(samples))("every kind that is served", () => {
  it("has a sample", () => {
    expect(known.length).toBeGreaterThan(100)
  })

  it.each(known)("$name is read as Go reads it", ({ json, name }) => {
    const bytes = readFileSync(`${samples}/${name}.pb`)
    const decoded = decodeProtobuf(bytes)
    expect(decoded).toEqual(Result.succeed(json))
    expect(JSON.stringify(Result.getOrThrow(decoded))).toBe(JSON.stringify(json))
  })

  it.each(known)("$name is written as Go writes it", ({ json, name }) => {
    const bytes = readFileSync(`${samples}/${name}.pb`)
    expect(Buffer.from(encodeProtobuf(json) ?? []).toString("hex")).toBe(bytes.toString("hex"))
  })
})
