import { decodeScenario } from "@kubereel/core"
import { chaosDocument } from "@kubereel/core/testing/scenario"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { failureDocument, failureText, type Provenance, provenanceOf } from "../../src/index.ts"

const full: Provenance = {
  property: "container/crash-leads-to-restart",
  seed: -1_699,
  path: "0:3:0",
  versions: { kubereel: "0.1.0", kubernetes: "v1.36.3" },
  digest: "5c1f"
}

describe("a saved failure", () => {
  it.each([full, { property: "L10" }])("says where it came from, and can be asked for it: %o", (provenance) => {
    const read = parse(failureText(failureDocument(chaosDocument(1, 0, "small"), provenance)))
    expect(provenanceOf(read)).toEqual(provenance)
  })

  it("is the scenario that it was, to whoever plays it", () => {
    for (let i = 0; i < 30; i++) {
      const document = chaosDocument(1, i, "small")
      const text = failureText(failureDocument(document, full))
      const [saved, given] = [decodeScenario(parse(text)), decodeScenario(document)].map((one) =>
        Result.getOrThrow(one)
      )
      expect({ ...saved, description: "" }).toEqual(given)
      expect(saved?.description).toContain("container/crash-leads-to-restart: ")
      // Anchors would be of no use to whoever reads it.
      expect(text).not.toMatch(/[&*]a\d/)
    }
  })

  it("any other scenario is none", () => {
    expect(provenanceOf(chaosDocument(1, 0))).toBe(undefined)
  })
})
