/** The generated table of Kubernetes' types: equal to the Go sources where they are installed (`vitest -u` writes it anew). */
import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { describe, expect, it } from "vitest"
import { goTypes } from "../../../src/decide/apiserver/goTypes.ts"
import { goSources, goStructsSource, goTypesSource, patchStrategiesSource } from "./readGoTypes.ts"

const cache = process.env["GOMODCACHE"] ?? `${homedir()}/go/pkg/mod`
const installed = goSources.every((file) => existsSync(`${cache}/${file}`))

describe("goTypes", () => {
  it.skipIf(!installed)("is what the Go sources of Kubernetes 1.36.3 say", async () => {
    await expect(goTypesSource(cache)).toMatchFileSnapshot("../../../src/decide/apiserver/goTypes.ts")
  })

  it.skipIf(!installed)("the merge keys of its lists are those of the Go sources", async () => {
    await expect(patchStrategiesSource(cache)).toMatchFileSnapshot("../../../src/decide/apiserver/patchStrategies.ts")
  })

  it.skipIf(!installed)("the structs of a pod template and of Endpoints are those of the Go sources", async () => {
    await expect(goStructsSource(cache)).toMatchFileSnapshot("../../../src/decide/apiserver/goStructs.ts")
  })

  it("names only types that it has", () => {
    const scalars = new Set([
      "string",
      "bool",
      "int32",
      "int64",
      "float64",
      "bytes",
      "Quantity",
      "IntOrString",
      "Time",
      "MicroTime",
      "Any"
    ])
    const named = Object.values(goTypes).flatMap((line) =>
      line.startsWith("=")
        ? [line.slice(1)]
        : line === ""
          ? []
          : line.split(", ").map((field) => field.split(" ")[1] ?? "")
    )
    const missing = named
      .map((type) => type.replace(/^(?:\*|\[\]|\{\})+/, ""))
      .filter((type) => !scalars.has(type) && !Object.hasOwn(goTypes, type))
    expect(missing).toEqual([])
  })
})
