/** The generated table of wire types: equal to the Go sources where they are installed (`vitest -u` writes it anew). */
import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { describe, expect, it } from "vitest"
import { protobufSources, protobufTypesSource } from "./readProtobufTypes.ts"

const cache = process.env["GOMODCACHE"] ?? `${homedir()}/go/pkg/mod`
const installed = protobufSources.every((folder) => existsSync(`${cache}/${folder}`))

describe("protobufTypes", () => {
  it.skipIf(!installed)("is what the Go sources of Kubernetes 1.36.3 say", async () => {
    await expect(protobufTypesSource(cache)).toMatchFileSnapshot("../../../src/wire/protobuf/protobufTypes.ts")
  })
})
