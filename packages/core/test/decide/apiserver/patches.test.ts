/** The three kinds of patches, against what Kubernetes' own Go code makes of the same ones (`goPatches.json`). */
import { readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { jsonPatch } from "../../../src/decide/apiserver/jsonPatch.ts"
import { mergePatch } from "../../../src/decide/apiserver/mergePatch.ts"
import { patchObject } from "../../../src/decide/apiserver/patchObject.ts"
import { pods } from "../../../src/decide/apiserver/status.ts"
import { strategicMergePatch } from "../../../src/decide/apiserver/strategicMergePatch.ts"
import type { Json, JsonObject } from "../../../src/event/Json.ts"
import { manifest, stored } from "./pods.ts"

interface Case {
  readonly patch: Json
  readonly result?: Json
  readonly error?: string
}

interface Golden {
  readonly pod: JsonObject
  readonly strategic: ReadonlyArray<Case>
  readonly document: Json
  readonly json: ReadonlyArray<Case>
}

const golden: Golden = JSON.parse(readFileSync(new URL("./goPatches.json", import.meta.url), "utf8"))
const named = (cases: ReadonlyArray<Case>) => cases.map((one) => ({ ...one, name: JSON.stringify(one.patch) }))

describe("a strategic merge patch", () => {
  it.each(named(golden.strategic))("is merged as StrategicMergePatch does: $name", ({ error, patch, result }) => {
    const merged = strategicMergePatch(golden.pod, patch as JsonObject, "Pod")
    if (error === undefined) expect(Result.getOrThrow(merged)).toEqual(result)
    else expect(Result.isFailure(merged) && merged.failure.message).toBe(error)
  })
})

describe("a JSON patch", () => {
  it.each(named(golden.json))("applies where evanphx/json-patch applies it: $name", ({ error, patch, result }) => {
    const patched = jsonPatch(golden.document, patch as ReadonlyArray<Json>)
    if (error === undefined) expect(patched).toEqual(result)
    else expect(patched).toBeUndefined()
  })
})

describe("a merge patch", () => {
  it("takes away what is null, replaces lists and merges the rest (RFC 7386)", () => {
    const target = { a: "b", c: { d: "e", f: "g" }, list: [1, 2] }
    expect(mergePatch(target, { a: "z", c: { f: null }, list: [3], n: { x: null } })).toEqual({
      a: "z",
      c: { d: "e" },
      list: [3],
      n: {}
    })
  })
})

describe("PATCH of a pod", () => {
  const pod = stored(manifest())
  const refusal = (type: "merge" | "strategic" | "json", body: Json) => {
    const patched = patchObject(pod, { type, body }, pods)
    return Result.isFailure(patched) ? `${patched.failure.code} ${patched.failure.message}` : "200"
  }

  it.each([
    ["a stale resourceVersion", "merge", { metadata: { resourceVersion: "5" } }, "409", "has been modified"],
    ["another name", "merge", { metadata: { name: "q" } }, "400", "the name of the object (q) does not match"],
    ["another namespace", "merge", { metadata: { namespace: "x" } }, "400", "namespace of the provided object"],
    [
      "an unknown field",
      "strategic",
      { spec: { foo: 1 } },
      "422",
      '"map[spec:map[foo:1]]": strict decoding error: unknown field "spec.foo"'
    ],
    ["a wrong type", "strategic", { spec: { nodeName: 1 } }, "422", "cannot convert int64 to string"],
    ["a body that is no list", "json", {}, "400", "error decoding patch: json: cannot unmarshal object"],
    ["a body that is no mapping", "merge", [], "400", "error decoding patch: json: cannot unmarshal array"],
    [
      "an operation that does not apply",
      "json",
      [{ op: "remove", path: "/x" }],
      "422",
      "the server rejected our request due to an error in our request"
    ],
    ["an item without its key", "strategic", { spec: { containers: [{}] } }, "500", "declared merge key: name"]
  ] as const)("is refused for %s", (...[, type, body, code, message]) => {
    expect(refusal(type, body as Json)).toMatch(new RegExp(`^${code} `))
    expect(refusal(type, body as Json)).toContain(message)
  })
})
