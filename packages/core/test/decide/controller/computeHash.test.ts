/** The hash of a pod template is the one that Kubernetes gives it. */
import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { computeHash, safeEncode } from "../../../src/decide/controller/computeHash.ts"
import { dumpForHash } from "../../../src/decide/controller/dumpForHash.ts"
import { dumpQuantity } from "../../../src/decide/controller/dumpQuantity.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { recordedVersions } from "../../recordedVersions.ts"

/** Templates with every kind of field, made at random, and what Go printed and hashed (`ComputeHash` of Kubernetes 1.36.3). */
const printed: ReadonlyArray<{ readonly hash: string; readonly text: string; readonly template: JsonObject }> =
  JSON.parse(readFileSync(new URL("./podTemplateHashes.json", import.meta.url), "utf8"))

describe("pod-template-hash", () => {
  it("C-266: is the one that Kubernetes gave every ReplicaSet of every recording", () => {
    const hashes = new Map<string, string>()
    for (const { metadata, spec } of recordedVersions("ReplicaSet")) {
      const given = metadata.labels?.["pod-template-hash"]
      const template = (spec as JsonObject)["template"] as JsonObject
      const { "pod-template-hash": _, ...labels } = (template["metadata"] as JsonObject)["labels"] as JsonObject
      const own = { ...template, metadata: { ...(template["metadata"] as JsonObject), labels } }
      if (given !== undefined) hashes.set(given, computeHash(own))
    }
    expect(hashes.size).toBeGreaterThan(10)
    expect([...hashes.values()]).toEqual([...hashes.keys()])
  })

  it.each(printed.map(({ hash, template, text }) => [hash, template, text] as const))(
    "C-266: %s is that of a template in which everything may be set",
    (hash, template, text) => {
      expect(dumpForHash("PodTemplateSpec", template)).toBe(text)
      expect(computeHash(template)).toBe(hash)
    }
  )

  it("C-266: is another one after each collision", () => {
    const counts = [undefined, 0, 1, 2, 256]
    expect(new Set(counts.map((count) => computeHash({}, count))).size).toBe(counts.length)
  })

  it("C-266: is made of letters and digits that make no words", () => {
    fc.assert(fc.property(fc.string(), (text) => /^[bcdfghjklmnpqrstvwxz2456789]*$/.test(safeEncode(text))))
    expect(safeEncode("0123456789")).toBe("456789bcdf")
  })

  it("does not depend on the order of fields and labels", () => {
    const [a, b] = [
      { metadata: { labels: { a: "1", b: "2" } }, spec: { nodeName: "n", hostIPC: true } },
      { spec: { hostIPC: true, nodeName: "n" }, metadata: { labels: { b: "2", a: "1" } } }
    ]
    expect(computeHash(a)).toBe(computeHash(b))
  })
})

describe("a quantity in memory", () => {
  it("is no text that is none", () => {
    expect(() => dumpQuantity("x")).toThrow("x is no quantity")
  })
})
