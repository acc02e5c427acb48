/** The generated table of merge types: equal to the published schema where Kubernetes' sources are installed (`vitest -u` writes it anew). */
import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { describe, expect, it } from "vitest"
import { mergeTypesSource, schemaSource } from "./readMergeTypes.ts"

const cache = process.env["GOMODCACHE"] ?? `${homedir()}/go/pkg/mod`

describe("mergeTypes", () => {
  it.skipIf(!existsSync(`${cache}/${schemaSource}`))("is what the schema of Kubernetes 1.36.3 says", async () => {
    await expect(mergeTypesSource(cache)).toMatchFileSnapshot(
      "../../../../src/decide/apiserver/managedfields/mergeTypes.ts"
    )
  })
})
