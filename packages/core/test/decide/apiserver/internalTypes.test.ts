/** The generated table of internal types: equal to the Go sources where they are installed (`vitest -u` writes it anew). */
import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { describe, expect, it } from "vitest"
import { internalSources, internalTypesSource } from "./readInternalTypes.ts"

const cache = process.env["GOMODCACHE"] ?? `${homedir()}/go/pkg/mod`
const installed = internalSources.every((file) => existsSync(`${cache}/${file}`))

describe("internalTypes", () => {
  it.skipIf(!installed)("is what the Go sources of Kubernetes 1.36.3 say", async () => {
    await expect(internalTypesSource(cache)).toMatchFileSnapshot("../../../src/decide/apiserver/internalTypes.ts")
  })
})
